"""Scripted benches and verifiers: runs come from a list, and what was asked for is remembered."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from builders import a_diagnosis, a_passing_run, a_run
from selfheal.contract.command import CommandRun
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.policy.interface import ChangeSet, Violation
from selfheal.contract.sandbox import Ladder, SandboxLevel
from selfheal.contract.verdict import Verdict
from selfheal.logs import count_tests
from selfheal.verify.judge import Before, Verifier
from selfheal.verify.reproduce import Bench, Reproduction, reproduce

ALL_LEVELS = Ladder(levels=tuple(SandboxLevel), why="all")
ONE_LEVEL = Ladder(levels=(SandboxLevel.ISOLATED,), why="no other")


@dataclass
class LevelScript:
    """For each level the runs that it gives, in order; the last repeats."""

    runs: dict[SandboxLevel, list[CommandRun]]
    diagnoses: dict[str, Diagnosis] = field(default_factory=dict)
    asked: list[SandboxLevel] = field(default_factory=list)

    async def run(self, level: SandboxLevel) -> CommandRun:
        self.asked.append(level)
        runs = self.runs[level]
        return runs.pop(0) if len(runs) > 1 else runs[0]

    def diagnose(self, run: CommandRun) -> Diagnosis:
        return self.diagnoses.get(run.output, a_diagnosis(summary=run.output))

    async def reproduce(self, ladder: Ladder = ALL_LEVELS) -> Reproduction:
        return await reproduce(Bench(run=self.run, diagnose=self.diagnose, ladder=ladder))


@dataclass
class Trial:
    """One candidate before the judge. `runs` are what the command gives after the patch, in order."""

    runs: Sequence[CommandRun] = ()
    command: str = "pytest -q"
    diagnoses: dict[str, Diagnosis] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()
    before: CommandRun = field(default_factory=lambda: a_run(output="1 failed, 2 passed in 0.1s"))
    diagnosis: Diagnosis = field(default_factory=a_diagnosis)
    is_in_new_environment: bool = False
    longest_s: float = 600.0
    asked: list[tuple[str, float]] = field(default_factory=list)

    async def judge(self) -> Verdict:
        left = list(self.runs)

        async def run(command: str, timeout_s: float) -> CommandRun:
            self.asked.append((command, timeout_s))
            return left.pop(0)

        verifier = Verifier(
            command=self.command,
            run=run,
            diagnose=lambda run: self.diagnoses.get(run.output, self.diagnosis),
            count_tests=count_tests,
            check_policy=lambda changes: self.violations,
            longest_s=self.longest_s,
            is_in_new_environment=self.is_in_new_environment,
        )
        before = Before(proof_runs=(self.before, self.before), run=self.before, diagnosis=self.diagnosis)
        return await verifier.judge(ChangeSet(changes=()), before)


def passed(words: str = "3 passed in 0.1s") -> CommandRun:
    return a_passing_run().model_copy(update={"output": words})
