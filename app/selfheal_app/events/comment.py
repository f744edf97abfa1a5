"""`issue_comment` created: a command on a pull request, by a person who may write, answered once.

Edited comments are no event of ours. Source: https://docs.github.com/webhooks/webhook-events-and-payloads#issue_comment
"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from selfheal_app import audit
from selfheal_app.answers import answer, react
from selfheal_app.case import Case
from selfheal_app.commands import HELP, Command, command_of
from selfheal_app.deeds import Said
from selfheal_app.events.doing import Chosen, do
from selfheal_app.events.people import Sender, may_write
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.branch import run_of_branch
from selfheal_app.publishing.client import Known, Nothing, Rejected
from selfheal_app.publishing.pull_request import PullRequest
from selfheal_app.runs import get_attempt, red_runs_of


class _Comment(Known):
    id: int = Field(gt=0)
    body: str
    user: Sender
    performed_via_github_app: dict[str, Any] | None = None


class _Issue(Known):
    number: int = Field(gt=0)
    pull_request: dict[str, Any] | None = None


class _Repository(Known):
    full_name: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}$")
    default_branch: str = Field(min_length=1, max_length=255)


class _Event(Known):
    action: Literal["created"]
    comment: _Comment
    issue: _Issue
    repository: _Repository
    sender: Sender


@dataclass(frozen=True, slots=True)
class _May:
    is_allowed: bool
    why_not: str = ""
    runs: tuple[FinishedRun, ...] = ()


_MAY: TypeAdapter[_May] = TypeAdapter(_May)
_NOTHING: TypeAdapter[Nothing] = TypeAdapter(Nothing)
_NO_RUN = Said("No run of this pull request's newest commit has failed: there is nothing to do.", False)


async def handle(case: Case) -> str:
    """How it ended, in a word."""
    try:
        event = _Event.model_validate_json(case.body)
    except ValidationError:
        audit.refused(case.event, why="no comment of a person that was just made", delivery=case.delivery_id)
        return "malformed"
    command = command_of(event.comment.body)
    if command is None:
        return "no_command"
    login, repository = event.sender.login, event.repository.full_name
    facts = {"delivery": case.delivery_id, "repository": repository, "by": login}
    is_person = event.sender.is_person and event.comment.user.login == login
    if not is_person or event.comment.performed_via_github_app is not None:
        audit.refused(command.value, why="not a person's own comment", **facts)
        return "refused"
    asked = await case.steps.run("may they", _MAY, lambda: _may(case, event))
    if not asked.is_allowed:
        audit.refused(command.value, why=asked.why_not, **facts)
        return "refused"
    said = await _said(case, event, command, asked.runs)
    await case.steps.run("answer", _NOTHING, lambda: _answer(case, event, said))
    return command.value if said.is_done else "not_done"


async def _said(case: Case, event: _Event, command: Command, runs: tuple[FinishedRun, ...]) -> Said:
    if command is Command.HELP:
        return Said(HELP, True)
    if event.issue.pull_request is None:
        return Said("Commands are for pull requests.", False)
    if not runs:
        return _NO_RUN
    repository, login = event.repository.full_name, event.sender.login
    return await do(case, command.value, Chosen(runs), repository=repository, by=login)


async def _may(case: Case, event: _Event) -> _May:
    async with case.api(event.repository.full_name) as api:
        if (bar := await may_write(api, event.sender.login)) is not None:
            return _May(False, bar.message)
        seen = await react(api, event.comment.id)
        if isinstance(seen, Rejected) and not seen.is_missing:
            audit.refused("reaction", why=f"GitHub: {seen.status} {seen.message}", delivery=case.delivery_id)
        default = event.repository.default_branch
        runs = await _runs(api, event.issue.number, default) if event.issue.pull_request is not None else ()
        return _May(True, runs=runs)


async def _runs(api: Api, number: int, default: str) -> tuple[FinishedRun, ...]:
    """The failed runs of the pull request's head; for one of our own pull requests, the run that it mends."""
    pull = await api.get(f"/pulls/{number}", PullRequest)
    if isinstance(pull, Rejected):
        return ()
    repo = pull.head.repo
    about = run_of_branch(pull.head.ref)
    if about is not None and repo is not None and repo.full_name.casefold() == api.repository.casefold():
        found = await get_attempt(api, *about)
        return () if isinstance(found, Rejected) else (found.finished(api.repository, default),)
    red = await red_runs_of(api, pull.head.sha)
    return () if isinstance(red, Rejected) else tuple(run.finished(api.repository, default) for run in red)


async def _answer(case: Case, event: _Event, said: Said) -> Nothing:
    async with case.api(event.repository.full_name) as api:
        told = await answer(api, event.issue.number, said.message, to=event.comment.id)
    if isinstance(told, Rejected):
        audit.refused("answer", why=f"GitHub: {told.status} {told.message}", delivery=case.delivery_id)
    return Nothing()
