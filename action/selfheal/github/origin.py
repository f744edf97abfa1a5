"""Bind a report to the run that it is about. Whoever publishes it compares that with what GitHub says."""

import hashlib
from pathlib import Path

from selfheal.contract.origin import FILES, Origin
from selfheal.github.context import JobContext


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
        head_sha=context.head_sha,
        job=context.job,
        subdirectory=subdirectory,
        files=digests,
    )
    (out / "origin.json").write_text(origin.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return origin
