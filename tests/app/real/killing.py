"""Runs that must end as one branch, one pull request, one check run and one comment, whoever is killed meanwhile."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from app.apps import INSTALLATION, key
from app.artifacts import a_run, an_event, contents, zipped
from app.fake_github import FakeGitHub, serving
from app.real.process import RealService
from app.test_publish import BASE, HEAD, healing
from selfheal.contract.report import Report
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.store.database import Database
from selfheal_app.store.inbox import Inbox, State

_MOST_REQUESTS = 30
"""A publication asks some twenty times: a number beyond that kills when the work is done."""
ADA = {"login": "ada", "id": 1, "type": "User"}


class Trap(FakeGitHub):
    """A GitHub that can have its client killed at a request, and that fails as GitHub does."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._countdown = 0
        self._spring: Callable[[], None] = lambda: None
        self._is_after = False
        self.trouble: random.Random | None = None
        self.troubles: dict[str, int] = {}

    def arm(self, requests: int, spring: Callable[[], None], *, is_after: bool) -> None:
        """Call `spring` at the n-th request from now, before or after its work."""
        self._countdown, self._spring, self._is_after = requests, spring, is_after

    def disarm(self) -> None:
        """Let everything pass."""
        self._countdown = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self._countdown -= 1
        if self._countdown == 0 and not self._is_after:
            self._spring()
            return web.Response(status=500)
        kind = self._trouble()
        if kind in ("500", "502", "429", "secondary limit"):
            return _refusal(kind)
        answered = await super().answer(request)
        if self._countdown == 0:
            self._spring()
        if kind == "half an answer":
            return web.Response(body=(answered.body or b"")[:25], status=answered.status)
        if kind == "no answer" and request.transport is not None:
            request.transport.abort()
        return answered

    def _trouble(self) -> str:
        if self.trouble is None or self.trouble.random() > 0.2:
            return ""
        kind = self.trouble.choice(("500", "502", "429", "secondary limit", "half an answer", "no answer"))
        self.troubles[kind] = self.troubles.get(kind, 0) + 1
        return kind


def _refusal(kind: str) -> web.Response:
    if kind in ("500", "502"):
        return web.json_response({"message": "broken"}, status=int(kind))
    words = {"message": "You have exceeded a secondary rate limit."}
    return web.json_response(words, status=429 if kind == "429" else 403, headers={"Retry-After": "1"})


@dataclass
class Scene:
    """A GitHub and a service that is killed. `kills` counts by the moment."""

    github: Trap
    service: RealService
    inbox: Inbox
    report: Report
    chance: random.Random
    kills: dict[str, int] = field(default_factory=dict)

    async def episode(self, number: int, *, kills: int) -> list[str]:
        """One run and one command, with kills in between; what is wrong in the end, in words."""
        run = self._a_run(number)
        event = json.loads(an_event(run)) | {"installation": {"id": INSTALLATION}}
        await self._through("workflow_run", f"run-{number}", json.dumps(event).encode(), kills)
        pulls = [pull for pull in self.github.pulls if pull["head"]["ref"] == f"selfheal/{run.run_id}-1"]
        if len(pulls) != 1:
            return [f"run {number}: {len(pulls)} pull requests"]
        await self._through("issue_comment", f"comment-{number}", _a_comment(number, pulls[0]["number"]), 1)
        return self._wrong_with(number, run, pulls[0]["number"])

    async def _through(self, event: str, id_: str, body: bytes, kills: int) -> None:
        for _ in range(kills):
            is_killed = self._plan_a_kill()
            await self._accepted(event, id_, body, is_killed)
            while not is_killed.is_set() and not self._is_over(id_):
                await asyncio.sleep(0.01)
            self.github.disarm()
            if not is_killed.is_set():
                self._kill(is_killed, "after the end")
            await self.service.start()
        await self._accepted(event, id_, body, asyncio.Event())
        while not self._is_over(id_):
            await asyncio.sleep(0.02)

    def _plan_a_kill(self) -> asyncio.Event:
        is_killed = asyncio.Event()
        moment = self.chance.choice(("before a request", "after a request", "at some time"))
        if moment == "at some time":
            after_s = self.chance.uniform(0.0, 2.0)
            asyncio.get_running_loop().call_later(after_s, lambda: self._kill(is_killed, moment))
        else:
            at = self.chance.randrange(1, _MOST_REQUESTS)
            self.github.arm(at, lambda: self._kill(is_killed, moment), is_after=moment == "after a request")
        return is_killed

    def _kill(self, is_killed: asyncio.Event, moment: str) -> None:
        if not is_killed.is_set():
            self.service.kill()
            self.kills[moment] = self.kills.get(moment, 0) + 1
            is_killed.set()

    async def _accepted(self, event: str, id_: str, body: bytes, is_killed: asyncio.Event) -> None:
        """What was not accepted GitHub sends again when it is asked to; what was is never sent again."""
        while self.inbox.get(id_) is None and not is_killed.is_set():
            await self.service.deliver(event, id_, body)

    def _is_over(self, id_: str) -> bool:
        letter = self.inbox.get(id_)
        return letter is not None and letter.state in (State.DONE, State.DEAD)

    def _a_run(self, number: int) -> FinishedRun:
        branch = f"topic-{number}"
        sha = self.github.commit(
            {**HEAD, "number.txt": f"{number}\n"}, branch=branch, parent=self.github.branches()["main"]
        )
        run = a_run(run_id=1000 + number, head_sha=sha, head_branch=branch)
        self.github.run(run.run_id, sha, branch)
        self.github.artifact(run.run_id, zipped(contents(self.report, run)))
        return run

    def _wrong_with(self, number: int, run: FinishedRun, pull: int) -> list[str]:
        ids = (f"run-{number}", f"comment-{number}")
        counted: dict[str, tuple[Any, Any]] = {
            "branches": (sum(name.startswith(f"selfheal/{run.run_id}-") for name in self.github.branches()), 1),
            "check runs": (sum(each["head_sha"] == run.head_sha for each in self.github.check_runs), 1),
            "comments": (sum(each["issue"] == pull for each in self.github.comments), 1),
            "states": ([letter.state if (letter := self.inbox.get(id_)) else None for id_ in ids], [State.DONE] * 2),
        }
        return [f"run {number}: {what}: {seen}" for what, (seen, right) in counted.items() if seen != right]


def _a_comment(number: int, pull: int) -> bytes:
    event = {
        "action": "created",
        # numbers grow: what answers a comment has a higher one, and the fake's begin at 1000
        "comment": {"id": 1 + number, "body": "/selfheal explain", "user": ADA, "performed_via_github_app": None},
        "issue": {"number": pull, "pull_request": {"url": "x"}},
        "repository": {"full_name": "org/shop", "default_branch": "main"},
        "sender": ADA,
        "installation": {"id": INSTALLATION},
    }
    return json.dumps(event).encode()


@asynccontextmanager
async def a_scene(folder: Path, *, seed: int, has_trouble: bool, database_url: str = "") -> AsyncIterator[Scene]:
    """A GitHub, a service that runs, and chance with a seed."""
    chance = random.Random(seed)
    async with serving(Trap(folder / "github.git", key=key().public_key())) as github:
        assert isinstance(github, Trap)
        github.commit(BASE, branch="main")
        github.rights["ada"] = "write"
        github.trouble = random.Random(seed + 1) if has_trouble else None
        service = RealService(folder / "service", github.url, database_url)
        await service.start()
        database = Database.connect(service.store_url)
        try:
            yield Scene(github, service, Inbox(database), healing(folder), chance)
        finally:
            service.kill()
            database.close()
