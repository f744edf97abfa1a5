"""Trials: candidates that run in children of a warm test process. They are hints, never proofs."""

import math
from collections import Counter
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from selfheal.contract.base import Frozen
from selfheal.contract.test_paths import is_test_path
from selfheal.sequences import common_start

GOOD = "+"
"""What the outcome of an input begins with that is, or lies near, a call of a test that passes."""
CRASHED = "!"
"""What comes next in the outcome of an input on which the function stumbles: an error that it does not raise itself."""


class Splice(Frozen):
    """Characters `first`..`last` (from 0, the end left out) of a UTF-8 file give way to `text`."""

    path: str
    first: Annotated[int, Field(ge=0)]
    last: Annotated[int, Field(ge=0)]
    text: str

    @classmethod
    def between(cls, path: str, old: str, new: str) -> Self:
        """The shortest splice that makes `new` of `old`."""
        first = common_start(old, new)
        same = common_start(old[first:][::-1], new[first:][::-1])
        return cls(path=path, first=first, last=len(old) - same, text=new[first : len(new) - same])

    def touches(self, other: Self) -> bool:
        """True where one lies in the other's place, or beside it: what both make depends on their order."""
        return self.path == other.path and self.first <= other.last and other.first <= self.last


class Ended(StrEnum):
    """How a trial ended."""

    RAN = "ran"
    LATE = "late"
    """It did not end within the learnt limit."""
    BROKEN = "broken"
    """It gave no answer: it does not compile, can't be collected, or died."""


class Trial(Frozen):
    """What became of one candidate. A letter a test: `P` passed, `F` failed, `S` skipped, `-` not run.

    `tests` are some of those that failed before; where all of these pass `others` run, which are further ones of those
    that failed, and where these pass, too, `also`, which passed before. The first of either that fails ends it.
    """

    ended: Ended
    tests: Annotated[str, Field(max_length=400, pattern=r"^[PFS-]*$")] = ""
    others: Annotated[str, Field(max_length=400, pattern=r"^[PFS-]*$")] = ""
    also: Annotated[str, Field(max_length=4000, pattern=r"^[PFS-]*$")] = ""
    text: Annotated[str, Field(max_length=8000)] = ""
    wall_s: Annotated[float, Field(ge=0)] = 0.0
    cpu_s: Annotated[float, Field(ge=0)] = 0.0
    is_hot: bool = False
    """True where functions were replaced in a process that had loaded the project already."""

    @property
    def is_plausible(self) -> bool:
        """True where every test that failed passes, and none that passed fails."""
        return bool(self.tests) and set(self.tests) == {"P"} and "F" not in self.others + self.also


class CoveredTest(Frozen):
    """One test of the spectrum: what became of it, and which lines of the repository it ran."""

    test_id: str
    has_failed: bool
    cpu_s: float
    lines: tuple[tuple[str, tuple[int, ...]], ...]


class Spectrum(Frozen):
    """Which test ran what, on the current base."""

    tests: tuple[CoveredTest, ...]

    def among(self, failing: Collection[str]) -> Self:
        """The same without the failing tests that are not among these."""
        return self.model_copy(
            update={"tests": tuple(one for one in self.tests if not one.has_failed or one.test_id in failing)}
        )

    def line_suspicions(self) -> dict[tuple[str, int], float]:
        """Ochiai's suspiciousness of each line that a failing test runs; 1 for one that all of them and no other run.

        Source: Abreu, Zoeteweij, van Gemund, "On the Accuracy of Spectrum-based Fault Localization" (2007).
        """
        failing = sum(test.has_failed for test in self.tests)
        failed: Counter[tuple[str, int]] = Counter()
        passed: Counter[tuple[str, int]] = Counter()
        for test in self.tests:
            counts = failed if test.has_failed else passed
            counts.update((file, line) for file, lines in test.lines if not is_test_path(file) for line in lines)
        return {place: count / math.sqrt(failing * (count + passed[place])) for place, count in failed.items()}
