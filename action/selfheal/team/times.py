"""The run as a whole: how long each state took, and what its first span says at the end."""

from collections.abc import Sequence
from itertools import pairwise

from selfheal.contract.report import StateTime
from selfheal.contract.signals import Signal
from selfheal.team.state import RepairState
from selfheal.trace.recorded import RecordedSpan


def state_times(versions: Sequence[RepairState]) -> tuple[StateTime, ...]:
    """Seconds and visits by state, in the order of their first visit. The first state began with the repair."""
    visits: dict[str, int] = {}
    seconds: dict[str, float] = {}
    for before, after in pairwise(versions):
        name = before.at.value
        visits[name] = visits.get(name, 0) + 1
        seconds[name] = seconds.get(name, 0.0) + after.spent.elapsed_s - before.spent.elapsed_s
    return tuple(StateTime(state=name, visits=visits[name], wall_s=round(seconds[name], 3)) for name in visits)


def trace_end(span: RecordedSpan, state: RepairState, signals: Sequence[Signal]) -> None:
    """Say on the first span how the run ended."""
    first = state.first_diagnosis
    span.set(
        selfheal__outcome=state.at.value,
        selfheal__reason=state.reason,
        selfheal__category=first.category.value if first else None,
        selfheal__diagnosis=first.summary if first else None,
        selfheal__attempts=len(state.attempts),
        selfheal__signals=tuple(signal.kind.value for signal in signals) or None,
        gen_ai__usage__input_tokens=state.spent.prompt_tokens,
        gen_ai__usage__output_tokens=state.spent.completion_tokens,
    )
