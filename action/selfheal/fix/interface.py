"""The port of the repair strategies: what one is given and what it gives back."""

from collections.abc import Awaitable, Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

from selfheal.contract.command import TreeTransformer
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelRequest
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.suspects import ChangedLines, Suspect
from selfheal.contract.target import Target
from selfheal.contract.tree import TreeView
from selfheal.contract.trials import Spectrum, Splice, Trial

Made = TypeVar("Made")
Ask = Callable[[ModelRequest], Awaitable[ModelAnswer | ModelFailure]]


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate of the same target that failed: its diff, what it led to, and the files as it made them.

    Without a diff it is an answer that was never run, and `result` says what it got wrong.
    """

    diff: str
    result: str
    edits: tuple[FileEdit, ...] = ()


EVERY = 1 << 30
"""So many plausible ones are never found: all candidates are tried, as far as the time goes."""


class Trials(Protocol):
    """Tries candidates in warm tests. What it says is a hint: a candidate is proved by cold runs alone."""

    @property
    def failing(self) -> tuple[str, ...]:
        """The tests that a letter of `Trial.tests` stands for."""
        ...

    @property
    def base(self) -> Trial:
        """What the failing tests do without any edit."""
        ...

    async def run(
        self,
        candidates: Sequence[tuple[Splice, ...]],
        *,
        enough: int,
        seconds: float,
        text: int = 600,
        patience: float = 1.0,
    ) -> tuple[Trial | None, ...]:
        """Try candidates in their order; None for what was not tried: time over, or `enough` were plausible.

        `seconds` are the processor's; on a busy machine it takes up to three times as long. With `patience` each may
        take so many times as long, yet not more than `seconds`, and those that were late before are tried again.
        """
        ...

    async def outcomes(
        self, candidates: Sequence[tuple[Splice, ...]], *, path: str, name: str, line: int
    ) -> tuple[tuple[str, ...], ...]:
        """What the base's function, then each candidate's, makes of the tests' calls and their neighbours, by digests.

        A digest begins with GOOD where the input is, or lies near, a call of a test that passes. `line` is the first of
        the function, decorators included. Empty where that can't be had.
        """
        ...


@dataclass(frozen=True, slots=True)
class RepairCase:
    """Everything that a strategy may look at. `context` renders what surrounds a suspect, for a prompt.

    `trials` is None where only cold runs can tell, `spectrum` where nobody knows what the tests run; `changes` is what
    the commit under test changed, empty where the clone does not tell.
    """

    command: str
    diagnosis: Diagnosis
    suspects: tuple[Suspect, ...]
    tree: TreeView
    transformer: TreeTransformer
    ask: Ask
    context: Callable[[Suspect, int], str]
    seed: int = 0
    trials: Trials | None = None
    spectrum: Spectrum | None = None
    changes: tuple[ChangedLines, ...] = ()
    tells_likelihood: Callable[[], bool] = lambda: False
    """Whether the model, as far as is known by now, may be asked how likely an answer is."""
    relocated: Callable[[frozenset[str] | None], "RepairCase"] | None = None
    """Asked by `narrowed` with tests and by `widened` with None; None where nobody can locate anew."""
    hint: str = ""
    """What the dependency agent found out of a release that broke the code, with its change log."""
    _made: dict[Hashable, object] = field(init=False, default_factory=dict, compare=False, repr=False)

    def narrowed(self, tests: Collection[str]) -> "RepairCase":
        """The same with only these of the failing tests: their failures, and the suspects to which those point."""
        return self._relocated(frozenset(tests))

    def widened(self) -> "RepairCase":
        """The same with further suspects behind its own."""
        return self._relocated(None)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` gives, worked out once for this very case. A key has one type of value."""
        if key not in self._made:
            self._made[key] = make()
        return cast(Made, self._made[key])

    def _relocated(self, tests: frozenset[str] | None) -> "RepairCase":
        relocated = self.relocated
        return self.once(("relocated", tests), lambda: relocated(tests)) if relocated is not None else self


@dataclass(frozen=True, slots=True)
class NoCandidate:
    """Why there is no patch. `is_spent` means that drawing again can't help; `advice` is for the next prompt."""

    reason: str
    is_spent: bool
    advice: str = ""


class Strategy(Protocol):
    """One way to make candidate patches."""

    name: str
    uses_model: bool

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Tell what it could work on in this case, the best first. Cheap and pure."""
        ...

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Make one candidate. `sample` counts from 0; `tried` holds the target's earlier failures."""
        ...
