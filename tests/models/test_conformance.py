"""One suite for all engines, each with the real model behind it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from models.engines import Kind, Pet, question
from models.real_servers import CONTEXT_TOKENS, real_engine
from selfheal.contract.engine import Engine, Forced, Given, ModelAnswer, ModelFailure, ModelFault, ModelIdentity

pytestmark = [
    pytest.mark.model,
    # One worker loads the models, and each test finds them loaded.
    pytest.mark.xdist_group("model"),
    pytest.mark.asyncio(loop_scope="session"),
]

KINDS = (
    pytest.param("embedded", id="embedded"),
    pytest.param("openai", id="openai"),
    pytest.param("ollama", id="ollama", marks=pytest.mark.ollama),
)


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    async with real_engine(kind, tmp_path_factory.mktemp(kind)) as started:
        yield started


async def test_start_is_idempotent_and_tells_who_answers(engine: Engine, kind: Kind) -> None:
    """The identity names the engine, the model and the context length that was really applied."""
    first, second = await engine.start(), await engine.start()
    assert isinstance(first, ModelIdentity)
    assert first == second
    assert (first.engine, first.context_tokens) == (kind, CONTEXT_TOKENS)
    assert (first.digest is None) == (kind == "openai")


async def test_a_question_is_answered_with_its_cost(engine: Engine) -> None:
    """Text, tokens and time; the answer ended by itself."""
    answer = await engine.ask(question("Answer with the one word: yes", max_tokens=16))
    assert isinstance(answer, ModelAnswer), answer
    assert "yes" in answer.text.lower()
    assert answer.parsed is None
    assert 10 < answer.prompt_tokens < 60
    assert 1 <= answer.completion_tokens <= 16


async def test_an_answer_keeps_to_the_schema(engine: Engine) -> None:
    """The engine constrains its output, so even a small model gives the type, and nothing around it."""
    answer = await engine.ask(question("A dog called Rex, with its number of legs.", answer_type=Pet, max_tokens=48))
    assert isinstance(answer, ModelAnswer), answer
    assert isinstance(answer.parsed, Pet)
    assert Pet.model_validate_json(answer.text) == answer.parsed


async def test_the_same_prefix_is_not_read_again(engine: Engine, kind: Kind) -> None:
    """With the same system text the engine reuses what it read, and says how much where it can."""
    system = "You answer with a single letter. " * 8
    first = await engine.ask(question("Letter after A?", system=system, max_tokens=4))
    second = await engine.ask(question("Letter after C?", system=system, max_tokens=4))
    cached = second.cached_tokens if isinstance(second, ModelAnswer) else None
    assert isinstance(first, ModelAnswer | ModelFailure)
    if kind == "ollama":
        assert cached is None
    elif isinstance(second, ModelAnswer):
        assert cached is not None
        assert cached > 40


async def test_how_likely_an_answer_is_can_be_asked(engine: Engine, kind: Kind) -> None:
    """What is right is likelier than what is not, and nothing else is written; Ollama can't be told what to write."""

    async def likely(text: str) -> float | None:
        forced = Forced((Given("```python\ndef add(a, b):\n", text),))
        answer = await engine.ask(question("Write `add`, which adds two numbers.", max_tokens=64, forced=forced))
        assert isinstance(answer, ModelAnswer), answer
        assert answer.text == text
        (told,) = answer.log_likelihoods
        return told

    assert getattr(engine, "tells_likelihood", False) is (kind != "ollama")
    if kind != "ollama":
        right, wrong = await likely("    return a + b\n"), await likely("    return a - b\n")
        odd = await likely('    return "\\n" + [b] or {"é": \'x\'}\n')
        assert right is not None
        assert wrong is not None
        assert odd is not None
        assert 0 >= right > wrong > odd


async def test_a_cut_answer_is_none(engine: Engine) -> None:
    """At the token limit the text is thrown away; its tokens count."""
    failure = await engine.ask(question("Count from 1 to 100.", max_tokens=5))
    assert isinstance(failure, ModelFailure), failure
    assert (failure.fault, failure.is_final) == (ModelFault.TRUNCATED, False)
    assert failure.completion_tokens == 5
    assert failure.prompt_tokens > 10


async def test_a_cut_constrained_answer_is_none(engine: Engine) -> None:
    """Half a JSON object is no answer either."""
    failure = await engine.ask(question("A dog called Rex, with its number of legs.", answer_type=Pet, max_tokens=3))
    assert isinstance(failure, ModelFailure), failure
    assert failure.fault is ModelFault.TRUNCATED


async def test_a_prompt_that_does_not_fit_is_refused(engine: Engine) -> None:
    """Nothing is cut off in silence: a question past the context length is typed, and others go on."""
    failure = await engine.ask(question("word " * (CONTEXT_TOKENS + 200)))
    assert isinstance(failure, ModelFailure), failure
    assert (failure.fault, failure.is_final) == (ModelFault.PROMPT_TOO_LONG, False)


async def test_the_time_limit_frees_the_engine(engine: Engine) -> None:
    """A question that takes too long is given up, and the next one is answered."""
    failure = await engine.ask(question("Count from 1 to 500.", max_tokens=900, timeout_s=0.8))
    assert isinstance(failure, ModelFailure), failure
    assert (failure.fault, failure.is_final) == (ModelFault.TIMEOUT, False)
    assert isinstance(await engine.ask(question("Answer with the one word: yes", max_tokens=16)), ModelAnswer)


async def test_cancelling_frees_the_engine(engine: Engine) -> None:
    """Cancellation propagates, and the next question is answered."""
    asking = asyncio.create_task(engine.ask(question("Count from 1 to 500.", max_tokens=900)))
    await asyncio.sleep(0.5)  # so that it is under way; any moment will do
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert isinstance(await engine.ask(question("Answer with the one word: yes", max_tokens=16)), ModelAnswer)
