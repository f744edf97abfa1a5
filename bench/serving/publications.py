"""Failed runs into pull requests, end to end: signed delivery, artifact, branch, pull request, check run."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from pathlib import Path

from app.apps import key, until
from app.artifacts import a_run, an_event, contents, zipped
from app.fake_github import FakeGitHub, serving
from app.real.process import RealService
from app.test_publish import BASE, HEAD, healing
from selfheal_app.store.database import Database
from selfheal_app.store.inbox import Inbox, State


async def publish_all(folder: Path, *, runs: int, replicas: int, database_url: str = "") -> dict[str, object]:
    """Deliver every run at once, each of an installation of its own; how long until the last one is published."""
    async with AsyncExitStack() as stack:
        github = await stack.enter_async_context(serving(FakeGitHub(folder / "github.git", key=key().public_key())))
        base = github.commit(BASE, branch="main")
        report = healing(folder)
        bodies = []
        for number in range(runs):
            branch = f"topic-{number}"
            sha = github.commit({**HEAD, "number.txt": f"{number}\n"}, branch=branch, parent=base)
            run = a_run(run_id=1000 + number, head_sha=sha, head_branch=branch)
            github.run(run.run_id, sha, branch)
            github.artifact(run.run_id, zipped(contents(report, run)))
            bodies.append(json.dumps(json.loads(an_event(run)) | {"installation": {"id": 1 + number}}).encode())
        services = [RealService(folder / f"replica-{n}", github.url, database_url) for n in range(replicas)]
        for service in services:
            await service.start()
            stack.callback(service.stop)
        database = Database.connect(services[0].store_url)
        stack.callback(database.close)
        began, inbox = time.monotonic(), Inbox(database)
        sent = (services[n % replicas].deliver("workflow_run", f"run-{n}", body) for n, body in enumerate(bodies))
        assert set(await asyncio.gather(*sent)) == {202}
        await until(lambda: inbox.count()[State.DONE] >= runs)
        wall_s = time.monotonic() - began
    assert len(github.pulls) == runs
    kind = "PostgreSQL" if database_url else "SQLite"
    return {"database": kind, "replicas": replicas, "runs": runs, "per_minute": round(60 * runs / wall_s)}
