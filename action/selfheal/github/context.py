"""The job that we run in, as the runner tells it in the environment."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from selfheal.contract.base import Frozen
from selfheal.github.workflow import workflow_path

_MAX_EVENT_BYTES = 26 << 20
"""GitHub sends no larger event."""
_SHA = re.compile(r"[0-9a-f]{40,64}")


class JobContext(Frozen):
    """Facts of the run. Text that a stranger may have chosen (branch names) is not among them."""

    workspace: Path
    repository: str = ""
    run_id: int = 0
    run_attempt: int = 1
    sha: str = ""
    head_sha: str = ""
    """The commit that the run is about: a pull request's own head, where `sha` is its merge with the base."""
    job: str = ""
    workflow: str | None = None
    """The workflow file below the workspace; None where it is another repository's."""
    runner_name: str = ""
    runner_os: str = ""
    api_url: str = "https://api.github.com"
    step_summary: Path | None = None
    output: Path | None = None
    temp: Path = Path("/tmp")  # noqa: S108 - replaced by the runner's own
    matrix: dict[str, Any] = Field(default_factory=dict)
    wrapped_status: int = 0
    """With which the command of the wrapper form has ended."""

    @property
    def contexts(self) -> dict[str, Any]:
        """What expressions may look up."""
        github = {"repository": self.repository, "sha": self.sha, "workspace": str(self.workspace), "job": self.job}
        runner = {"name": self.runner_name, "os": self.runner_os, "temp": str(self.temp)}
        return {"matrix": self.matrix, "github": github, "runner": runner}


def context_of(environ: Mapping[str, str]) -> JobContext:
    """Read the runner's variables; what is missing (outside of GitHub) keeps its default."""
    repository = environ.get("GITHUB_REPOSITORY", "")
    matrix = _object(environ.get("SELFHEAL_MATRIX", ""))
    paths = {
        "step_summary": environ.get("GITHUB_STEP_SUMMARY"),
        "output": environ.get("GITHUB_OUTPUT"),
    }
    return JobContext(
        workspace=Path(environ.get("GITHUB_WORKSPACE") or ".").absolute(),
        repository=repository,
        run_id=_number(environ.get("GITHUB_RUN_ID"), 0),
        run_attempt=_number(environ.get("GITHUB_RUN_ATTEMPT"), 1),
        sha=environ.get("GITHUB_SHA", ""),
        head_sha=_head_sha(environ.get("GITHUB_EVENT_PATH", "")) or environ.get("GITHUB_SHA", ""),
        job=environ.get("GITHUB_JOB", ""),
        workflow=workflow_path(environ.get("GITHUB_WORKFLOW_REF", ""), repository),
        runner_name=environ.get("RUNNER_NAME", ""),
        runner_os=environ.get("RUNNER_OS", ""),
        api_url=environ.get("GITHUB_API_URL") or "https://api.github.com",
        temp=Path(environ.get("RUNNER_TEMP") or "/tmp"),  # noqa: S108 - where there is no runner
        matrix=matrix,
        wrapped_status=_number(environ.get("SELFHEAL_WRAPPED_STATUS"), 0),
        **{name: Path(value) for name, value in paths.items() if value},
    )


def _head_sha(event: str) -> str:
    """The head of the pull request that the event is about; empty for other events."""
    try:
        file = Path(event)
        text = file.read_text(encoding="utf-8") if event and file.stat().st_size <= _MAX_EVENT_BYTES else ""
    except (OSError, UnicodeDecodeError):
        return ""
    found: Any = _object(text)
    for key in ("pull_request", "head", "sha"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) and _SHA.fullmatch(found) else ""


def _object(text: str) -> dict[str, Any]:
    try:
        loaded = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else default
