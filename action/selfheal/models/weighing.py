"""How likely the model finds an answer that is given, and where it would rather have written otherwise.

One question for the whole answer, under a grammar with one way, tells too much or too little: the grammar also lets
through tokens that no tokenizer would choose for that text, and tokens that llama.cpp guessed ahead count as certain.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate

from selfheal.contract.engine import Forced, Fork, Given, ModelAnswer, ModelFailure, ModelFault, ModelRequest
from selfheal.models.problems import Problem, Server, too_long
from selfheal.models.tokens import Option, Tokens, TokenServer, TokensSpent, untold
from selfheal.sequences import common_start

_LEAST = -12.0
"""What is less likely than this is noise."""
_MOST_OF_A_LINE = 6
"""Where there are lines enough: elsewhere each may have twice its share."""
_LINE_TOKENS = 64
_MORE_TOKENS = 48
_ENDS = ("```", "\ndef ", "\nclass ", "\n#")
_MOST_KNOWN = 2000
_SHARE = 0.8
"""Of the time limit: what was found by then is worth more than the rest."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A token of the given answer: what comes before it, how many bytes that is, and what might come instead."""

    before: Tokens
    offset: int
    rivals: tuple[tuple[float, Option], ...]


class _TooLong(Exception):
    """The question and an answer do not fit the context."""


@dataclass(slots=True)
class _Told:
    """What is known by now: how likely each answer is, the tokens of the first, and how much was read for them."""

    totals: list[float] = field(default_factory=list)
    steps: list[_Step] = field(default_factory=list)
    prompt: Tokens = ()
    read: int = 0


class Weigher:
    """Weighs given answers. What those to the same question begin with alike is weighed once, and each of them."""

    def __init__(self, tokens: TokenServer, server: Server) -> None:
        self._tokens, self._server = tokens, server
        self._known: dict[tuple[str, str, Given], float] = {}
        """What was weighed before, by question: a repair comes back to the same edits with each of its strategies."""

    async def weigh(self, request: ModelRequest, forced: Forced) -> ModelAnswer | ModelFailure:
        """How likely each given answer is, and the forks of the first; a failure where the server can't tell."""
        started = time.monotonic()
        told = _Told()
        self._tokens.limit(request.max_tokens)
        try:
            async with asyncio.timeout(request.timeout_s):
                for given in forced.answers:
                    await self._add(told, request, given, has_rivals=forced.forks > 0 and not told.steps)
                until = started + _SHARE * request.timeout_s
                forks = await self._forks(told.prompt, forced, told.steps, until=until) if forced.forks else ()
        except TimeoutError:
            problem = Problem(
                ModelFault.TIMEOUT,
                f"{self._server.engine} did not weigh an answer within {request.timeout_s:.3g} s: "
                "raise the time limit, or ask for less",
            )
        except TokensSpent:
            message = f"to weigh an answer took more than {request.max_tokens} tokens: allow more, or ask for less"
            problem = Problem(ModelFault.TRUNCATED, message)
        except _TooLong as error:
            problem = too_long(self._server, str(error))
        except Exception as error:  # noqa: BLE001 - edge to a server that may answer anything
            problem = untold(error, self._server)
        else:
            return ModelAnswer(
                text="\n".join(one.text for one in (forks if forced.forks else forced.answers)),
                parsed=None,
                prompt_tokens=told.read,
                completion_tokens=self._tokens.asked,
                cached_tokens=None,
                wall_s=time.monotonic() - started,
                log_likelihoods=tuple(told.totals),
                forks=forks,
            )
        return problem.failure(
            prompt_tokens=told.read,
            completion_tokens=self._tokens.asked,
            wall_s=time.monotonic() - started,
        )

    async def _add(self, told: "_Told", request: ModelRequest, given: Given, *, has_rivals: bool) -> None:
        """Weigh one more answer; one that was weighed before costs nothing, unless its rivals are asked for, too."""
        key = (request.system, request.user, given)
        if not has_rivals and key in self._known:
            told.totals.append(self._known[key])
            return
        prompt = await self._tokens.prompt(request, given.begun)
        tokens = await self._tokens.tokens(given.text)
        if len(prompt) + len(tokens) + _LINE_TOKENS >= self._server.context_tokens:
            raise _TooLong(f"it has {len(prompt) + len(tokens)} tokens")
        total, steps = await self._walk(prompt, tokens, has_rivals=has_rivals)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[key] = total
        # What the last prompt began with has been read.
        told.read += len(prompt) - common_start(prompt, told.prompt)
        told.prompt = prompt
        told.totals.append(total)
        told.steps = told.steps or steps

    async def _walk(self, prompt: Tokens, given: Tokens, *, has_rivals: bool) -> tuple[float, list[_Step]]:
        """The log-likelihood, and what else might have come at each token."""
        total, offset = 0.0, 0
        steps = []
        for place, token in enumerate(given):
            options = await self._tokens.options(prompt, given[:place], token, has_rivals=has_rivals)
            own = options[token]
            total += own.logarithm
            rivals = [(one.logarithm - own.logarithm, one) for one in options.values() if one is not own]
            steps.append(_Step(given[:place], offset, tuple(rivals)))
            offset += len(own.raw)
        return total, steps

    async def _forks(self, prompt: Tokens, forced: Forced, steps: list[_Step], *, until: float) -> tuple[Fork, ...]:
        """Follow the likeliest rivals to the end of the line, or of the answer, till enough lead somewhere else."""
        ways = [(odds, step, rival) for step in steps for odds, rival in step.rivals if _is_code(rival)]
        ways.sort(key=lambda way: -way[0])
        raw = forced.answers[0].text.encode()
        starts = [0, *accumulate(len(line) for line in raw.splitlines(keepends=True))]
        share = max(_MOST_OF_A_LINE, 2 * forced.forks // max(1, len(starts) - 1))
        found: dict[tuple[int, str], Fork] = {}
        of_line: Counter[int] = Counter()
        for odds, step, rival in ways:
            if len(found) >= forced.forks or time.monotonic() > until:
                break
            line = max(n for n, start in enumerate(starts) if start <= step.offset)
            if of_line[line] >= share:
                continue
            more = (*prompt, *step.before, rival.token)
            try:
                head = (raw[starts[line] : step.offset] + rival.raw).decode()
                if forced.is_whole:
                    text = head + await self._tokens.goes_on(more, most=len(steps) + _MORE_TOKENS, stop=_ENDS)
                else:
                    text = await self._line(prompt, raw[: starts[line]].decode(), head, more)
            except UnicodeDecodeError:
                continue
            except TokensSpent:
                break
            if text.strip() and not raw[starts[line] :].decode().startswith(text):
                of_line[line] += 1
                found.setdefault((line, text), Fork(line, text, odds))
        return tuple(found.values())

    async def _line(self, prompt: Tokens, above: str, head: str, more: Tokens) -> str:
        """The line that begins with `head`, and the one under it where it opens a block."""
        first, ended, _ = head.partition("\n")
        if not ended:
            first += await self._tokens.goes_on(more, most=_LINE_TOKENS, stop=("\n",))
        first += "\n"
        if not first.rstrip().endswith(":"):
            return first
        under = (*prompt, *await self._tokens.tokens(above + first))
        return first + await self._tokens.goes_on(under, most=_LINE_TOKENS, stop=("\n",)) + "\n"


def _is_code(rival: Option) -> bool:
    """Neither the end of the answer nor a comment."""
    words = rival.raw.strip()
    return bool(rival.raw) and rival.logarithm > _LEAST and not words.startswith((b"#", b"```"))
