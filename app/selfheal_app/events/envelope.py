"""What every event says of itself, read once when it comes: enough to know whether anybody here works on it."""

import json
import re
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

_ACTION = re.compile(r"[a-z_]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The outside of an event. `hint` is the one field by which most events are told to be of no interest."""

    action: str = ""
    installation_id: int | None = None
    repository: str = ""
    hint: str = ""


class _Known(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class _Installation(_Known):
    id: int


class _Repository(_Known):
    full_name: str = ""


class _Run(_Known):
    conclusion: str | None = None


class _Comment(_Known):
    body: str | None = None


class _Event(_Known):
    action: str = ""
    installation: _Installation | None = None
    repository: _Repository | None = None
    workflow_run: _Run | None = None
    comment: _Comment | None = None


def read_envelope(body: bytes) -> Envelope | None:
    """Read it; None where the body is no JSON object. What is of another shape than GitHub's says nothing."""
    try:
        event = _Event.model_validate_json(body)
    except ValidationError:
        return Envelope() if _is_object(body) else None
    hint = (event.workflow_run and event.workflow_run.conclusion) or (event.comment and event.comment.body) or ""
    return Envelope(
        action=event.action if _ACTION.fullmatch(event.action) else "",
        installation_id=event.installation.id if event.installation is not None else None,
        repository=_repository(event.repository),
        hint=hint,
    )


def _repository(repository: _Repository | None) -> str:
    name = repository.full_name if repository is not None else ""
    return name if _NAME.fullmatch(name) else ""


def _is_object(body: bytes) -> bool:
    """By the standard library, which also takes half a character, as a text that was cut has."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False
