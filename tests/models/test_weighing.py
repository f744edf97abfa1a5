"""Weighing a given answer token by token, by a server that a test scripts."""

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest

from models.engines import question
from selfheal.contract.engine import Forced, ModelAnswer, ModelFailure, ModelFault, ModelRequest
from selfheal.models.problems import Server
from selfheal.models.weighing import Weigher

SERVER = Server("embedded", "process 1", "m", 64, "start it", "pull it", "set the key")


class Llama:
    """Speaks llama.cpp's API: a token is a letter's number, and the nth of an answer has the logarithm -n."""

    def __init__(self, told: Callable[[dict[str, object]], object] | None = None) -> None:
        self.asked: list[dict[str, object]] = []
        self._told = told

    def weigher(self, server: Server = SERVER) -> Weigher:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Weigher(client, "http://llama", server)

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
        ((token, _),) = body["logit_bias"]
        value = -float(len(body["prompt"]) - len("SUB"))
        rivals = [{"id": ord("x"), "logprob": -0.25}]
        return httpx.Response(
            200, json={"completion_probabilities": [{"id": token, "logprob": value, "top_logprobs": rivals}]}
        )


def asked(text: str, *, timeout_s: float = 5.0) -> tuple[ModelRequest, Forced]:
    return question("U", system="S", timeout_s=timeout_s), Forced("B", text)


async def test_it_is_the_sum_over_the_tokens() -> None:
    """Each is asked for alone, after those before it; what the answer is, is not the model's to say."""
    llama = Llama()
    answer = await llama.weigher().weigh(*asked("abc"))
    assert isinstance(answer, ModelAnswer)
    assert (answer.text, answer.log_likelihood) == ("abc", 0.0 - 1.0 - 2.0)
    assert (answer.prompt_tokens, answer.completion_tokens) == (3, 3)
    assert [body["prompt"] for body in llama.asked] == [[83, 85, 66], [83, 85, 66, 97], [83, 85, 66, 97, 98]]
    assert {body["n_predict"] for body in llama.asked} == {1}


async def test_what_two_answers_begin_with_is_weighed_once() -> None:
    """And so is a token that was told as a rival of another, until another question comes."""
    llama = Llama()
    weigher = llama.weigher()
    first = await weigher.weigh(*asked("abc"))
    second = await weigher.weigh(*asked("abx"))
    assert isinstance(first, ModelAnswer)
    assert isinstance(second, ModelAnswer)
    assert (second.log_likelihood, second.completion_tokens) == (0.0 - 1.0 - 0.25, 0)
    await weigher.weigh(question("V", system="S"), Forced("B", "ab"))
    assert len(llama.asked) == 3 + 2


@pytest.mark.parametrize(
    "told",
    [
        [],
        {},
        {"completion_probabilities": []},
        {"completion_probabilities": [3]},
        {"completion_probabilities": [{"id": 97, "logprob": 0.5, "top_logprobs": []}]},
        {"completion_probabilities": [{"id": 97, "logprob": True, "top_logprobs": []}]},
        {"completion_probabilities": [{"id": 97, "logprob": None, "top_logprobs": []}]},
        {"completion_probabilities": [{"id": 97, "logprob": -1.0, "top_logprobs": [{"id": "y", "logprob": -1}]}]},
        {"completion_probabilities": [{"id": 98, "logprob": -1.0, "top_logprobs": []}]},
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
    failure = await Weigher(client, "http://vllm", SERVER).weigh(*asked("a"))
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.REJECTED, False)


async def test_an_answer_that_does_not_fit_is_not_asked_about() -> None:
    """Cut to fit it would be another one."""
    llama = Llama()
    failure = await llama.weigher().weigh(*asked("a" * 61))
    assert isinstance(failure, ModelFailure)
    assert failure.fault is ModelFault.PROMPT_TOO_LONG
    assert llama.asked == []


async def test_it_ends_at_its_time_limit() -> None:
    """A server that never answers costs no more than that."""

    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = httpx.AsyncClient(transport=httpx.MockTransport(never))
    failure = await Weigher(client, "http://llama", SERVER).weigh(*asked("a", timeout_s=0.01))
    assert isinstance(failure, ModelFailure)
    assert failure.fault is ModelFault.TIMEOUT
