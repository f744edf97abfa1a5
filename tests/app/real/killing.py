"""Runs that must end as one branch, one pull request, one check run and one comment, whoever is killed meanwhile."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.apps import INSTALLATION, key
from app.artifacts import a_run, an_event, contents, zipped
from app.fake_github import serving
from app.real.process import RealService
from app.real.trap import Trap
from app.test_publish import BASE, HEAD, healing
from selfheal.contract.report import Report
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.store.database import Database
from selfheal_app.store.inbox import Inbox, State

_MOST_REQUESTS = 30
"""A publication asks some twenty times: a number beyond that kills when the work is done."""
ADA = {"login": "ada", "id": 1, "type": "User"}


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

    async def accepted_and_killed(self, number: int) -> list[str]:
        """Twenty deliveries at once, and a kill with the last answer; what is wrong in the end, in words."""
        run = self._a_run(number)
        event = json.loads(an_event(run)) | {"installation": {"id": INSTALLATION}}
        bodies = {f"run-{number}": event} | {f"other-{n}": event | {"other": n} for n in range(19)}
        sent = (self.service.deliver("workflow_run", id_, json.dumps(body).encode()) for id_, body in bodies.items())
        statuses = await asyncio.gather(*sent)
        self.service.kill()
        lost = [id_ for id_ in bodies if self.inbox.get(id_) is None]
        if lost or set(statuses) != {202}:
            return [f"lost: {lost}, answered: {statuses}"]
        await self.service.start()
        while not all(self._is_over(id_) for id_ in bodies):
            await asyncio.sleep(0.02)
        return self._of_the_run(number, run)

    async def taken_over(self, number: int, other: RealService) -> list[str]:
        """Work begun by one replica, a second one started, the first one killed; what is wrong in the end, in words."""
        run = self._a_run(number)
        event = json.loads(an_event(run)) | {"installation": {"id": INSTALLATION}}
        is_held, is_let_go = self.github.hold(12)
        await self.service.deliver("workflow_run", f"run-{number}", json.dumps(event).encode())
        await is_held.wait()
        await other.start()
        self.service.kill()
        is_let_go.set()
        while not self._is_over(f"run-{number}"):
            await asyncio.sleep(0.02)
        return self._of_the_run(number, run)

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
            "comments": (sum(each["issue"] == pull for each in self.github.comments), 1),
            "states": ([letter.state if (letter := self.inbox.get(id_)) else None for id_ in ids], [State.DONE] * 2),
        }
        wrong = [f"run {number}: {what}: {seen}" for what, (seen, right) in counted.items() if seen != right]
        return wrong + self._of_the_run(number, run)

    def _of_the_run(self, number: int, run: FinishedRun) -> list[str]:
        name = f"selfheal/{run.run_id}-"
        counted = {
            "branches": sum(branch.startswith(name) for branch in self.github.branches()),
            "pull requests": sum(pull["head"]["ref"].startswith(name) for pull in self.github.pulls),
            "check runs": sum(each["head_sha"] == run.head_sha for each in self.github.check_runs),
        }
        return [f"run {number}: {seen} {what}" for what, seen in counted.items() if seen != 1]


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
