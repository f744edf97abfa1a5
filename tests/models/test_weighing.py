"""Weighing a given answer token by token, by a server that a test scripts."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from models.engines import question
from selfheal.contract.engine import Forced, Fork, Given, ModelAnswer, ModelFailure, ModelFault, ModelRequest
from selfheal.models.problems import Server
from selfheal.models.tokens import TokenServer
from selfheal.models.weighing import Weigher

SERVER = Server("embedded", "process 1", "m", 256, "start it", "pull it", "set the key")


class Llama:
    """Speaks llama.cpp's API: a token is a letter's number, and the nth of an answer has the logarithm -n.

    `rivals` are the letters that might come instead, by how many letters come before them, with their logarithms;
    `goes_on` is what it writes when it may.
    """

    def __init__(
        self,
        told: Callable[[dict[str, object]], object] | None = None,
        *,
        rivals: dict[int, dict[str, float]] | None = None,
        goes_on: str = "",
    ) -> None:
        self.asked: list[dict[str, object]] = []
        self._told = told
        self._rivals = rivals
        self._goes_on = goes_on

    def weigher(self, server: Server = SERVER) -> Weigher:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Weigher(TokenServer(client, "http://llama"), server)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        match request.url.path:
            case "/apply-template":
                return httpx.Response(200, json={"prompt": "".join(one["content"] for one in body["messages"])})
            case "/tokenize":
                return httpx.Response(200, json={"tokens": [ord(letter) for letter in body["content"]]})
        self.asked.append(body)
        if self._told is not None:
            return httpx.Response(200, json=self._told(body))
        if "logit_bias" not in body:
            ended = min((place for stop in body["stop"] if (place := self._goes_on.find(stop)) >= 0), default=None)
            return httpx.Response(200, json={"content": self._goes_on[:ended], "tokens_predicted": 2})
        ((token, _),) = body["logit_bias"]
        place = len(body["prompt"]) - len("SUB")
        letters = {"x": -0.25} if self._rivals is None else self._rivals.get(place, {})
        rivals = [letter_told(letter, value) for letter, value in letters.items()]
        told = letter_told(chr(token), -float(place)) | {"top_logprobs": rivals}
        return httpx.Response(200, json={"completion_probabilities": [told]})


def letter_told(letter: str, value: object) -> dict[str, object]:
    return {"id": ord(letter), "bytes": list(letter.encode()), "logprob": value}


def asked(text: str, *, timeout_s: float = 5.0, max_tokens: int = 99) -> tuple[ModelRequest, Forced]:
    return question("U", system="S", timeout_s=timeout_s, max_tokens=max_tokens), Forced((Given("B", text),))


async def test_it_is_the_sum_over_the_tokens() -> None:
    """Each is asked for alone, after those before it; what the answer is, is not the model's to say."""
    llama = Llama()
    answer = await llama.weigher().weigh(*asked("abc"))
    assert isinstance(answer, ModelAnswer)
    assert (answer.text, answer.log_likelihoods) == ("abc", (0.0 - 1.0 - 2.0,))
    assert (answer.prompt_tokens, answer.completion_tokens) == (3, 3)
    assert [body["prompt"] for body in llama.asked] == [[83, 85, 66], [83, 85, 66, 97], [83, 85, 66, 97, 98]]
    assert {body["n_predict"] for body in llama.asked} == {1}


async def test_what_was_weighed_before_is_not_asked_again() -> None:
    """By question, and by what is given; where its rivals are wanted all of it is asked for."""
    llama = Llama()
    weigher = llama.weigher()
    request, forced = asked("ab")
    await weigher.weigh(request, forced)
    both = Forced((*forced.answers, Given("B", "c")))
    answer = await weigher.weigh(request, both)
    assert isinstance(answer, ModelAnswer)
    assert (answer.log_likelihoods, answer.completion_tokens, len(llama.asked)) == ((-1.0, 0.0), 1, 3)
    await weigher.weigh(replace(request, user="V"), forced)
    assert len(llama.asked) == 5
    forked = await weigher.weigh(request, replace(forced, forks=1))
    assert isinstance(forked, ModelAnswer)
    assert len(llama.asked) > 7
    assert forked.forks


async def test_what_two_answers_begin_with_is_weighed_once() -> None:
    """And so is a token that was told as a rival of another, until another question comes."""
    llama = Llama()
    weigher = llama.weigher()
    first = await weigher.weigh(*asked("abc"))
    second = await weigher.weigh(*asked("abx"))
    assert isinstance(first, ModelAnswer)
    assert isinstance(second, ModelAnswer)
    assert (second.log_likelihoods, second.completion_tokens) == ((0.0 - 1.0 - 0.25,), 0)
    await weigher.weigh(question("V", system="S"), Forced((Given("B", "ab"),)))
    assert len(llama.asked) == 3 + 2


async def test_the_question_of_several_answers_is_read_once() -> None:
    """What one of them begins with besides is read besides."""
    forced = Forced((Given("B", "ab"), Given("B", "ac"), Given("BC", "d")))
    answer = await Llama().weigher().weigh(question("U", system="S"), forced)
    assert isinstance(answer, ModelAnswer)
    assert answer.log_likelihoods == (0.0 - 1.0, 0.0 - 1.0, -1.0)
    assert (answer.prompt_tokens, answer.completion_tokens) == (len("SUB") + len("C"), 2 + 1 + 1)


@pytest.mark.parametrize(
    "told",
    [
        [],
        {},
        {"completion_probabilities": []},
        {"completion_probabilities": [3]},
        {"completion_probabilities": [letter_told("a", 0.5) | {"top_logprobs": []}]},
        {"completion_probabilities": [letter_told("a", True) | {"top_logprobs": []}]},
        {"completion_probabilities": [letter_told("a", None) | {"top_logprobs": []}]},
        {"completion_probabilities": [letter_told("a", -1.0) | {"top_logprobs": [{"id": "y", "logprob": -1}]}]},
        {"completion_probabilities": [letter_told("a", -1.0) | {"top_logprobs": [], "bytes": [300]}]},
        {"completion_probabilities": [letter_told("b", -1.0) | {"top_logprobs": []}]},
    ],
)
async def test_a_server_that_answers_otherwise_tells_nothing(told: object) -> None:
    """Whatever it sends; the next question may fare better."""
    failure = await Llama(lambda _: told).weigher().weigh(*asked("a"))
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.REJECTED, False)
    assert "does not tell how likely" in failure.message


async def test_a_server_without_these_paths_tells_nothing() -> None:
    """As vLLM's, which has no template to apply for others."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(404, text="not found")))
    failure = await Weigher(TokenServer(client, "http://vllm"), SERVER).weigh(*asked("a"))
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.REJECTED, False)


async def test_an_answer_that_does_not_fit_is_not_asked_about() -> None:
    """Cut to fit it would be another one."""
    llama = Llama()
    failure = await llama.weigher().weigh(*asked("a" * 200))
    assert isinstance(failure, ModelFailure)
    assert failure.fault is ModelFault.PROMPT_TOO_LONG
    assert llama.asked == []


async def test_it_ends_at_its_time_limit() -> None:
    """A server that never answers costs no more than that."""

    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = httpx.AsyncClient(transport=httpx.MockTransport(never))
    failure = await Weigher(TokenServer(client, "http://llama"), SERVER).weigh(*asked("a", timeout_s=0.01))
    assert isinstance(failure, ModelFailure)
    assert failure.fault is ModelFault.TIMEOUT


async def test_a_fork_goes_to_the_end_of_its_line() -> None:
    """The likeliest first; what says the same as the given answer is none, nor is a comment or an end."""
    rivals = {1: {"x": -0.5, "#": -0.1}, 4: {"y": -1.0, "d": -0.2, "`": -13.0}}
    llama = Llama(rivals=rivals, goes_on="zz\nmore")
    request, forced = asked("ab\ncd\n")
    answer = await llama.weigher().weigh(request, replace(forced, forks=3))
    assert isinstance(answer, ModelAnswer)
    assert answer.forks == (Fork(1, "cyzz\n", 4.0 - 1.0), Fork(0, "axzz\n", 1.0 - 0.5))
    assert answer.text == "cyzz\n\naxzz\n"
    assert answer.completion_tokens == 6 + 2 + 2


async def test_a_fork_that_opens_a_block_has_the_line_under_it() -> None:
    """A head alone would be half of a thought."""
    llama = Llama(rivals={0: {"i": -0.5}}, goes_on="f a:\nb")
    request, forced = asked("ab\n")
    answer = await llama.weigher().weigh(request, replace(forced, forks=1))
    assert isinstance(answer, ModelAnswer)
    assert [fork.text for fork in answer.forks] == ["if a:\nf a:\n"]
    under = llama.asked[-1]["prompt"]
    assert isinstance(under, list)
    assert "".join(map(chr, under)) == "SUBif a:\n"


async def test_a_whole_fork_goes_to_the_end_of_the_answer() -> None:
    """Not beyond the block of code."""
    llama = Llama(rivals={0: {"x": -0.5}}, goes_on="y\nz\n```\nThat is all.")
    request, forced = asked("ab\ncd\n")
    answer = await llama.weigher().weigh(request, replace(forced, forks=5, is_whole=True))
    assert isinstance(answer, ModelAnswer)
    assert [fork.text for fork in answer.forks] == ["xy\nz\n"]


async def test_one_line_does_not_take_all_forks() -> None:
    """Where the model wavers most it may be wrong about the place."""
    many = dict.fromkeys("efghijklmnop", -0.5)
    llama = Llama(rivals={0: many, 3: {"q": -9.0}}, goes_on="")
    request, forced = asked("a\n\nb\n")
    answer = await llama.weigher().weigh(request, replace(forced, forks=8))
    assert isinstance(answer, ModelAnswer)
    assert [fork.line for fork in answer.forks] == [0] * 6 + [2]


async def test_tokens_have_a_hard_limit() -> None:
    """Weighing fails at it; forks that were found before it are told."""
    failure = await Llama().weigher().weigh(*asked("abcdef", max_tokens=3))
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.completion_tokens) == (ModelFault.TRUNCATED, 3)
    llama = Llama(rivals={0: dict.fromkeys("xyz", -0.5)}, goes_on="zz\n")
    request, forced = asked("ab\n", max_tokens=3 + 2)
    answer = await llama.weigher().weigh(request, replace(forced, forks=3))
    assert isinstance(answer, ModelAnswer)
    assert (len(answer.forks), answer.completion_tokens) == (1, 5)


async def test_half_a_letter_is_no_fork() -> None:
    """A token may be a part of a letter's bytes."""
    odd = {"completion_probabilities": [letter_told("a", -1.0)]}
    odd["completion_probabilities"][0]["top_logprobs"] = [{"id": 7, "bytes": [0xC3], "logprob": -0.1}]
    request, forced = asked("a")
    answer = await Llama(lambda _: odd).weigher().weigh(request, replace(forced, forks=3))
    assert isinstance(answer, ModelAnswer)
    assert answer.forks == ()
