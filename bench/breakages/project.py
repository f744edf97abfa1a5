"""Make a case's repository, with a commit of the day when it passed, and the environment that a job has today."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from breakages.case import Case
from breakages.locking import lock, node_tools, python_tools
from selfheal.contract.tree import MemoryTree
from selfheal.executor.installer import uv_program
from selfheal.fix.dependencies.plan import plan_for
from selfheal.shell import installs_packages

TODAY = "2026-11-27"
"""Nothing newer is seen, so that a case stays what it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case lies and what its command runs in."""

    repo: Path
    environment: Path | None
    programs: Path

    def variables(self, environ: dict[str, str]) -> dict[str, str]:
        """The job's variables: its environment is activated."""
        active = {"VIRTUAL_ENV": str(self.environment)} if self.environment is not None else {}
        return {**environ, **active, "PATH": f"{self.programs}:{environ['PATH']}"}


def make(case: Case, folder: Path) -> Place:
    """Write the files, commit them, and install what the manifests ask for as of today, as far as that can be had."""
    repo, environment = folder / "repo", folder / "venv"
    shutil.rmtree(folder, ignore_errors=True)
    programs = _programs(case, folder.parent, environment)
    if case.locked_as:
        _write(repo, {**case.files, **case.locked_as})
        lock(case.tool, repo / case.folder, programs, folder)
    _write(repo, {**case.files, **case.before})
    if case.bot:
        # For the manifest as it is, with the versions that it was held to: a tool keeps those that it has.
        lock(case.tool, repo / case.folder, programs, folder)
    subprocess.run(("git", "init", "-q"), cwd=repo, check=True)
    _commit(repo, case.day, "as it passed")
    if case.bot_day:
        _write(repo, case.files)
        if case.bot:
            lock(case.tool, repo / case.folder, programs, folder, arguments=case.bot)
        _commit(repo, case.bot_day, "build(deps): bump")
    if case.ecosystem != "python":
        if case.ecosystem == "npm" and not installs_packages(case.command):
            words = ("npm", "install", "--no-audit", "--no-fund", "--no-package-lock")
            subprocess.run(words, cwd=repo / case.folder, capture_output=True, check=True)
        return Place(repo, None, programs)
    _uv("venv", "-q", "--seed", "--python", interpreter(case.python), str(environment), folder=folder)
    if not installs_packages(case.command):
        _install(case, environment, folder)
    return Place(repo, environment, programs)


def _commit(repo: Path, day: str, message: str) -> None:
    dates = {"GIT_AUTHOR_DATE": f"{day}T00:00:00Z", "GIT_COMMITTER_DATE": f"{day}T00:00:00Z"}
    names = {f"GIT_{who}_{what}": "bench" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for words in (("add", "-A"), ("commit", "-q", "-m", message)):
        subprocess.run(("git", *words), cwd=repo, env={**os.environ, **dates, **names}, check=True)


def _programs(case: Case, home: Path, environment: Path) -> Path:
    """What the job has on its PATH beside the machine's own."""
    if case.tool == "pdm":
        return python_tools(case.tool, home)
    return node_tools(home) if case.ecosystem == "npm" else environment / "bin"


def _write(repo: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def interpreter(version: str) -> str:
    """The machine's Python of a version: pyenv's, else what uv finds."""
    found = sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python"))
    return str(found[-1]) if found else version


def _install(case: Case, environment: Path, folder: Path) -> None:
    tree = MemoryTree({path: text.encode() for path, text in case.files.items()})
    plan = plan_for(case.command, tree)
    if plan is None:
        return
    lines = "\n".join(plan.wanted(tree).lines) + "\n"
    (folder / "wanted.txt").write_text(lines, encoding="utf-8")
    python = str(environment / "bin/python")
    _uv("pip", "install", "-q", "--python", python, "--exclude-newer", TODAY, "-r", "wanted.txt", folder=folder)


def _uv(*words: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run((uv_program(), *words), cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{folder.name}: uv {' '.join(words[:2])}: {done.stderr.strip()[-600:]}")


def read_report(out: Path) -> dict[str, object]:
    """The report of a repair; empty where it left none."""
    path = out / "report.json"
    document: dict[str, object] = json.loads(path.read_bytes()) if path.is_file() else {}
    return document
