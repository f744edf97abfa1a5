"""What the verifier says of a candidate. Evidence is a constructor argument."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from selfheal.contract.base import Frozen
from selfheal.contract.command import CommandRun
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.policy.interface import Violation


class VerdictKind(StrEnum):
    """The discriminator of `Verdict`, and the word that a report shows."""

    PROVED = "proved"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    REFUSED = "refused"
    UNSTABLE = "unstable"
    INVALID = "invalid"


class Guarded(Frozen):
    """What the project's own tests said, where the failing command runs none. Counts are of passing tests.

    `passed_before` is None where all of them pass with the patch, so that there was nothing to compare.
    """

    command: str
    passed_before: int | None
    passed_after: int
    still_failing: tuple[str, ...] = ()
    """Tests that fail without the patch and with it: what is wrong there may be what the patch should have mended."""


class Proved(Frozen):
    """Failed twice before, passes twice after, and nothing was weakened."""

    kind: Literal[VerdictKind.PROVED] = VerdictKind.PROVED
    before: tuple[CommandRun, ...]
    after: tuple[CommandRun, ...]
    tests_before: int | None
    tests_after: int | None
    guarded: Guarded | None = None

    @model_validator(mode="after")
    def _evidence(self) -> Self:
        if len(self.before) < 2 or any(run.passed for run in self.before):
            raise ValueError("a proof needs two failing runs before the patch")
        if len(self.after) < 2 or not all(run.passed for run in self.after):
            raise ValueError("a proof needs two passing runs after the patch")
        if self.tests_before is not None and (self.tests_after is None or self.tests_after < self.tests_before):
            raise ValueError("a proof needs at least as many collected tests as before")
        return self


class Improved(Frozen):
    """Not green yet, but every failure that is left was there before, and at least one is gone.

    A linter's findings may give way to fewer others of its own.
    """

    kind: Literal[VerdictKind.IMPROVED] = VerdictKind.IMPROVED
    run: CommandRun
    diagnosis: Diagnosis
    fixed: int
    remaining: int


class Unchanged(Frozen):
    """The same failures as before."""

    kind: Literal[VerdictKind.UNCHANGED] = VerdictKind.UNCHANGED
    run: CommandRun
    diagnosis: Diagnosis


class Worse(Frozen):
    """New failures appeared, or the command broke earlier than before."""

    kind: Literal[VerdictKind.WORSE] = VerdictKind.WORSE
    run: CommandRun
    diagnosis: Diagnosis
    reason: str


class Refused(Frozen):
    """The policy refused it before (or although) it passed."""

    kind: Literal[VerdictKind.REFUSED] = VerdictKind.REFUSED
    violations: tuple[Violation, ...]


class Unstable(Frozen):
    """It passed once and failed once: no proof."""

    kind: Literal[VerdictKind.UNSTABLE] = VerdictKind.UNSTABLE
    runs: tuple[CommandRun, ...]


class Invalid(Frozen):
    """It can't be tried at all: no change, does not parse, tried before, or touches what can't be edited."""

    kind: Literal[VerdictKind.INVALID] = VerdictKind.INVALID
    reason: str


Verdict = Annotated[Proved | Improved | Unchanged | Worse | Refused | Unstable | Invalid, Field(discriminator="kind")]
