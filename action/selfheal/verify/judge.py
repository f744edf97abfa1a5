"""Judge a candidate: the policy first, then the narrow command, then the whole command, twice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from selfheal.contract.command import CommandRun, Ending
from selfheal.contract.diagnosis import Diagnosis, Failure
from selfheal.contract.policy.interface import ChangeSet, Violation
from selfheal.contract.tests_seen import TestCounts
from selfheal.contract.trials import Ended, Trial
from selfheal.contract.verdict import Improved, Proved, Refused, Unchanged, Unstable, Verdict, Worse
from selfheal.shell import may_stop_early
from selfheal.verify.compare import compare
from selfheal.verify.narrow import narrow

_NARROW_FROM_S = 3.0
"""Below this a narrow run costs more than it can save."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of the base that a candidate is made on.

    `proof_runs` are the runs that failed before any patch; `run` is the newest failing run, which a partly
    healed base makes another one than those.
    """

    proof_runs: tuple[CommandRun, ...]
    run: CommandRun
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class Verifier:
    """Judges candidates for one command.

    `run` puts the tree exactly into the candidate's state, asks the budget, and runs a command for at most
    the given seconds. `longest_s` is the most that any run may take.
    """

    command: str
    run: Callable[[str, float], Awaitable[CommandRun]]
    diagnose: Callable[[CommandRun], Diagnosis]
    count_tests: Callable[[str], TestCounts | None]
    check_policy: Callable[[ChangeSet], tuple[Violation, ...]]
    longest_s: float
    is_in_new_environment: bool = False
    """True where the candidate brings other packages: they are imported for the first time, and compiled with it."""
    screen: Callable[[float], Awaitable[CommandRun | None]] | None = None
    """Runs the type checker's daemon, where there is one: in a second it tells what is not worth a run."""
    try_warm: Callable[[], Awaitable[Trial | None]] | None = None
    """Tries the candidate in warm tests, where there are some: they tell in milliseconds what is not worth a run."""

    async def judge(self, changes: ChangeSet, before: Before) -> Verdict:
        """Tell what the candidate is worth. The candidate must already lie in the tree."""
        if violations := self.check_policy(changes):
            return Refused(violations=violations)
        touched = frozenset(change.path for change in changes.changes)
        limit = self._limit_s(before)
        if (early := await self._screened(before, limit)) is not None:
            return early
        if (early := await self._tried_warm(before)) is not None:
            return early
        if (part := self._narrow(before)) is not None:
            run = await self.run(part, limit)
            if not run.passed and (verdict := self._failed(run, before, touched, is_part=True)) is not None:
                return verdict
        first = await self.run(self.command, limit)
        if not first.passed:
            return self._failed(first, before, touched, is_part=False) or Unchanged(
                run=first, diagnosis=self.diagnose(first)
            )
        if violations := self._fewer_tests(before, first):
            return Refused(violations=violations)
        second = await self.run(self.command, limit)
        if not second.passed:
            return Unstable(runs=(first, second))
        if violations := self._fewer_tests(before, second):
            return Refused(violations=violations)
        return self._proved(before, (first, second))

    async def _screened(self, before: Before, limit: float) -> Verdict | None:
        """Turn a candidate away that leaves every type error; None where only the whole command can tell."""
        if self.screen is None or any(failure.tool != "mypy" for failure in before.diagnosis.failures):
            return None
        run = await self.screen(limit)
        if run is None or run.exit_code != 1:
            return None
        diagnosis = self.diagnose(run)
        seen = compare(before.diagnosis, diagnosis)
        if not diagnosis.failures or diagnosis.category is not before.diagnosis.category:
            return None
        if seen.new:
            return Worse(run=run, diagnosis=diagnosis, reason=f"{seen.new} new type errors")
        return None if seen.fixed else Unchanged(run=run, diagnosis=diagnosis)

    async def _tried_warm(self, before: Before) -> Verdict | None:
        """Turn away what leaves every failing test failing or breaks another; None where only cold runs can tell."""
        trial = await self.try_warm() if self.try_warm is not None else None
        if trial is None or trial.is_plausible or ("P" in trial.tests and "F" not in trial.also):
            return None
        run = CommandRun(
            command=self.command,
            ending=Ending.TIMED_OUT if trial.ended is Ended.LATE else Ending.EXITED,
            exit_code=1,
            output=trial.text,
            output_bytes=len(trial.text),
            wall_s=trial.wall_s,
            sandbox=before.run.sandbox,
        )
        words = trial.text.strip().rpartition("\n")[2] or "no words"
        failure = Failure(tool="pytest", message=words, excerpt=trial.text.partition("\n")[2])
        diagnosis = Diagnosis(category=before.diagnosis.category, summary=words, failures=(failure,))
        if trial.ended is Ended.LATE:
            return Worse(run=run, diagnosis=diagnosis, reason=f"it no longer ends ({trial.wall_s:.1f} s)")
        if "F" in trial.also:
            return Worse(run=run, diagnosis=diagnosis, reason="a test that passed before fails with it")
        return Unchanged(run=run, diagnosis=diagnosis)

    def _narrow(self, before: Before) -> str | None:
        return narrow(self.command, before.diagnosis) if before.run.wall_s >= _NARROW_FROM_S else None

    def _limit_s(self, before: Before) -> float:
        """Learn the limit from the failing runs: endless loops are common among candidates.

        A run that stopped at its first failure says little about how long the whole takes, one with other packages too.
        """
        seen_s = max(run.wall_s for run in (*before.proof_runs, before.run))
        says_little = self.is_in_new_environment or may_stop_early(self.command)
        learnt = 60 + 10 * seen_s if says_little else 10 + 4 * seen_s
        return min(self.longest_s, learnt)

    def _failed(self, run: CommandRun, before: Before, touched: frozenset[str], *, is_part: bool) -> Verdict | None:
        """Judge a failing run; None where a failing part says nothing and the whole has to be run."""
        diagnosis = self.diagnose(run)
        if run.ending is Ending.TIMED_OUT:
            return Worse(run=run, diagnosis=diagnosis, reason=f"it no longer ends ({run.wall_s:.0f} s)")
        seen = compare(before.diagnosis, diagnosis, touched=touched)
        if is_part and not any(failure.test_id for failure in diagnosis.failures):
            return None
        if is_part and seen.fixed and not seen.new:
            return None
        if seen.is_blocked:
            return Worse(run=run, diagnosis=diagnosis, reason="it breaks before the tests are reached")
        excused = self._excused(run, before, new=seen.new, from_other_stages=seen.new_from_other_stages)
        if seen.new > excused and not seen.is_traded:
            return Worse(run=run, diagnosis=diagnosis, reason=f"{seen.new - excused} new failures")
        if seen.fixed and not is_part:
            return Improved(run=run, diagnosis=diagnosis, fixed=seen.fixed, remaining=seen.remaining + seen.new)
        return Unchanged(run=run, diagnosis=diagnosis)

    def _excused(self, run: CommandRun, before: Before, *, new: int, from_other_stages: int) -> int:
        """Count new failures that were hidden behind an earlier stop and are not the candidate's doing."""
        if not may_stop_early(self.command):
            return 0
        earlier, later = self.count_tests(before.run.output), self.count_tests(run.output)
        if earlier is not None and later is not None and later.passed > earlier.passed:
            return new
        return from_other_stages

    def _fewer_tests(self, before: Before, after: CommandRun) -> tuple[Violation, ...]:
        old, new = self.count_tests(before.run.output), self.count_tests(after.output)
        if old is None:
            return ()
        if new is None:
            return (_violation("tests-collected", f"{old.collected} tests were counted before, now none are told"),)
        if new.collected < old.collected:
            message = f"{new.collected} tests are collected, {old.collected} were before: no test may be lost"
            return (_violation("tests-collected", message),)
        if new.collected > old.collected or not _all_were_run(old):
            return ()
        for name in ("skipped", "xfailed", "deselected"):
            was, now = getattr(old, name), getattr(new, name)
            if now > was:
                return (_violation("tests-skipped", f"{now} tests are {name}, {was} were before: they must run"),)
        return ()

    def _proved(self, before: Before, after: tuple[CommandRun, ...]) -> Verdict:
        old, new = self.count_tests(before.run.output), self.count_tests(after[-1].output)
        return Proved(
            before=before.proof_runs,
            after=after,
            tests_before=old.collected if old else None,
            tests_after=new.collected if new else None,
        )


def _all_were_run(seen: TestCounts) -> bool:
    """False where a run stopped at a failure: what it never came to may be skipped by design."""
    ran = seen.passed + seen.failed + seen.skipped + seen.xfailed + seen.xpassed + seen.errors + seen.deselected
    return ran >= seen.collected


def _violation(rule: str, message: str) -> Violation:
    return Violation(rule=rule, path=None, line=None, message=message)
