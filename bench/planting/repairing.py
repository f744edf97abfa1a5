"""Lay a case out as a git repository, let selfheal or the tool itself mend it, and note what came of it."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import selfheal
from planting.bases import Base
from planting.cases import Case
from planting.judging import Judgement, judge
from planting.running import environment, run
from planting.storage import Storage
from selfheal.config import models_dir

TIMEOUT_S = 900.0
NO_MODEL = ("--engine", "openai", "--base-url", "http://127.0.0.1:9", "--model", "none")
"""An engine that answers nothing: what is healed then is healed exactly."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What `selfheal repair` is told about the model. `base_url` is of a server that speaks OpenAI's protocol."""

    name: str
    base_url: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """Its options of the command line."""
        if self.base_url:
            return ("--engine", "openai", "--base-url", self.base_url, "--model", self.name)
        return NO_MODEL if self.name == "none" else ("--engine", self.name)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case. `own` judges the tool's own repair; None where it has none."""

    case: Case
    outcome: str
    judgement: Judgement
    own: Judgement | None
    wall_s: float
    usage: dict[str, Any]
    report: dict[str, Any]

    @property
    def is_healed(self) -> bool:
        """True where selfheal says so."""
        return self.outcome == "healed"

    @property
    def is_correct(self) -> bool:
        """True where it says so and it is."""
        return self.is_healed and self.judgement.is_correct


def mend(case: Case, base: Base, storage: Storage, *, engine: Engine, keep: Path | None) -> Result:
    """Repair one case in a folder of its own."""
    with _folder(case, keep) as folder:
        repo, out = folder / "repo", folder / "out"
        lay_out(case, base, repo)
        started = time.monotonic()
        outcome = heal(case.command, repo, out, storage, engine)
        wall_s = time.monotonic() - started
        report = report_in(out)
        judgement = Judgement(f"not healed: {outcome}", is_same=False)
        if outcome == "healed":
            done = subprocess.run(["git", "apply", out / "fix.patch"], cwd=repo, capture_output=True, text=True)
            if done.returncode:
                judgement = Judgement(f"the patch does not apply: {done.stderr.strip()}", is_same=False)
            else:
                judgement = judge(case, base, repo, storage)
        return Result(
            case=case,
            outcome=outcome,
            judgement=judgement,
            own=_own_repair(case, base, folder / "own", storage),
            wall_s=wall_s,
            usage=report.get("usage", {}),
            report=report,
        )


def lay_out(case: Case, base: Base, repo: Path) -> None:
    """The broken tree as the one commit of a repository: the green state can't be read from its history."""
    shutil.copytree(base.tree, repo)
    for name, text in case.edits:
        (repo / name).write_text(text, encoding="utf-8")
    commit(repo)


def commit(repo: Path) -> None:
    """Make a folder a repository with one commit that holds all of it."""
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A", "-f"], ["commit", "-q", "-m", "The state that fails"]):
        subprocess.run([*git, *words], cwd=repo, check=True, capture_output=True)


def heal(command: str, repo: Path, out: Path, storage: Storage, engine: Engine, *, apply: bool = False) -> str:
    """Let selfheal repair a repository in a process of its own; the outcome, or why there is none."""
    given = ("--repo", repo.resolve(), "--command", command, "--out", out.resolve(), "--quiet", *["--apply"] * apply)
    words = (sys.executable, "-m", "selfheal", "repair", *given, *engine.options)
    variables = {**environment(storage), "SELFHEAL_MODELS_DIR": str(models_dir())}
    # Started beside its package: it is the very one that this process would import.
    beside = Path(selfheal.__file__).parents[1]
    try:
        done = subprocess.run(words, cwd=beside, env=variables, capture_output=True, text=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return "timeout"
    report = report_in(out)
    return str(report["outcome"]) if report else f"no report: {done.stderr.strip()[-300:]}"


def _own_repair(case: Case, base: Base, tree: Path, storage: Storage) -> Judgement | None:
    if not case.own:
        return None
    shutil.copytree(base.tree, tree)
    for name, text in case.edits:
        (tree / name).write_text(text, encoding="utf-8")
    run(case.own, tree, storage)
    return judge(case, base, tree, storage)


@contextmanager
def _folder(case: Case, keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="bench-exact-") as name:
            yield Path(name)
        return
    folder = keep / case.id.replace("/", "--")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder


def report_in(out: Path) -> dict[str, Any]:
    """The report that a repair left; empty where it left none."""
    path = out / "report.json"
    return dict(json.loads(path.read_bytes())) if path.is_file() else {}
