"""What binds a report to the run that it is about. The App compares it with what the webhook says."""

import hashlib
from pathlib import Path
from typing import Literal

from selfheal.contract.base import SCHEMA_VERSION, Frozen
from selfheal.github.context import JobContext

ARTIFACT = "selfheal-report"
FILES = ("report.json", "fix.patch", "summary.md", "trace.jsonl", "origin.json")
"""What the artifact holds, and nothing else."""


class Origin(Frozen):
    """`origin.json`. `files` are the other files' SHA-256 digests by name."""

    schema_version: Literal[1] = SCHEMA_VERSION
    repository: str
    run_id: int
    run_attempt: int
    sha: str
    job: str
    subdirectory: str
    """Where below the repository's top the report's working directory lies."""
    files: dict[str, str]


def write_origin(out: Path, context: JobContext, *, subdirectory: str) -> Origin:
    """Write `origin.json` beside the report."""
    digests = {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest()
        for name in FILES
        if name != "origin.json" and (out / name).is_file()
    }
    origin = Origin(
        repository=context.repository,
        run_id=context.run_id,
        run_attempt=context.run_attempt,
        sha=context.sha,
        job=context.job,
        subdirectory=subdirectory,
        files=digests,
    )
    (out / "origin.json").write_text(origin.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return origin
