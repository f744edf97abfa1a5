"""report.json: the stable document that a repair leaves behind."""

from enum import StrEnum
from typing import Literal

from selfheal.contract.base import SCHEMA_VERSION, Frozen
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.engine import ModelIdentity
from selfheal.contract.explanation import Explanation
from selfheal.contract.patch import Patch
from selfheal.contract.signals import Signal
from selfheal.contract.suspects import Suspect
from selfheal.contract.verdict import Guarded, VerdictKind


class Outcome(StrEnum):
    """How a repair ended."""

    HEALED = "healed"
    ALREADY_PASSING = "already_passing"
    FLAKY = "flaky"
    NOT_FIXABLE = "not_fixable"
    EXHAUSTED = "exhausted"
    REFUSED = "refused"
    ERROR = "error"

    @property
    def is_good(self) -> bool:
        """True where the command line exits with 0."""
        return self in (Outcome.HEALED, Outcome.ALREADY_PASSING)


class RunSummary(Frozen):
    """One run of the command, as evidence. `tail` is its redacted last lines."""

    command: str
    exit_code: int
    wall_s: float
    sandbox: str
    tail: str


class Verification(Frozen):
    """What was run before and after. `before` is the first failing run."""

    before: RunSummary | None
    before_again: RunSummary | None = None
    after: tuple[RunSummary, ...] = ()
    tests_collected_before: int | None = None
    tests_collected_after: int | None = None
    guarded: Guarded | None = None
    """The project's own tests, run besides a command that runs none."""


class Attempt(Frozen):
    """One candidate, or one call that gave none, and what became of it."""

    number: int
    strategy: str
    patch_sha256: str | None
    verdict: VerdictKind
    reason: str
    model_calls: int
    prompt_tokens: int
    completion_tokens: int
    wall_s: float
    diff: str = ""
    rationale: str = ""
    """What the candidate does and why it was preferred, with the rival that was not chosen, in its strategy's words."""
    tree: str | None = None
    """The git tree hash that was tried; never tried again, across retries too."""

    @property
    def is_kept(self) -> bool:
        """True where it is part of the patch, if there is one: it mended all, or a part."""
        return self.verdict in (VerdictKind.PROVED, VerdictKind.IMPROVED)


class StateTime(Frozen):
    """How often a state was visited, and the seconds that all visits took."""

    state: str
    visits: int
    wall_s: float


class Usage(Frozen):
    """What a repair cost. `cached_prompt_tokens` counts what the engine did not have to read again.

    `trials` are candidates that warm tests turned away or let pass, in forked children; their time is the command's.
    """

    model_calls: int = 0
    prompt_tokens: int = 0
    cached_prompt_tokens: int = 0
    completion_tokens: int = 0
    wall_s: float = 0.0
    command_runs: int = 0
    trials: int = 0
    command_wall_s: float = 0.0
    model_wall_s: float = 0.0
    engine_start_s: float = 0.0
    states: tuple[StateTime, ...] = ()


class Report(Frozen):
    """The whole document."""

    schema_version: Literal[1] = SCHEMA_VERSION
    outcome: Outcome
    summary: str
    """One sentence for a person."""
    next_steps: tuple[str, ...] = ()
    command: str
    base_commit: str | None
    is_dirty: bool
    diagnosis: Diagnosis | None
    suspects: tuple[Suspect, ...] = ()
    dependencies: tuple[Explanation, ...] = ()
    """Which releases broke the command, where they did, and what the patch does about each."""
    patch: Patch | None
    verification: Verification
    attempts: tuple[Attempt, ...]
    usage: Usage
    model: ModelIdentity | None
    sandbox: str
    path: tuple[str, ...]
    """The states that the run went through, in order."""
    signals: tuple[Signal, ...] = ()
    trace_id: str | None = None
    span_id: str | None = None
    """The trace's first span: whoever goes on with the repair hangs its own below it."""
    selfheal_version: str
