"""Whatever a server does, an engine answers with a typed outcome. All three wire protocols, always run."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from models.engines import Kind, Pet, engine_for, question
from models.fake_model_server import CONTEXT_TOKENS, MODEL, FakeModelServer, Fault, serving
from selfheal.contract.engine import Engine, ModelAnswer, ModelFailure, ModelFault, ModelIdentity
from selfheal.models import OllamaEngine, OpenAIEngine

KINDS: tuple[Kind, ...] = ("embedded", "openai", "ollama")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest_asyncio.fixture
async def fake(kind: Kind, tmp_path: Path) -> AsyncIterator[FakeModelServer]:
    wire = "ollama" if kind == "ollama" else "openai"
    async with serving(wire, socket=tmp_path / "s.sock" if kind == "embedded" else None) as server:
        yield server


@pytest_asyncio.fixture
async def engine(kind: Kind, fake: FakeModelServer, tmp_path: Path) -> AsyncIterator[Engine]:
    built = engine_for(kind, fake, str(tmp_path / "s.sock"))
    yield built
    await built.aclose()


async def test_a_good_answer_comes_with_its_cost(engine: Engine, fake: FakeModelServer, kind: Kind) -> None:
    """Text, token counts and time are filled in; cached tokens where the server tells them."""
    answer = await engine.ask(question())
    assert isinstance(answer, ModelAnswer)
    assert answer.text == "Hello there."
    assert (answer.prompt_tokens, answer.completion_tokens) == (11, 5)
    assert answer.cached_tokens == (None if kind == "ollama" else 7)
    assert answer.wall_s > 0


async def test_a_server_that_closes_connections_between_questions_is_no_fault(
    engine: Engine, fake: FakeModelServer
) -> None:
    """llama.cpp drops idle and long-lived connections without a word; no question may be lost by that."""
    fake.fault = Fault.ONE_QUESTION
    for _ in range(3):
        assert isinstance(await engine.ask(question()), ModelAnswer)


async def test_an_answer_in_one_piece_is_not_lost(engine: Engine, fake: FakeModelServer) -> None:
    """AutoGen's Ollama client drops an answer that came in a single piece; we don't."""
    fake.text = "Yes."
    answer = await engine.ask(question())
    assert isinstance(answer, ModelAnswer)
    assert answer.text == "Yes."


async def test_the_answer_type_reaches_the_server_and_comes_back_parsed(
    engine: Engine, fake: FakeModelServer, kind: Kind
) -> None:
    """The engine is given the JSON schema, and the answer is given back as the type."""
    fake.text = '{"name": "Rex", "legs": 4}'
    answer = await engine.ask(question(answer_type=Pet))
    assert isinstance(answer, ModelAnswer)
    assert answer.parsed == Pet(name="Rex", legs=4)
    asked = fake.asked[-1]
    sent = asked["format"] if kind == "ollama" else asked["response_format"]["json_schema"]["schema"]  # type: ignore[index]
    assert sent == Pet.model_json_schema()


async def test_sampling_settings_reach_the_server(engine: Engine, fake: FakeModelServer, kind: Kind) -> None:
    """The limit, the temperature and the seed are sent; Ollama also gets its context length, and is told not to cut."""
    await engine.ask(question(max_tokens=33))
    asked = fake.asked[-1]
    if kind == "ollama":
        assert asked["options"] == {"num_ctx": CONTEXT_TOKENS, "num_predict": 33, "temperature": 0.0, "seed": 0}
        assert (asked["truncate"], asked["shift"]) == (False, False)
    else:
        assert (asked["max_tokens"], asked["temperature"], asked["seed"]) == (33, 0.0, 0)
        assert fake.keys == ["Bearer key"]


@pytest.mark.parametrize(
    ("fault", "expected", "is_final"),
    [
        (Fault.WRONG_KEY, ModelFault.REJECTED, True),
        (Fault.NO_SUCH_MODEL, ModelFault.REJECTED, True),
        (Fault.BUSY, ModelFault.REJECTED, False),
        (Fault.BAD_REQUEST, ModelFault.REJECTED, False),
        (Fault.OUT_OF_MEMORY, ModelFault.OUT_OF_MEMORY, True),
        (Fault.PROMPT_TOO_LONG, ModelFault.PROMPT_TOO_LONG, False),
        (Fault.CUT_PROMPT, ModelFault.PROMPT_TOO_LONG, False),
        (Fault.INTERNAL_ERROR, ModelFault.CRASHED, False),
        (Fault.DROPPED, ModelFault.CRASHED, False),
        (Fault.ENDED_EARLY, ModelFault.CRASHED, False),
        (Fault.ERROR_EVENT, ModelFault.OUT_OF_MEMORY, True),
        (Fault.LENGTH, ModelFault.TRUNCATED, False),
        (Fault.ENDLESS, ModelFault.TRUNCATED, False),
        (Fault.EMPTY, ModelFault.SCHEMA, False),
    ],
)
async def test_every_fault_has_its_type(
    engine: Engine, fake: FakeModelServer, fault: Fault, expected: ModelFault, is_final: bool
) -> None:
    """A fault of the server becomes the matching outcome, with a message and no exception."""
    assert isinstance(await engine.start(), ModelIdentity)
    fake.fault = fault
    failure = await engine.ask(question())
    assert isinstance(failure, ModelFailure), failure
    assert (failure.fault, failure.is_final) == (expected, is_final), failure.message
    assert failure.wall_s > 0
    assert "sk-secret" not in failure.message
    assert failure.message.isprintable()


@pytest.mark.parametrize("fault", [Fault.NOT_JSON, Fault.WRONG_SHAPE])
async def test_nonsense_is_a_failure_and_no_exception(engine: Engine, fake: FakeModelServer, fault: Fault) -> None:
    """A server that speaks another protocol is reported as one."""
    assert isinstance(await engine.start(), ModelIdentity)
    fake.fault = fault
    failure = await engine.ask(question())
    assert isinstance(failure, ModelFailure)
    assert failure.fault in (ModelFault.REJECTED, ModelFault.CRASHED)


@pytest.mark.parametrize("text", ["not json", '{"name": "Rex", "legs": 99}', '{"name": "Rex"}'])
async def test_an_answer_that_breaks_the_schema_is_no_answer(engine: Engine, fake: FakeModelServer, text: str) -> None:
    """The failure says where, without the answer's text, and keeps the tokens that it cost."""
    fake.text = text
    failure = await engine.ask(question(answer_type=Pet))
    assert isinstance(failure, ModelFailure)
    assert failure.fault is ModelFault.SCHEMA
    assert (failure.prompt_tokens, failure.completion_tokens) == (11, 5)
    assert "Rex" not in failure.message


async def test_a_truncated_answer_costs_what_it_cost(engine: Engine, fake: FakeModelServer) -> None:
    """The counts of an answer that was thrown away are kept, constrained or not."""
    fake.fault = Fault.LENGTH
    for answer_type in (None, Pet):
        failure = await engine.ask(question(answer_type=answer_type))
        assert isinstance(failure, ModelFailure)
        assert (failure.fault, failure.prompt_tokens, failure.completion_tokens) == (ModelFault.TRUNCATED, 11, 5)


async def test_a_silent_server_is_left_at_the_limit(engine: Engine, fake: FakeModelServer) -> None:
    """The time limit is typed, counts the pieces that came, and closes the connection."""
    assert isinstance(await engine.start(), ModelIdentity)
    fake.fault = Fault.SILENT
    failure = await engine.ask(question(timeout_s=0.5))
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.TIMEOUT, False)
    assert failure.completion_tokens == 1
    await fake.was_left.wait()


async def test_cancelling_leaves_the_server_at_once(engine: Engine, fake: FakeModelServer) -> None:
    """Cancellation propagates, the connection is closed, and the next question is answered."""
    assert isinstance(await engine.start(), ModelIdentity)
    fake.fault = Fault.SILENT
    asking = asyncio.create_task(engine.ask(question()))
    await fake.is_answering.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await fake.was_left.wait()
    fake.fault = Fault.NONE
    assert isinstance(await engine.ask(question()), ModelAnswer)


async def test_a_prompt_past_all_bounds_is_not_sent(engine: Engine, fake: FakeModelServer) -> None:
    """What cannot fit by any count is refused without costing the server's time."""
    assert isinstance(await engine.start(), ModelIdentity)
    failure = await engine.ask(question("x" * (CONTEXT_TOKENS * 17)))
    assert isinstance(failure, ModelFailure)
    assert failure.fault is ModelFault.PROMPT_TOO_LONG
    assert fake.asked == []


async def test_closing_twice_is_fine(engine: Engine) -> None:
    """`aclose` is idempotent, and safe before any use."""
    await engine.aclose()


async def test_nobody_listens(kind: Kind, unused_tcp_port: int, tmp_path: Path) -> None:
    """A refused connection is final and says how to get a server."""
    fake = FakeModelServer("openai")
    fake.url = f"http://127.0.0.1:{unused_tcp_port}"
    engine = engine_for(kind, fake, str(tmp_path / "none.sock"))
    failure = await engine.ask(question())
    await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.UNREACHABLE, True)
    assert "start" in failure.message


async def test_a_wrong_key_names_the_setting() -> None:
    """Refused at the start: the message says which key to set, and does not repeat it."""
    async with serving("openai") as fake:
        fake.fault = Fault.WRONG_KEY
        engine = OpenAIEngine(base_url=f"{fake.url}/v1", api_key="sk-secret")
        failure = await engine.start()
        await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.REJECTED, True)
    assert "SELFHEAL_API_KEY" in failure.message
    assert "sk-secret" not in failure.message


async def test_the_only_model_of_a_server_needs_no_name() -> None:
    """Without a name the server's one model is taken, with the context length that the server applied."""
    async with serving("openai") as fake:
        fake.applied_context = 1234
        engine = OpenAIEngine(base_url=f"{fake.url}/v1")
        identity = await engine.start()
        again = await engine.start()
        await engine.aclose()
    assert identity == ModelIdentity(engine="openai", name=MODEL, digest=None, context_tokens=1234)
    assert again == identity


async def test_a_model_that_is_not_served_is_named() -> None:
    """The message lists what the server has."""
    async with serving("openai") as fake:
        engine = OpenAIEngine(base_url=f"{fake.url}/v1", model="huge")
        failure = await engine.start()
        await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert "huge" in failure.message
    assert MODEL in failure.message


async def test_ollama_says_how_to_pull_what_is_missing() -> None:
    """A model that Ollama does not have comes with the command that gets it."""
    async with serving("ollama") as fake:
        engine = OllamaEngine(base_url=fake.url, model="huge")
        failure = await engine.start()
        await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert "ollama pull huge" in failure.message


async def test_ollama_must_apply_the_whole_context() -> None:
    """Ollama shortens the context without a word; that is found out before the first question."""
    async with serving("ollama") as fake:
        fake.applied_context = 1024
        engine = OllamaEngine(base_url=fake.url, model="tiny", context_tokens=CONTEXT_TOKENS)
        failure = await engine.start()
        await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert failure.is_final
    assert "1024" in failure.message
    assert str(CONTEXT_TOKENS) in failure.message


async def test_a_model_that_does_not_fit_is_found_out_at_the_start() -> None:
    """Ollama refuses to load it: out of memory, final."""
    async with serving("ollama") as fake:
        fake.fault = Fault.OUT_OF_MEMORY
        engine = OllamaEngine(base_url=fake.url, model="tiny")
        failure = await engine.start()
        await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.OUT_OF_MEMORY, True)
