"""`pull_request` closed: a fix of ours was merged or not; its branch goes, and what became of it is remembered.

Source: https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request
"""

import re
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from selfheal_app import audit
from selfheal_app.case import Case
from selfheal_app.deeds import delete_branch
from selfheal_app.publishing.branch import run_of_branch
from selfheal_app.publishing.client import Known, Rejected
from selfheal_app.store.repairs import Fate
from selfheal_app.work.durable import in_thread


class _Named(Known):
    full_name: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}$")


class _Head(Known):
    ref: str
    repo: _Named | None


class _User(Known):
    type: str


class _Pull(Known):
    head: _Head
    merged: bool
    user: _User | None


class _Event(Known):
    action: Literal["closed"]
    pull_request: _Pull
    repository: _Named


_REVERT = re.compile(r"revert-\d+-(.+)", re.ASCII)
_TEXT: TypeAdapter[str] = TypeAdapter(str)


async def handle(case: Case) -> str:
    """How it ended, in a word."""
    try:
        event = _Event.model_validate_json(case.body)
    except ValidationError:
        audit.refused(case.event, why="no pull request that was closed", delivery=case.delivery_id)
        return "malformed"
    pull, repository = event.pull_request, event.repository.full_name
    about = run_of_branch(pull.head.ref)
    if (taken_back := _reverted(pull)) is not None:
        return await _decided(case, repository, taken_back, Fate.REVERTED, pull.head.ref)
    is_here = pull.head.repo is not None and pull.head.repo.full_name.casefold() == repository.casefold()
    # a person's own pull request from a branch that is called like ours is theirs
    if about is None or not is_here or pull.user is None or pull.user.type != "Bot":
        return "not_ours"

    async def removed() -> str:
        async with case.api(repository) as api:
            told = await delete_branch(api, pull.head.ref)
        return f"GitHub: {told.status} {told.message}" if isinstance(told, Rejected) else ""

    if refused := await case.steps.run("delete branch", _TEXT, removed):
        audit.refused("delete branch", why=refused, delivery=case.delivery_id, repository=repository)
    return await _decided(case, repository, about, Fate.MERGED if pull.merged else Fate.CLOSED, pull.head.ref)


def _reverted(pull: _Pull) -> tuple[int, int] | None:
    """The run whose fix a merged pull request takes back: GitHub's button calls its branch `revert-NUMBER-BRANCH`."""
    match = _REVERT.fullmatch(pull.head.ref) if pull.merged else None
    return run_of_branch(match[1]) if match is not None else None


async def _decided(case: Case, repository: str, about: tuple[int, int], fate: Fate, branch: str) -> str:
    now = case.world.clock()
    await in_thread(lambda: case.world.repairs.decide(repository, *about, fate, now=now))
    audit.did(f"{fate.value} by people", delivery=case.delivery_id, repository=repository, branch=branch)
    return fate.value
