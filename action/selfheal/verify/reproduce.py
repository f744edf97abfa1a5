"""Show that the command fails, in the tightest sandbox in which the same failure shows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from selfheal.contract.command import CommandRun, Ending
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.sandbox import Ladder, SandboxLevel
from selfheal.verify.compare import signatures

_MOST_RUNS = 5

_SANDBOX_SIGNS = (
    *("network is unreachable", "name resolution", "name or service not known", "could not resolve", "enetunreach"),
    *("eai_again", "enotfound", "getaddrinfo", "no route to host", "connection refused", "econnrefused"),
    *("read-only file system", "erofs", "permission denied", "eacces", "operation not permitted", "eperm"),
    *("no such file or directory: '/run", "/var/run/docker.sock", "no address associated with hostname"),
)
"""Words in an output that a sandbox may have caused. They only cost a second look, they decide nothing."""


@dataclass(frozen=True, slots=True)
class Reproduced:
    """The command failed at least twice at `level`, whatever was run before to choose the level."""

    level: SandboxLevel
    runs: tuple[CommandRun, ...]


@dataclass(frozen=True, slots=True)
class PassesNow:
    """The command passed twice."""

    level: SandboxLevel
    runs: tuple[CommandRun, ...]


@dataclass(frozen=True, slots=True)
class Disagreed:
    """The command passed and failed on the same tree."""

    level: SandboxLevel
    runs: tuple[CommandRun, ...]

    @property
    def passed(self) -> int:
        """How many of the runs passed."""
        return sum(run.passed for run in self.runs)


@dataclass(frozen=True, slots=True)
class NeverEnded:
    """The command did not end within its time limit."""

    level: SandboxLevel
    runs: tuple[CommandRun, ...]


Reproduction = Reproduced | PassesNow | Disagreed | NeverEnded


@dataclass(frozen=True, slots=True)
class Bench:
    """What reproducing needs. `run` prepares the tree, asks the budget and runs once at a level."""

    run: Callable[[SandboxLevel], Awaitable[CommandRun]]
    diagnose: Callable[[CommandRun], Diagnosis]
    ladder: Ladder


async def reproduce(bench: Bench) -> Reproduction:
    """Run the command twice in the ordinary case, more where the runs disagree or the sandbox is suspect."""
    level = bench.ladder.tightest
    first = await bench.run(level)
    if first.ending is Ending.TIMED_OUT:
        return NeverEnded(level, (first,))
    if first.passed:
        # The second run at the loosest level: a failure that only shows out there would be missed otherwise.
        level, second = bench.ladder.loosest, await bench.run(bench.ladder.loosest)
        if second.passed or second.ending is Ending.TIMED_OUT or level is bench.ladder.tightest:
            return await _settle(bench, level, (first, second))
        level, first = await _tightest_like(bench, second)
        return await _settle(bench, level, (first, await bench.run(level)))
    if len(bench.ladder.levels) > 1 and looks_sandboxed(first):
        level, first = await _loosen(bench, first)
    return await _settle(bench, level, (first, await bench.run(level)))


def looks_sandboxed(run: CommandRun) -> bool:
    """Tell whether the sandbox might have caused or changed the failure."""
    text = run.output.lower()
    return any(sign in text for sign in _SANDBOX_SIGNS)


async def _loosen(bench: Bench, tight: CommandRun) -> tuple[SandboxLevel, CommandRun]:
    """Choose the tightest level that shows what the loosest shows."""
    reference = await bench.run(bench.ladder.loosest)
    if _same(bench, tight, reference):
        return bench.ladder.tightest, tight
    return await _tightest_like(bench, reference)


async def _tightest_like(bench: Bench, reference: CommandRun) -> tuple[SandboxLevel, CommandRun]:
    """Look between the tightest level, which is known to differ, and the loosest, which gave `reference`."""
    for level in bench.ladder.levels[1:-1]:
        run = await bench.run(level)
        if _same(bench, run, reference):
            return level, run
    return bench.ladder.loosest, reference


def _same(bench: Bench, one: CommandRun, other: CommandRun) -> bool:
    if one.passed or other.passed:
        return one.passed == other.passed
    return signatures(bench.diagnose(one)) == signatures(bench.diagnose(other))


async def _settle(bench: Bench, level: SandboxLevel, runs: tuple[CommandRun, ...]) -> Reproduction:
    if any(run.ending is Ending.TIMED_OUT for run in runs):
        return NeverEnded(level, runs)
    if all(run.passed for run in runs):
        return PassesNow(level, runs)
    if not any(run.passed for run in runs):
        return Reproduced(level, runs)
    while len(runs) < _MOST_RUNS:
        runs = (*runs, await bench.run(level))
    return Disagreed(level, runs)
