"""Read a job's steps out of its workflow file. The file comes from the repository: nothing in it is trusted."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from selfheal.github.expressions import NotKnown, filled

_MAX_BYTES = 1 << 20
_FOLDER = Path(".github/workflows")


@dataclass(frozen=True, slots=True)
class RunStep:
    """A step that runs a script. `script`, `directory` and `environment` have their expressions filled.

    `number` counts the job's steps from 1, as they stand in the file. `unknown` says what could not be filled:
    such a step can't be run again.
    """

    number: int
    name: str
    script: str
    shell: str
    directory: str
    environment: tuple[tuple[str, str], ...]
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job of a workflow: its steps that run scripts, up to the one that calls this action."""

    workflow: str
    id: str
    steps: tuple[RunStep, ...]


def find_job(
    root: Path, *, workflow: str | None, job: str, contexts: Mapping[str, Any], action: str = "selfheal"
) -> Job | None:
    """Find the job in the workflow file that is named, or else in the only file that has such a job with this action.

    `workflow` is a path below `root`, None where it is another repository's. A step is this action's where its `uses`
    holds `action`.
    """
    named = (root / workflow,) if workflow and not _climbs(workflow) else ()
    found = [made for path in named if (made := _job_in(path, root, job, contexts, action)) is not None]
    if not found:
        every = sorted([*(root / _FOLDER).glob("*.yml"), *(root / _FOLDER).glob("*.yaml")])[:200]
        found = [
            made for path in every if (made := _job_in(path, root, job, contexts, action, must_call=True)) is not None
        ]
    return found[0] if len(found) == 1 else None


def workflow_path(reference: str, repository: str) -> str | None:
    """The path in `GITHUB_WORKFLOW_REF` (`owner/name/.github/workflows/x.yml@ref`), None for another repository's."""
    path, _, _ = reference.partition("@")
    prefix = f"{repository}/"
    return path.removeprefix(prefix) if repository and path.startswith(prefix) else None


def _climbs(path: str) -> bool:
    return path.startswith("/") or ".." in PurePosixPath(path).parts


def _job_in(
    path: Path, root: Path, job: str, contexts: Mapping[str, Any], action: str, *, must_call: bool = False
) -> Job | None:
    document = _read(path)
    jobs = document.get("jobs")
    described = jobs.get(job) if isinstance(jobs, dict) else None
    steps = described.get("steps") if isinstance(described, dict) else None
    if not isinstance(described, dict) or not isinstance(steps, list):
        return None
    own = next((at for at, step in enumerate(steps) if _calls(step, action)), None)
    if own is None and must_call:
        return None
    levels = (document, described)
    made = tuple(_run_steps(steps[:own], levels, contexts))
    return Job(path.relative_to(root).as_posix(), job, made)


def _run_steps(steps: list[Any], levels: tuple[dict[str, Any], ...], contexts: Mapping[str, Any]) -> Iterator[RunStep]:
    defaults: dict[str, Any] = {}
    outer: dict[str, str] = {}
    for level in levels:
        run = level.get("defaults", {}).get("run", {}) if isinstance(level.get("defaults"), dict) else {}
        defaults |= run if isinstance(run, dict) else {}
        for name, value in _texts(level.get("env")).items():
            with contextlib.suppress(NotKnown):
                outer[name] = filled(value, {**contexts, "env": outer})
    for number, step in enumerate(steps, 1):
        if isinstance(step, dict) and isinstance(step.get("run"), str):
            yield _run_step(number, step, defaults, outer, contexts)


def _run_step(
    number: int, step: dict[str, Any], defaults: dict[str, Any], outer: dict[str, str], contexts: Mapping[str, Any]
) -> RunStep:
    script = str(step["run"]).strip()
    given = contexts.get("env")
    known = dict(contexts, env={**outer, **(given if isinstance(given, Mapping) else {})})
    shell = step.get("shell", defaults.get("shell", "bash"))
    own: list[tuple[str, str]] = []
    try:
        for name, value in _texts(step.get("env")).items():
            own.append((name, filled(value, known)))
        known["env"] = {**known["env"], **dict(own)}
        script = filled(script, known)
        directory = filled(str(step.get("working-directory", defaults.get("working-directory", ""))), known)
        unknown = ""
    except NotKnown as what:
        directory, unknown = "", f"it uses {what}"
    title = step.get("name")
    lines = script.splitlines()
    name = str(title) if isinstance(title, str) else f"Run {lines[0] if lines else ''}"
    return RunStep(number, name, script, str(shell), directory, tuple(own), unknown)


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {
        str(name): ("true" if text is True else "false" if text is False else str(text))
        for name, text in value.items()
        if isinstance(text, str | int | float)
    }


def _calls(step: Any, action: str) -> bool:
    return isinstance(step, dict) and isinstance(step.get("uses"), str) and action in step["uses"].lower()


def _read(path: Path) -> dict[str, Any]:
    """Parse a workflow; empty for whatever is not one. Anchors are not followed without bounds: the file is small."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return {}
        loaded = YAML(typ="safe", pure=True).load(path.read_bytes())
    except (OSError, YAMLError, ValueError, RecursionError):
        return {}
    return loaded if isinstance(loaded, dict) else {}
