"""What binds a report to the run that it is about, and what the artifact holds. Both halves read it."""

from typing import Annotated, Literal

from pydantic import Field

from selfheal.contract.base import SCHEMA_VERSION, Frozen

ARTIFACT = "selfheal-report"
FILES = ("report.json", "fix.patch", "summary.md", "trace.jsonl", "trace.html", "origin.json")
"""What the artifact holds, and nothing else."""

_Sha = Annotated[str, Field(max_length=64)]


class Origin(Frozen):
    """`origin.json`. `files` are the other files' SHA-256 digests by name.

    `sha` is the commit that was checked out; `head_sha` the one that the run is about. They differ in a run for a
    pull request, which checks out its merge with the base.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    repository: str
    run_id: int
    run_attempt: int
    sha: _Sha
    head_sha: _Sha = ""
    job: str
    subdirectory: str
    """Where the repository lies below the workspace; the patch's paths count from the repository's top."""
    files: dict[str, str]
