"""Signs that a run went wrong in a way that a person should hear of: exhaustion, drift, loop."""

from enum import StrEnum

from pydantic import Field

from selfheal.contract.base import Frozen


class SignalKind(StrEnum):
    """Exhaustion: it ended without a fix. Drift: the model's answers got worse. Loop: nothing was learnt any more."""

    EXHAUSTION = "agent_exhaustion"
    DRIFT = "agent_drift"
    LOOP = "loop"


class Measure(Frozen):
    """One number behind a signal: what it is now, what it was at first, and from where on it counts."""

    name: str = Field(max_length=80)
    value: float
    was: float | None = None
    limit: float | None = None


class Signal(Frozen):
    """One sign, with the agent that it is about and the numbers that it was computed from."""

    kind: SignalKind
    agent: str = Field(max_length=80)
    summary: str = Field(max_length=600)
    """One sentence for a person."""
    measures: tuple[Measure, ...] = ()
