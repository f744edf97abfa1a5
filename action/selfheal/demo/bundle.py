"""The bundled projects, and how one is laid out as a git repository."""

import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

_PROJECTS = Path(__file__).parent / "projects"
_DESCRIPTION = "project.toml"
_ORDER = ("wrong-result", "crash-afar", "lint-format", "type-error", "service-down")


@dataclass(frozen=True, slots=True)
class DemoProject:
    """One project: how its build is run, and the outcome that is right for it."""

    name: str
    title: str
    command: str
    expect: str
    source: Path


def projects() -> tuple[DemoProject, ...]:
    """List the bundled projects in the order in which they are shown."""
    return tuple(_load(_PROJECTS / name) for name in _ORDER)


def lay_out(project: DemoProject, folder: Path) -> Path:
    """Copy the project into `folder` and commit it there; returns the repository's path."""
    repo = folder / project.name
    ignored = shutil.ignore_patterns(_DESCRIPTION, "__pycache__", ".*_cache")
    shutil.copytree(project.source, repo, ignore=ignored)
    (repo / ".gitignore").write_text("__pycache__/\n.*_cache/\n")
    identity = ["-c", "user.name=selfheal demo", "-c", "user.email=demo@selfheal.invalid", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], [*identity, "commit", "-q", "-m", "A broken build"]):
        subprocess.run(["git", "-c", "core.hooksPath=/dev/null", *words], cwd=repo, check=True, capture_output=True)
    return repo


def _load(source: Path) -> DemoProject:
    facts = tomllib.loads((source / _DESCRIPTION).read_text())
    return DemoProject(
        name=source.name, title=facts["title"], command=facts["command"], expect=facts["expect"], source=source
    )
