"""`emulate`: a stateful GitHub that nobody here wrote. What it does not know is asked of our own fake."""

import json
import os
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import ClientSession, web

from app.apps import APP_ID, INSTALLATION, pem
from app.fake_github import FakeGitHub, serving
from app.real import node_tools
from app.real.process import RealService
from app.sent import SENT, Sent
from app.test_deliveries import SECRET

_UNKNOWN = re.compile(r"/store/|/actions/runs/\d+/artifacts|/actions/artifacts/|/actions/runs/\d+|/reactions$")
"""Artifacts, runs that begin and end as they are told to, and reactions."""
_HOP = frozenset(("host", "content-length", "transfer-encoding", "connection", "content-encoding", "keep-alive"))
TOKENS = {"ada": "token of ada, who may write", "eve": "token of eve, who may not"}
_WRITTEN = ("actions", "checks", "contents", "issues", "pull_requests")


@dataclass
class Emulated(FakeGitHub):
    """In front of the emulator: hands everything on that it knows. `mine` lists what it did not."""

    behind: str = ""
    mine: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if _UNKNOWN.search(request.path):
            self.mine.append(f"{request.method} {re.sub('[0-9]+', 'N', request.path)}")
            return await super().answer(request)
        raw = await request.read()
        if not request.path.startswith("/login/"):
            # the description is of the interface alone
            SENT.append(Sent(request.method, request.raw_path, raw, request.content_type))
        fields = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
        return await self.handed_on(request.method, request.raw_path, raw, fields)

    async def handed_on(self, method: str, path: str, raw: bytes, fields: dict[str, str]) -> web.Response:
        """What the emulator itself answers, redirections and all."""
        async with (
            ClientSession() as session,
            session.request(method, self.behind + path, data=raw, headers=fields, allow_redirects=False) as answer,
        ):
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP}
            return web.Response(body=await answer.read(), status=answer.status, headers=kept)

    async def ask(self, method: str, path: str, body: Any = None, *, token: str = TOKENS["ada"]) -> Any:
        """As a person, past the App; None where nothing is answered."""
        async with (
            ClientSession(headers={"Authorization": f"Bearer {token}"}) as session,
            session.request(method, f"{self.behind}/repos/org/shop{path}", json=body) as answer,
        ):
            text = await answer.text()
            assert answer.status < 400, (method, path, answer.status, text)
            return json.loads(text) if text else None

    async def push(self, files: dict[str, str], branch: str, parent: str) -> str:
        """A commit of these files on a branch that may be new."""
        tree = [{"path": path, "mode": "100644", "type": "blob", "content": text} for path, text in files.items()]
        made = await self.ask("POST", "/git/trees", {"tree": tree})
        commit = {"message": f"on {branch}", "tree": made["sha"], "parents": [parent]}
        sha = str((await self.ask("POST", "/git/commits", commit))["sha"])
        await self.ask("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha})
        return sha

    async def branches_there(self) -> dict[str, str]:
        """Each branch's commit."""
        return {each["name"]: each["commit"]["sha"] for each in await self.ask("GET", "/branches")}


Front = TypeVar("Front", bound=Emulated)


@asynccontextmanager
async def emulating(
    front: Front, folder: Path, tools: tuple[Path, Path], *, seeded: dict[str, Any], told: dict[str, str]
) -> AsyncIterator[tuple[Front, RealService]]:
    """The emulator with the App installed on `org`, and the App: each hears of the other by HTTP alone. `seeded` is
    told to the emulator, `told` to the App."""
    node, packages = tools
    async with serving(front):
        service = RealService(folder / "service", front.url, settings=told)
        await service.start()
        environment = {**os.environ, "EMULATE": (packages / "emulate/dist/api.js").as_uri()}
        line = [node, Path(__file__).with_name("emulate.mjs")]
        with (folder / "emulate.log").open("wb") as log:
            pipe = subprocess.PIPE
            process = subprocess.Popen(line, env=environment, stdin=pipe, stdout=pipe, stderr=log)
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps(_seed(f"{service.url}/webhook", seeded)).encode() + b"\n")
            process.stdin.close()
            front.behind = process.stdout.readline().decode().strip()
            assert front.behind, (folder / "emulate.log").read_text(errors="replace")
            yield front, service
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            service.kill()


def installed() -> tuple[Path, Path] | None:
    """Node and the packages; None where one of them is not installed."""
    node, packages = node_tools.node(), node_tools.packages()
    return None if node is None or packages is None else (node, packages)


def _seed(webhook_url: str, more: dict[str, Any]) -> dict[str, Any]:
    app = {
        "app_id": APP_ID,
        "slug": "selfheal",
        "name": "selfheal",
        "private_key": pem(),
        "permissions": dict.fromkeys(_WRITTEN, "write") | {"metadata": "read"},
        # comments are told of by the test: the emulator's event does not say that its issue is a pull request
        "events": ["check_run", "pull_request", "workflow_run"],
        "webhook_url": webhook_url,
        "webhook_secret": SECRET.decode(),
        "installations": [{"installation_id": INSTALLATION, "account": "org", "repository_selection": "all"}],
    }
    github = {
        "users": [{"login": "ada"}, {"login": "eve"}],
        "orgs": [{"login": "org", "members": [{"login": "ada", "role": "admin"}]}],
        "repos": [{"owner": "org", "name": "shop", "auto_init": True}],
        "apps": [app],
        **more,
    }
    tokens = {token: {"login": login, "scopes": ["repo"]} for login, token in TOKENS.items()}
    return {"tokens": tokens, "github": github}
