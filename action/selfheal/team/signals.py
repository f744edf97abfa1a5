"""Watch a run for signs that it goes wrong: computed as it goes on, told once each, kept with their last numbers."""

from collections.abc import Callable

from selfheal.contract.report import Outcome
from selfheal.contract.signals import Measure, Signal, SignalKind
from selfheal.team.budget import Budget
from selfheal.team.events import Event
from selfheal.team.flow import SPEAKER, Fact, State
from selfheal.team.state import RepairState
from selfheal.trace.drift import Call, drift

IDLE_VISITS = 3
"""So often in a row a state may be come back to with nothing learnt since."""
_WORDS = {
    "prompt_growth": "prompts grew from {was:.0f} to {value:.0f} tokens",
    "repeated_answers": "{value:.0%} of the answers said again what an earlier one had said",
    "schema_failures": "unusable answers rose from {was:.0%} to {value:.0%}",
    "invented_symbols": "names that nobody told it of rose from {was:.1f} to {value:.1f} an answer",
}


class Signals:
    """`tell` is called with each signal when it is first seen."""

    def __init__(self, budget: Budget, tell: Callable[[Signal], None]) -> None:
        self._budget = budget
        self._tell = tell
        self._calls: list[Call] = []
        self._known: dict[tuple[SignalKind, str], Signal] = {}
        self._learnt: dict[State, object] = {}
        self._idle: dict[State, int] = {}

    @property
    def found(self) -> tuple[Signal, ...]:
        """All of them, as they stand now."""
        return tuple(self._known.values())

    def called(self, call: Call) -> None:
        """A model call is over."""
        self._calls.append(call)
        if measures := drift(self._calls):
            words = "; ".join(
                _WORDS[each.name].format(value=each.value, was=each.was if each.was is not None else 0.0)
                for each in measures
            )
            self._note(
                Signal(
                    kind=SignalKind.DRIFT,
                    agent=SPEAKER[State.PROPOSE],
                    summary=f"In {len(self._calls)} model calls {words}.",
                    measures=(Measure(name="model_calls", value=len(self._calls)), *measures),
                )
            )

    def moved(self, state: RepairState, event: Event) -> None:
        """The journal has a new version."""
        if isinstance(state.at, Outcome):
            self._ended(state)
            return
        knowledge = _knowledge(state)
        is_new = self._learnt.get(state.at) != knowledge
        self._idle[state.at] = 0 if is_new else self._idle[state.at] + 1
        self._learnt[state.at] = knowledge
        if (times := self._idle[state.at]) >= IDLE_VISITS:
            self._note(
                Signal(
                    kind=SignalKind.LOOP,
                    agent=SPEAKER[state.at],
                    summary=f"The run came back to {state.at} {times} times in a row with nothing learnt: no new "
                    f"candidate, base, diagnosis or suspect. Last: {state.reason[:200] or event.fact.value}.",
                    measures=(Measure(name="idle_visits", value=times, limit=IDLE_VISITS),),
                )
            )

    def _ended(self, state: RepairState) -> None:
        if state.at is not Outcome.EXHAUSTED:
            return
        limits = self._budget.limits
        used = {
            "cycles": (self._budget.cycles, limits.max_cycles),
            "tokens": (self._budget.tokens, limits.max_tokens),
            "seconds": (round(self._budget.elapsed_s, 1), limits.max_seconds),
        }
        spent = ", ".join(f"{value:.0f} of {limit:.0f} {name}" for name, (value, limit) in used.items())
        why = "its budget" if state.fact is Fact.BUDGET_SPENT else "its ideas"
        measures = [Measure(name=name, value=value, limit=limit) for name, (value, limit) in used.items()]
        self._note(
            Signal(
                kind=SignalKind.EXHAUSTION,
                agent=_last_agent(state),
                summary=f"It ended without a fix after {len(state.attempts)} attempts, with {why} used up "
                f"({spent}): {state.reason[:250]}.",
                measures=(Measure(name="attempts", value=len(state.attempts)), *measures),
            )
        )

    def _note(self, signal: Signal) -> None:
        key = (signal.kind, signal.agent)
        is_first = key not in self._known
        self._known[key] = signal
        if is_first:
            self._tell(signal)


def _knowledge(state: RepairState) -> object:
    """What was found out: while this stays the same, going on is going in a circle."""
    return (
        state.base,
        len(set(state.tried_trees)),
        state.diagnosis.summary if state.diagnosis else "",
        state.suspects is None,
        len({(attempt.strategy, attempt.reason) for attempt in state.attempts}),
        len(state.spent_targets),
        state.candidate is not None,
    )


def _last_agent(state: RepairState) -> str:
    return SPEAKER[State(state.path[-2])] if len(state.path) > 1 else SPEAKER[State.REPRODUCE]
