"""`check_run` re-requested, or one of its buttons pressed: retry, apply, dismiss, by whoever may write.

Source: https://docs.github.com/webhooks/webhook-events-and-payloads#check_run
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from selfheal_app import audit
from selfheal_app.case import Case
from selfheal_app.checks.check_run import NAME, run_of
from selfheal_app.checks.words import Button
from selfheal_app.deeds import Said
from selfheal_app.events.doing import Chosen, do
from selfheal_app.events.people import Sender, may_write
from selfheal_app.publishing.client import Known, Rejected
from selfheal_app.runs import get_attempt


class _App(Known):
    id: int


class _CheckRun(Known):
    name: str
    external_id: str | None
    app: _App | None


class _Requested(Known):
    identifier: Button


class _Repository(Known):
    full_name: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}$")
    default_branch: str = Field(min_length=1, max_length=255)


class _Event(Known):
    action: Literal["rerequested", "requested_action"]
    check_run: _CheckRun
    requested_action: _Requested | None = None
    repository: _Repository
    sender: Sender


@dataclass(frozen=True, slots=True)
class _May:
    chosen: Chosen | None
    why_not: str = ""


_MAY: TypeAdapter[_May] = TypeAdapter(_May)


async def handle(case: Case) -> str:
    """How it ended, in a word."""
    try:
        event = _Event.model_validate_json(case.body)
    except ValidationError:
        audit.refused(case.event, why="no check run that was re-requested", delivery=case.delivery_id)
        return "malformed"
    check, sender, repository = event.check_run, event.sender, event.repository.full_name
    about = run_of(check.external_id or "")
    is_ours = check.name == NAME and check.app is not None and check.app.id == case.world.access.app_id
    if not is_ours or about is None:
        return "not_ours"
    button = Button.RETRY if event.requested_action is None else event.requested_action.identifier
    facts = {"delivery": case.delivery_id, "repository": repository, "by": sender.login}
    if not sender.is_person:
        audit.refused(button.value, why="a bot asks", **facts)
        return "refused"

    async def may() -> _May:
        async with case.api(repository) as api:
            if (bar := await may_write(api, sender.login)) is not None:
                return _May(None, bar.message)
            found = await get_attempt(api, *about)
            if isinstance(found, Rejected):
                return _May(None, "the run is gone")
            return _May(Chosen(runs=(found.finished(repository, event.repository.default_branch),)))

    asked = await case.steps.run("may they", _MAY, may)
    if asked.chosen is None:
        audit.refused(button.value, why=asked.why_not, **facts)
        return "refused"
    said: Said = await do(case, button.value, asked.chosen, repository=repository, by=sender.login)
    return button.value if said.is_done else "not_done"
