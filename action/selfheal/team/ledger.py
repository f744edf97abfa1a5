"""The metered engine: every model call passes here, is permitted, counted and traced."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from selfheal.contract.engine import Engine, Given, ModelAnswer, ModelFailure, ModelFault, ModelIdentity, ModelRequest
from selfheal.logs import Redactor, Veil, mapped
from selfheal.team.budget import Budget
from selfheal.trace.drift import Call, call_of
from selfheal.trace.spans import Tracer

_UNUSABLE = (ModelFault.SCHEMA, ModelFault.TRUNCATED)
_CHARS_PER_TOKEN = 3.0
"""Cautious for code: real tokenizers give 3.2 to 4 characters a token."""


@dataclass(slots=True)
class Ledger:
    """What was really used, counted by ourselves: calls that fail to parse are in it too."""

    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    model_wall_s: float = 0.0
    engine_start_s: float = 0.0
    command_runs: int = 0
    command_wall_s: float = 0.0
    warm_starts: int = 0
    trials: int = 0
    faults: list[str] = field(default_factory=list)

    def count_trials(self, tried: int) -> None:
        """Book candidates that warm tests tried."""
        self.trials += tried


class MeteredEngine:
    """Wraps an engine: starts it at the first question, never before."""

    def __init__(
        self,
        engine: Engine,
        budget: Budget,
        ledger: Ledger,
        tracer: Tracer,
        *,
        redactor: Redactor,
        called: Callable[[Call], None] = lambda _: None,
    ) -> None:
        self._called = called
        self._engine = engine
        self._budget = budget
        self._ledger = ledger
        self._tracer = tracer
        self._redactor = redactor
        self.identity: ModelIdentity | None = None
        self.dead: ModelFailure | None = None
        """Set once the engine can't answer any more; later questions fail at once."""
        self._refused_to_weigh = False

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        """Ask within the budget. Raises BudgetSpent when the question no longer fits."""
        if self.dead is not None:
            return self.dead
        estimate = int((len(request.system) + len(request.user)) / _CHARS_PER_TOKEN) + 16
        max_tokens = self._budget.permit_model(prompt_tokens=estimate, max_tokens=request.max_tokens)
        if self.identity is None:
            started = await self._start()
            if isinstance(started, ModelFailure):
                return started
        if request.forced is not None and not self.tells_likelihood:
            return ModelFailure(
                ModelFault.REJECTED, "this engine does not tell how likely an answer is", is_final=False
            )
        timeout_s = min(request.timeout_s, self._budget.seconds_left)
        veil = Veil(self._redactor)
        system, user = veil.cover(request.system), veil.cover(request.user)
        bounded = replace(request, system=system, user=user, max_tokens=max_tokens, timeout_s=timeout_s)
        if request.forced is not None:
            answers = tuple(Given(veil.cover(one.begun), veil.cover(one.text)) for one in request.forced.answers)
            bounded = replace(bounded, forced=replace(request.forced, answers=answers))
        with self._tracer.chat(bounded, self.identity) as span:
            outcome = await self._engine.ask(bounded)
            span.finish(outcome)
            self._book(outcome)
            if bounded.forced is not None and isinstance(outcome, ModelFailure):
                # One that lacks llama.cpp's API will lack it the next time, too.
                self._refused_to_weigh |= outcome.fault is ModelFault.REJECTED
            # Inside of the span, where a signal belongs that this call gives. A forced answer is no answer of its own.
            if bounded.forced is None:
                self._called(_call(bounded, outcome))
        return _uncovered(outcome, veil)

    @property
    def tells_likelihood(self) -> bool:
        """Whether the engine, as far as is known, may be asked how likely an answer is; False before it started."""
        return bool(getattr(self._engine, "tells_likelihood", False)) and not self._refused_to_weigh

    def pause(self) -> None:
        """Hold the engine still while a command runs, where the engine can."""
        pause = getattr(self._engine, "pause", None)
        if pause is not None:
            pause()

    async def aclose(self) -> None:
        """Stop the engine."""
        await self._engine.aclose()

    async def _start(self) -> ModelIdentity | ModelFailure:
        began = time.monotonic()
        with self._tracer.span("engine start"):
            started = await self._engine.start()
        self._ledger.engine_start_s += time.monotonic() - began
        if isinstance(started, ModelFailure):
            self.dead = started
            self._ledger.faults.append(started.message)
        else:
            self.identity = started
        return started

    def _book(self, outcome: ModelAnswer | ModelFailure) -> None:
        ledger = self._ledger
        ledger.model_calls += 1
        ledger.prompt_tokens += outcome.prompt_tokens
        ledger.completion_tokens += outcome.completion_tokens
        ledger.model_wall_s += outcome.wall_s
        self._budget.charge_tokens(outcome.prompt_tokens + outcome.completion_tokens)
        if isinstance(outcome, ModelAnswer):
            ledger.cached_tokens += outcome.cached_tokens or 0
            return
        ledger.faults.append(outcome.message)
        if outcome.is_final:
            self.dead = outcome


def _call(request: ModelRequest, outcome: ModelAnswer | ModelFailure) -> Call:
    return call_of(
        request.purpose,
        prompt=f"{request.system}\n{request.user}",
        answer="" if isinstance(outcome, ModelFailure) else outcome.text,
        prompt_tokens=outcome.prompt_tokens,
        broke_schema=isinstance(outcome, ModelFailure) and outcome.fault in _UNUSABLE,
    )


def _uncovered(outcome: ModelAnswer | ModelFailure, veil: Veil) -> ModelAnswer | ModelFailure:
    """The answer with the repository's own secrets where the model saw placeholders: a patch must keep them."""
    if isinstance(outcome, ModelFailure):
        return outcome
    parsed = mapped(outcome.parsed, veil.uncover) if outcome.parsed is not None else None
    forks = tuple(replace(one, text=veil.uncover(one.text)) for one in outcome.forks)
    return replace(outcome, text=veil.uncover(outcome.text), parsed=parsed, forks=forks)
