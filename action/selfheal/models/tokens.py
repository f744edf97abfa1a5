"""llama.cpp's own API, token by token: what the model gives each that may come next."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selfheal.contract.engine import ModelFault, ModelRequest
from selfheal.models.problems import Problem, Server, problem_of

if TYPE_CHECKING:
    import httpx

_RIVALS = 16
"""How many of the likeliest are told besides the token that is asked for."""
_CERTAIN = 1000.0
"""A bias that leaves the server no choice; what it tells is from before the bias."""
_MOST_KNOWN = 4096

Tokens = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One token that may come next: its bytes, and the natural logarithm of what the model gives it."""

    token: int
    raw: bytes
    logarithm: float


class TokensSpent(Exception):
    """The model was asked for as many tokens as it may be."""


class TokenServer:
    """Asks a server of llama.cpp. What comes after one prompt is remembered until another prompt comes.

    `client` reaches the server and has its key; `root` is the address above the OpenAI prefix. Whatever a server
    sends that is none of it raises ValueError, TypeError or KeyError.
    """

    def __init__(self, client: "httpx.AsyncClient", root: str) -> None:
        self._client, self._root = client, root
        self._prompt: Tokens = ()
        self._known: dict[Tokens, dict[int, Option]] = {}
        self.asked = 0
        """How many tokens the model was asked for since `limit`."""
        self._most = 0

    def limit(self, most: int) -> None:
        """From now on the model may be asked for so many tokens; more raise TokensSpent."""
        self.asked, self._most = 0, most

    async def prompt(self, request: ModelRequest, begun: str) -> Tokens:
        """The question and what is begun of the answer."""
        roles = (("system", request.system), ("user", request.user), ("assistant", begun))
        messages = [{"role": role, "content": content} for role, content in roles]
        laid_out = (await self._post("apply-template", {"messages": messages}))["prompt"]
        if not isinstance(laid_out, str) or not laid_out.endswith(begun):
            raise ValueError("the begun answer is not where it is to go on")
        return await self.tokens(laid_out, has_control=True)

    async def tokens(self, text: str, *, has_control: bool = False) -> Tokens:
        """A text as tokens; `has_control` where words like `<|im_end|>` are the template's and not text."""
        body = {"content": text, "add_special": False, "parse_special": has_control}
        found = (await self._post("tokenize", body))["tokens"]
        if not isinstance(found, list) or not all(isinstance(one, int) for one in found):
            raise TypeError("no list of tokens")
        return tuple(found)

    async def options(self, prompt: Tokens, before: Tokens, token: int, *, has_rivals: bool) -> dict[int, Option]:
        """What may come after `before`: `token` for certain, and, if wanted or told along, the likeliest."""
        if prompt != self._prompt or len(self._known) > _MOST_KNOWN:
            self._prompt, self._known = prompt, {}
        known = self._known.setdefault(before, {})
        if token not in known or (has_rivals and len(known) < 2):
            self._permit(1)
            self.asked += 1
            known |= await self._next((*prompt, *before), token)
        return known

    async def goes_on(self, prompt: Tokens, *, most: int, stop: tuple[str, ...]) -> str:
        """What the model writes next, at most so many tokens and up to one of those texts."""
        most = self._permit(most)
        body = {"prompt": prompt, "n_predict": most, "temperature": 0.0, "stop": stop, "cache_prompt": True}
        reply = await self._post("completion", body)
        text, spent = reply["content"], reply.get("tokens_predicted")
        if not isinstance(text, str):
            raise TypeError("no text")
        self.asked += spent if isinstance(spent, int) and 0 <= spent <= most else most
        return text

    def _permit(self, wanted: int) -> int:
        left = self._most - self.asked
        if left <= 0:
            raise TokensSpent
        return min(wanted, left)

    async def _next(self, before: Tokens, token: int) -> dict[int, Option]:
        body = {
            "prompt": before,
            "n_predict": 1,
            "n_probs": _RIVALS,
            "temperature": 0.0,
            "logit_bias": [[token, _CERTAIN]],
            "cache_prompt": True,
        }
        told = (await self._post("completion", body))["completion_probabilities"]
        if not isinstance(told, list) or len(told) != 1 or told[0]["id"] != token:
            raise ValueError("another token than the one that was asked for")
        options = [_option(one) for one in (*told[0]["top_logprobs"], told[0])]
        return {one.token: one for one in options}

    async def _post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        reply = await self._client.post(f"{self._root}/{path}", json=body)
        reply.raise_for_status()
        found = reply.json()
        if not isinstance(found, dict):
            raise TypeError("no JSON object")
        return found


def _option(told: dict[str, object]) -> Option:
    token, logarithm, raw = told["id"], told["logprob"], told["bytes"]
    if not isinstance(token, int) or not isinstance(raw, list):
        raise TypeError("no token")
    if not isinstance(logarithm, int | float) or isinstance(logarithm, bool) or not -math.inf < logarithm <= 0:
        raise ValueError("no logarithm of a probability")
    return Option(token, bytes(raw), float(logarithm))


def untold(error: Exception, server: Server) -> Problem:
    """What went wrong; a server that lacks these paths, or answers otherwise, only can't tell this."""
    import httpx

    if isinstance(error, httpx.HTTPStatusError | ValueError | TypeError | KeyError):
        return Problem(
            ModelFault.REJECTED,
            f"{server.address} does not tell how likely an answer is ({type(error).__name__}): llama.cpp's server does",
        )
    return problem_of(error, server)
