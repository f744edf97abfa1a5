"""Run the project's own tests beside a failing command that runs none, so that a repair breaks nothing else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from selfheal.contract.command import CommandRun, Ending
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.policy import FileChange
from selfheal.contract.tests_seen import TestCounts
from selfheal.contract.tree import Version
from selfheal.contract.verdict import Guarded, Improved, Proved, Verdict, Worse
from selfheal.verify import broken_by, changes_meaning, doubted_by

_LONGEST_S = 90.0
_SHARE = 0.2
"""How much of the seconds that are left one run of the tests may take."""


@dataclass(frozen=True, slots=True)
class _Tests:
    """One run of the tests."""

    run: CommandRun
    counts: TestCounts
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardPorts:
    """What the guard acts through. `run` puts the tree into a version and runs a line for at most some seconds."""

    run: Callable[[Version, str, float], Awaitable[CommandRun]]
    diagnose: Callable[[CommandRun], Diagnosis]
    count_tests: Callable[[str], TestCounts | None]
    seconds_left: Callable[[], float]
    read: Callable[[Version, str], bytes | None]
    """A file of a version."""


def _is_all_green(tests: _Tests) -> bool:
    """True where every test that there is ran and passed: what is skipped may have run before."""
    counts = tests.counts
    return tests.run.exit_code == 0 and counts.passed > 0 and counts.passed == counts.collected


def _names(diagnosis: Diagnosis) -> tuple[str, ...]:
    return tuple(dict.fromkeys(failure.test_id for failure in diagnosis.failures if failure.test_id))


class RegressionGuard:
    """Judges accepted candidates once more, by tests that the failing command does not run.

    `line` runs them; None where there is nothing to run. The tree as it was found is tried once at most, and only
    when a candidate is accepted that may change what the program does.
    """

    def __init__(self, *, line: str | None, original: Version, ports: GuardPorts) -> None:
        self._line = line
        self._original = original
        self._ports = ports
        self._before: _Tests | None = None
        self._is_blind = False
        """True once the tests of the tree as it was found could not be had."""

    async def judge(
        self,
        verdict: Verdict,
        candidate: CandidatePatch,
        version: Version,
        changes: tuple[FileChange, ...],
        *,
        is_exact: bool,
    ) -> Verdict:
        """The verdict, or `Worse` where a test that passed before fails now, or a guess leaves its tests failing.

        What only improves is tried when it is risky; everything else when the whole is proved. Where every test passes
        with an exact repair nothing can have been broken, and the tree as it was found need not be tried.
        """
        if self._line is None or not isinstance(verdict, Proved | Improved) or not changes_meaning(changes):
            return verdict
        if isinstance(verdict, Improved) and candidate.disposition is Disposition.AUTO:
            return verdict
        is_guess = candidate.disposition is Disposition.NEEDS_HUMAN
        if self._is_blind and not is_guess:
            return verdict
        run = await self._ports.run(version, self._line, self._limit_s())
        after = self._read(run)
        if is_exact and after is not None and _is_all_green(after):
            return self._guarded(verdict, before=self._before, after=after)
        before = await self._baseline(self._line)
        if before is None:
            return self._doubted(run, version, changes) or verdict if is_guess else verdict
        if after is None:
            reason = "the project's own tests no longer run to their end"
            return Worse(run=run, diagnosis=self._ports.diagnose(run), reason=reason)
        broken = broken_by(before.diagnosis, after.diagnosis, frozenset(change.path for change in changes))
        if broken or after.counts.collected < before.counts.collected:
            names = ", ".join(broken[:3]) or f"{before.counts.collected - after.counts.collected} tests are gone"
            return Worse(run=run, diagnosis=after.diagnosis, reason=f"tests that passed before fail with it: {names}")
        doubted = self._doubted(run, version, changes) if is_guess else None
        return doubted or self._guarded(verdict, before=before, after=after)

    def _doubted(self, run: CommandRun, version: Version, changes: tuple[FileChange, ...]) -> Worse | None:
        """A guess that leaves the tests of what it changes as red as they were is the wrong one."""
        diagnosis = self._ports.diagnose(run)
        doubts = () if run.passed else doubted_by(diagnosis, changes, lambda path: self._ports.read(version, path))
        if not doubts:
            return None
        reason = f"tests of what it changes fail with it as they did before: {', '.join(doubts[:3])}"
        return Worse(run=run, diagnosis=diagnosis, reason=reason)

    def _guarded(self, verdict: Proved | Improved, *, before: _Tests | None, after: _Tests) -> Verdict:
        if isinstance(verdict, Improved) or self._line is None:
            return verdict
        guarded = Guarded(
            command=self._line,
            passed_before=before.counts.passed if before is not None else None,
            passed_after=after.counts.passed,
            still_failing=_names(after.diagnosis),
        )
        return verdict.model_copy(update={"guarded": guarded})

    async def _baseline(self, line: str) -> _Tests | None:
        """The tests of the tree as it was found; None where they can't be had, and then they are not tried again."""
        if self._before is None and not self._is_blind:
            run = await self._ports.run(self._original, line, self._limit_s())
            self._before = self._read(run)
            self._is_blind = self._before is None
        return self._before

    def _read(self, run: CommandRun) -> _Tests | None:
        counts = self._ports.count_tests(run.output)
        if run.ending is not Ending.EXITED or counts is None or not counts.collected + counts.errors:
            return None
        return _Tests(run, counts, self._ports.diagnose(run))

    def _limit_s(self) -> float:
        longest = min(_LONGEST_S, self._ports.seconds_left() * _SHARE)
        return longest if self._before is None else min(longest, 10 + 4 * self._before.run.wall_s)
