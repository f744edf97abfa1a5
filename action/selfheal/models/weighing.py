"""How likely the model finds an answer that is given, told token by token by llama.cpp's own API.

One question for the whole answer, under a grammar with one way, tells too much or too little: the grammar also lets
through tokens that no tokenizer would choose for that text, and tokens that llama.cpp guessed ahead count as certain.
"""

import asyncio
import math
import time
from typing import TYPE_CHECKING

from selfheal.contract.engine import Forced, ModelAnswer, ModelFailure, ModelFault, ModelRequest
from selfheal.models.problems import Problem, Server, problem_of, too_long

if TYPE_CHECKING:
    import httpx

_RIVALS = 16
"""How many of the likeliest are told besides the token that is asked for: they may be asked for next."""
_CERTAIN = 1000.0
"""A bias that leaves the server no choice; what it tells is from before the bias."""
_MOST_KNOWN = 4096

_Known = dict[tuple[tuple[int, ...], int], float]


class Weigher:
    """Weighs given answers. Those to the same question share what they begin with: it is weighed once.

    `client` reaches the server and has its key; `root` is the address above the OpenAI prefix.
    """

    def __init__(self, client: "httpx.AsyncClient", root: str, server: Server) -> None:
        self._client, self._root, self._server = client, root, server
        self._prompt: tuple[int, ...] = ()
        self._known: _Known = {}

    async def weigh(self, request: ModelRequest, forced: Forced) -> ModelAnswer | ModelFailure:
        """The answer as it was given, with its log-likelihood; a failure where the server can't tell it."""
        started = time.monotonic()
        asked = 0
        try:
            async with asyncio.timeout(request.timeout_s):
                prompt = await self._begun(request, forced)
                tokens = await self._tokens(forced.text)
                if len(prompt) + len(tokens) >= self._server.context_tokens:
                    return too_long(self._server, f"it has {len(prompt) + len(tokens)} tokens").failure()
                self._keep(prompt)
                total = 0.0
                for place, token in enumerate(tokens):
                    key = (tokens[:place], token)
                    if key not in self._known:
                        asked += 1
                        self._known |= await self._next(prompt, *key)
                    total += self._known[key]
        except TimeoutError:
            problem = Problem(
                ModelFault.TIMEOUT,
                f"{self._server.engine} did not weigh an answer within {request.timeout_s:.3g} s: "
                "raise the time limit, or ask for less",
            )
            return problem.failure(completion_tokens=asked, wall_s=time.monotonic() - started)
        except Exception as error:  # noqa: BLE001 - edge to a server that may answer anything
            wall_s = time.monotonic() - started
            return _untold(error, self._server).failure(completion_tokens=asked, wall_s=wall_s)
        return ModelAnswer(
            text=forced.text,
            parsed=None,
            prompt_tokens=len(prompt),
            completion_tokens=asked,
            cached_tokens=None,
            wall_s=time.monotonic() - started,
            log_likelihood=total,
        )

    def _keep(self, prompt: tuple[int, ...]) -> None:
        """Forget what was weighed after another prompt."""
        if prompt != self._prompt or len(self._known) > _MOST_KNOWN:
            self._prompt, self._known = prompt, {}

    async def _begun(self, request: ModelRequest, forced: Forced) -> tuple[int, ...]:
        """The question and what is begun of the answer, as tokens."""
        roles = (("system", request.system), ("user", request.user), ("assistant", forced.begun))
        messages = [{"role": role, "content": content} for role, content in roles]
        laid_out = await self._post("apply-template", {"messages": messages})
        prompt = laid_out["prompt"]
        if not isinstance(prompt, str) or not prompt.endswith(forced.begun):
            raise ValueError("the begun answer is not where it is to go on")
        return await self._tokens(prompt, has_control=True)

    async def _tokens(self, text: str, *, has_control: bool = False) -> tuple[int, ...]:
        body = {"content": text, "add_special": False, "parse_special": has_control}
        found = (await self._post("tokenize", body))["tokens"]
        if not isinstance(found, list) or not all(isinstance(one, int) for one in found):
            raise TypeError("no list of tokens")
        return tuple(found)

    async def _next(self, prompt: tuple[int, ...], before: tuple[int, ...], token: int) -> _Known:
        """What the model gives this token there, and its likeliest, as natural logarithms."""
        body = {
            "prompt": [*prompt, *before],
            "n_predict": 1,
            "n_probs": _RIVALS,
            "temperature": 0.0,
            "logit_bias": [[token, _CERTAIN]],
            "cache_prompt": True,
        }
        (told,) = (await self._post("completion", body))["completion_probabilities"]
        if told["id"] != token:
            raise ValueError("another token than the one that was asked for")
        return {(before, int(one["id"])): _logarithm(one["logprob"]) for one in (*told["top_logprobs"], told)}

    async def _post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        reply = await self._client.post(f"{self._root}/{path}", json=body)
        reply.raise_for_status()
        found = reply.json()
        if not isinstance(found, dict):
            raise TypeError("no JSON object")
        return found


def _logarithm(told: object) -> float:
    """That of a probability, or ValueError: what a server sends may be anything."""
    if not isinstance(told, int | float) or isinstance(told, bool) or not -math.inf < told <= 0:
        raise ValueError("no logarithm of a probability")
    return float(told)


def _untold(error: Exception, server: Server) -> Problem:
    """What went wrong; a server that lacks these paths, or answers otherwise, only can't tell this."""
    import httpx

    if isinstance(error, httpx.HTTPStatusError | ValueError | TypeError | KeyError):
        return Problem(
            ModelFault.REJECTED,
            f"{server.address} does not tell how likely an answer is ({type(error).__name__}): llama.cpp's server does",
        )
    return problem_of(error, server)
