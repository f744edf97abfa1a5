"""Sources that a real linter finds fault with, and what the exact repairs make of them."""

import asyncio
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from builders import a_case, a_diagnosis
from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate
from selfheal.fix.lint.rewrite import LintRewrite
from selfheal.logs.diagnose import diagnose

TOOLS = Path.home() / ".cache/selfheal/recording-tools/bin"
COMMANDS = {
    "ruff": "{ruff} check --isolated --no-cache --output-format concise --select {codes} .",
    "flake8": "{flake8} --isolated --select E,F,W,C --max-complexity 5 .",
    "pylint": "{pylint} --rcfile=/dev/null --score=n --disable=C0114,C0115,C0116,R0801 *.py",
}


@dataclass(frozen=True, slots=True)
class Mended:
    """One finding: its code, the source that has it, the source that no longer has."""

    code: str
    before: str
    after: str
    needs_human: bool = False


def linter(name: str) -> str | None:
    """Find a linter: ruff is a dependency of the tests, the others lie among the recording tools."""
    if name == "ruff":
        return f"{sys.executable} -m ruff"
    found = TOOLS / name
    return str(found) if found.exists() else shutil.which(name)


def found_in(place: Path, tool: str, files: Mapping[str, str], *, codes: str = "ALL") -> dict[str, tuple[Failure, ...]]:
    """Run the linter once over all the files; its findings by file."""
    place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (place / name).write_bytes(text.encode())
    command = COMMANDS[tool].format(**{tool: linter(tool), "codes": codes})
    done = subprocess.run(["sh", "-c", command], cwd=place, capture_output=True, text=True, check=False)
    read = diagnose(done.stdout, exit_code=done.returncode, root=str(place), known_files=frozenset(files))
    found: dict[str, list[Failure]] = defaultdict(list)
    for failure in read.failures:
        found[failure.file or ""].append(failure)
    return {name: tuple(failures) for name, failures in found.items()}


def lint(*failures: Failure) -> Diagnosis:
    return a_diagnosis(*failures, category=Category.LINT)


def mend(
    files: Mapping[str, str], *failures: Failure, place: str = "all", sample: int = 0
) -> CandidatePatch | NoCandidate:
    """What the strategy proposes for the findings."""
    case = a_case(dict(files), diagnosis=lint(*failures))
    target = Target(strategy="lint_rewrite", place=place)
    return asyncio.run(LintRewrite().propose(case, target, sample=sample, tried=()))


def mended(files: Mapping[str, str], *failures: Failure, **options: str) -> str:
    """The text of the one file that a repair of the findings changes."""
    made = mend(files, *failures, **options)
    assert isinstance(made, CandidatePatch), made
    (edit,) = made.edits
    return (edit.content or b"").decode()


def a_finding(code: str, message: str, *, line: int = 1, column: int | None = None, **changes: str) -> Failure:
    facts = {"tool": "ruff", "file": "pkg/core.py"} | changes
    return Failure(code=code, message=message, line=line, column=column, **facts)
