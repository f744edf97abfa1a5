"""Small projects that a real type checker refuses, and a repair of them by one strategy."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from builders import a_case
from selfheal.contract.command import CommandRun, Ending, Transformation
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.tree import MemoryTree
from selfheal.fix.interface import RepairCase, Strategy
from selfheal.fix.types.type_repair import TypeRepair
from selfheal.logs.diagnose import diagnose

TOOLS = Path.home() / ".cache/selfheal/recording-tools/bin"
MYPY = f"{sys.executable} -m mypy --strict --cache-dir {{cache}} --warn-unreachable"
_MAX_STEPS = 8


@dataclass
class Checked:
    """A project in a folder and the command that checks it."""

    place: Path
    files: Mapping[str, str]
    command: str
    candidates: list[CandidatePatch] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    runs: int = 0
    writes: int = 1_000_000

    def __post_init__(self) -> None:
        for path, text in self.files.items():
            file = self.place / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())

    def tree(self) -> MemoryTree:
        found = {str(p.relative_to(self.place)): p.read_bytes() for p in self.place.rglob("*") if p.is_file()}
        return MemoryTree({path: raw for path, raw in found.items() if "__pycache__" not in path})

    def run(self, command: str) -> CommandRun:
        self.runs += 1
        done = subprocess.run(["sh", "-c", command], cwd=self.place, capture_output=True, check=False)
        output = (done.stdout + done.stderr).decode(errors="replace")
        return CommandRun(
            command=command, ending=Ending.EXITED, exit_code=done.returncode, output=output,
            output_bytes=len(output), wall_s=0.1, sandbox="none",
        )  # fmt: skip

    async def transform(self, command: str, *, timeout_s: float) -> Transformation:
        """Run it, and put the files back."""
        before = self.tree()
        run = self.run(command)
        after = self.tree()
        edits = tuple(FileEdit(path=p, content=after.read(p)) for p in after.paths() if after.read(p) != before.read(p))
        self.write(FileEdit(path=path, content=before.read(path)) for path in before.paths())
        return Transformation(run=run, edits=edits)

    def write(self, edits) -> None:
        for edit in edits:
            file = self.place / edit.path
            file.write_bytes(edit.content)
            self.writes += 1  # mypy's cache takes files of one size and one second for the same
            os.utime(file, (self.writes, self.writes))

    def diagnosis(self) -> Diagnosis:
        run = self.run(self.command)
        if run.passed:
            return Diagnosis(category="unknown", summary="passes")
        known = frozenset(self.tree().paths())
        return diagnose(run.output, exit_code=run.exit_code, root=str(self.place), known_files=known)

    def case(self, diagnosis: Diagnosis) -> RepairCase:
        return a_case({}, command=self.command, diagnosis=diagnosis, tree=self.tree(), transformer=self)

    async def heal(self, strategy: Strategy | None = None) -> bool:
        """Draw candidates and keep those that leave fewer findings, as a repair does; tell whether it passes."""
        strategy = strategy or TypeRepair()
        diagnosis = self.diagnosis()
        for _ in range(_MAX_STEPS):
            if not diagnosis.failures:
                return True
            better = await self._step(strategy, diagnosis)
            if better is None:
                return False
            diagnosis = better
        return not diagnosis.failures

    async def _step(self, strategy: Strategy, diagnosis: Diagnosis) -> Diagnosis | None:
        case = self.case(diagnosis)
        before = self.tree()
        for target in strategy.targets(case):
            for sample in range(target.samples):
                made = await strategy.propose(case, target, sample=sample, tried=())
                if not isinstance(made, CandidatePatch):
                    self.reasons.append(made.reason)
                    if made.is_spent:
                        break
                    continue
                self.write(made.edits)
                after = self.diagnosis()
                old = {(f.code, f.message.partition("\n")[0], f.file) for f in diagnosis.failures}
                new = {(f.code, f.message.partition("\n")[0], f.file) for f in after.failures}
                if len(after.failures) < len(diagnosis.failures) and new <= old:
                    self.candidates.append(made)
                    return after
                self.write(FileEdit(path=path, content=before.read(path)) for path in before.paths())
        return None

    def text(self, path: str) -> str:
        return (self.place / path).read_bytes().decode()


def recording_tool(name: str) -> str | None:
    """Find a checker that is no dependency of the tests."""
    found = TOOLS / name
    return str(found) if found.exists() else shutil.which(name)
