"""`workflow_run`: a run came to its end. What it says is trusted: GitHub wrote it, not the run.

Source: https://docs.github.com/webhooks/webhook-events-and-payloads#workflow_run
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LARGEST_EVENT = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedRun:
    """The run that an artifact must be of. `head_repository` is the fork's where the run is about a fork."""

    repository: str
    run_id: int
    run_attempt: int
    head_sha: str
    head_branch: str
    head_repository: str
    event: str
    default_branch: str

    @property
    def is_fork(self) -> bool:
        """True where the code that ran is not this repository's own."""
        return self.head_repository.casefold() != self.repository.casefold()


@dataclass(frozen=True, slots=True)
class NotARun:
    """Why an event says nothing of a finished run."""

    message: str


class _Known(BaseModel):
    """Takes what it names and ignores the rest: GitHub adds keys without notice."""

    model_config = ConfigDict(frozen=True, strict=True)


_Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}$")]


class _Repository(_Known):
    full_name: _Name
    default_branch: Annotated[str, Field(min_length=1, max_length=255)]


class _HeadRepository(_Known):
    full_name: _Name


class _Run(_Known):
    id: Annotated[int, Field(gt=0)]
    run_attempt: Annotated[int, Field(gt=0)]
    head_sha: Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")]
    head_branch: Annotated[str, Field(max_length=255)] | None
    event: str
    head_repository: _HeadRepository | None


class _Event(_Known):
    workflow_run: _Run
    repository: _Repository


def read(body: bytes) -> FinishedRun | NotARun:
    """Read the payload of the event."""
    if len(body) > LARGEST_EVENT:
        return NotARun(f"the event is larger than {LARGEST_EVENT} bytes")
    try:
        event = _Event.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        return NotARun(f"the event is no workflow_run: {where}: {first['msg'].lower()}")
    run = event.workflow_run
    return FinishedRun(
        repository=event.repository.full_name,
        run_id=run.id,
        run_attempt=run.run_attempt,
        head_sha=run.head_sha,
        head_branch=run.head_branch or "",
        # a fork that is deleted meanwhile is told as null: never as our own
        head_repository=run.head_repository.full_name if run.head_repository else "",
        event=run.event,
        default_branch=event.repository.default_branch,
    )
