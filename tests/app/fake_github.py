"""A GitHub on loopback with real git behind it: objects, references, pull requests, reviews, and faults as told."""

import base64
import hashlib
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer

from app.fake_checks import ChecksAndComments, Refused
from app.real.prism import Sent
from app.sent import SENT

IDENTITY = {f"GIT_{who}_{what}": "x@x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@dataclass
class Fault:
    """What happens to the next `times` requests that fit; `is_after` does the work first."""

    method: str
    path: str
    status: int = 502
    message: str = "broken"
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    is_after: bool = False
    is_half: bool = False


@dataclass
class FakeGitHub(ChecksAndComments):
    """One repository, `org/shop`, and its forks' commits."""

    folder: Path
    repository: str = "org/shop"
    pulls: list[dict[str, Any]] = field(default_factory=list)
    reviews: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    archives: dict[int, bytes] = field(default_factory=dict)
    store_requests: list[dict[str, str]] = field(default_factory=list)
    tokens: list[dict[str, Any]] = field(default_factory=list)
    key: Any = None
    url: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.begin()
        self.git("init", "-q", "--bare", "-b", "main")

    @property
    def store_url(self) -> str:
        """Where archives lie: another host than the interface's, as with GitHub."""
        return self.url.replace("127.0.0.1", "localhost") + "/store"

    def artifact(self, run_id: int, archive: bytes, *, name: str = "selfheal-report", **changes: Any) -> int:
        """An archive that a run has left."""
        number = len(self.artifacts) + 1
        facts = {"id": number, "name": name, "size_in_bytes": len(archive), "expired": False, "run_id": run_id}
        facts["digest"] = f"sha256:{hashlib.sha256(archive).hexdigest()}"
        self.artifacts.append(facts | changes)
        self.archives[number] = archive
        return number

    def git(self, *arguments: str, data: bytes | None = None, **environment: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            input=data,
            capture_output=True,
            check=True,
            env={**os.environ, **IDENTITY, **environment},
        )
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def commit(self, files: dict[str, str | tuple[str, str]], *, branch: str | None = None, parent: str = "") -> str:
        """A commit of these files (a pair is mode and text); a branch is set to it."""
        entries = []
        for path, text in files.items():
            mode, content = text if isinstance(text, tuple) else ("100644", text)
            entries.append((path, mode, self.git("hash-object", "-w", "--stdin", data=content.encode())))
        tree = self._write_tree(None, entries)
        sha = self.git("commit-tree", tree, "-m", "x", *(("-p", parent) if parent else ()))
        if branch:
            self.git("update-ref", f"refs/heads/{branch}", sha)
        return sha

    def pull_request(self, *, head: str, base: str, head_repository: str = "org/shop", head_branch: str) -> int:
        """An open pull request whose head is a commit."""
        number = len(self.pulls) + 1
        owner = {"full_name": head_repository}
        self.pulls.append(
            {
                "number": number,
                "html_url": f"https://github.example/{self.repository}/pull/{number}",
                "state": "open",
                "merged": False,
                "title": "a change",
                "body": None,
                "draft": False,
                "head": {"ref": head_branch, "sha": head, "repo": owner},
                "base": {"ref": "main", "sha": base},
            }
        )
        return number

    def branches(self) -> dict[str, str]:
        told = self.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")
        return {ref.removeprefix("refs/heads/"): sha for ref, sha in (line.split() for line in told.splitlines())}

    def files_of(self, commit: str) -> dict[str, tuple[str, str]]:
        """Mode and text by path."""
        rows = [line.split(None, 3) for line in self.git("ls-tree", "-r", commit).splitlines()]
        return {path: (mode, self.git("cat-file", "blob", sha)) for mode, _, sha, path in rows}

    def writes(self) -> list[str]:
        """The paths of everything that was not only read, without the objects that nobody sees."""
        return [path for method, path, _ in self.requests if method != "GET" and "/git/" not in path]

    # what GitHub does

    def _write_tree(self, base: str | None, entries: list[tuple[str, str, str | None]]) -> str:
        index = {"GIT_INDEX_FILE": str(self.folder / "index.tmp")}
        self.git("read-tree", base or "--empty", **index)
        lines = [f"{mode} {sha}\t{path}" if sha else f"0 {'0' * 40}\t{path}" for path, mode, sha in entries]
        self.git("update-index", "--index-info", data=("\n".join(lines) + "\n").encode(), **index)
        return self.git("write-tree", **index)

    def get_git_commits(self, sha: str, _: Any) -> Any:
        head, *lines = self.git("cat-file", "-p", sha).splitlines()
        parents = [{"sha": line.split()[1]} for line in lines if line.startswith("parent ")]
        return {"sha": sha, "tree": {"sha": head.split()[1]}, "parents": parents, "verification": {"verified": True}}

    def post_git_commits(self, _: str, body: Any) -> Any:
        parents = [part for sha in body["parents"] for part in ("-p", sha)]
        sha = self.git("commit-tree", body["tree"], *parents, "-m", body["message"])
        return self.get_git_commits(sha, None)

    def get_git_trees(self, sha: str, _: Any) -> Any:
        rows = [line.split(None, 4) for line in self.git("ls-tree", "-l", sha).splitlines()]
        tree = [
            {"path": path, "mode": mode, "type": kind, "sha": each} | ({"size": int(size)} if kind == "blob" else {})
            for mode, kind, each, size, path in rows
        ]
        return {"sha": sha, "tree": tree, "truncated": False}

    def post_git_trees(self, _: str, body: Any) -> Any:
        entries = [(entry["path"], entry["mode"], entry["sha"]) for entry in body["tree"]]
        return self.get_git_trees(self._write_tree(body["base_tree"], entries), None)

    def get_git_blobs(self, sha: str, _: Any) -> Any:
        data = subprocess.run(["git", "cat-file", "blob", sha], cwd=self.folder, capture_output=True, check=True).stdout
        return {"sha": sha, "size": len(data), "encoding": "base64", "content": base64.encodebytes(data).decode()}

    def post_git_blobs(self, _: str, body: Any) -> Any:
        data = base64.b64decode(body["content"], validate=True)
        return {"sha": self.git("hash-object", "-w", "--stdin", data=data), "url": "x"}

    def get_git_ref(self, ref: str, _: Any) -> Any:
        sha = self.branches()[ref.removeprefix("heads/")]
        return {"ref": f"refs/{ref}", "object": {"sha": sha, "type": "commit"}}

    def post_git_refs(self, _: str, body: Any) -> Any:
        name = body["ref"].removeprefix("refs/heads/")
        if name in self.branches():
            raise Refused(422, "Reference already exists")
        self.git("update-ref", body["ref"], body["sha"])
        return {"ref": body["ref"], "object": {"sha": body["sha"], "type": "commit"}}

    def get_pulls(self, rest: str, query: Any) -> Any:
        if rest.isdigit():
            return self.pulls[int(rest) - 1]
        if rest.endswith("/files"):
            return self._files(int(rest.split("/")[0]))
        if rest.endswith("/reviews"):
            return self.reviews.get(int(rest.split("/")[0]), [])
        owner, _, branch = query["head"].partition(":")
        return [
            pull
            for pull in self.pulls
            if pull["head"]["ref"] == branch
            and pull["head"]["repo"]["full_name"].split("/")[0] == owner
            and query.get("state", "open") in ("all", pull["state"])
        ]

    def post_pulls(self, rest: str, body: Any) -> Any:
        if rest.endswith("/reviews"):
            return self._review(int(rest.split("/")[0]), body)
        branches = self.branches()
        if body["base"] not in branches or body["head"] not in branches:
            raise Refused(422, "Validation Failed")
        if any(pull["head"]["ref"] == body["head"] and pull["state"] == "open" for pull in self.pulls):
            raise Refused(422, f"A pull request already exists for org:{body['head']}.")
        self.pull_request(head=branches[body["head"]], base=branches[body["base"]], head_branch=body["head"])
        self.pulls[-1] |= {"title": body["title"], "body": body["body"], "draft": body["draft"]}
        self.pulls[-1]["base"]["ref"] = body["base"]
        return self.pulls[-1]

    def _files(self, number: int) -> list[dict[str, Any]]:
        pull = self.pulls[number - 1]
        sides = (pull["base"]["sha"], pull["head"]["sha"])
        names = self.git("diff", "--name-only", *sides).splitlines()
        patches = {name: self.git("diff", *sides, "--", name) for name in names}
        return [
            {"filename": name, "status": "modified", "patch": text[text.index("@@ ") :]}
            for name, text in patches.items()
            if "@@ " in text
        ]

    def _review(self, number: int, body: Any) -> Any:
        shown = {file["filename"]: _shown(file["patch"]) for file in self._files(number)}
        for comment in body["comments"]:
            lines = set(range(comment.get("start_line", comment["line"]), comment["line"] + 1))
            if not any(lines <= hunk for hunk in shown.get(comment["path"], [])):
                raise Refused(422, "Validation Failed: pull_request_review_thread.line must be part of the diff")
        review = {
            "id": 1,
            "html_url": f"https://github.example/{self.repository}/pull/{number}#review",
            "user": {"login": "github-actions[bot]", "type": "Bot"},
            "author_association": "NONE",
            **body,
        }
        self.reviews.setdefault(number, []).append(review)
        return review

    async def answer(self, request: web.Request) -> web.Response:
        """Any request, by the method that is named after it."""
        raw = await request.read()
        if not request.path.startswith("/store/"):  # another host's, which GitHub's description knows nothing of
            SENT.append(Sent(request.method, request.raw_path, raw, request.content_type))
        body = json.loads(raw) if raw else None
        path = request.path
        self.requests.append((request.method, path, body))
        fault = next(
            (
                each
                for each in self.faults
                if each.times and each.method == request.method and re.search(each.path, path)
            ),
            None,
        )
        if fault is not None:
            fault.times -= 1
            if not (fault.is_after or fault.is_half):
                return web.json_response({"message": fault.message}, status=fault.status, headers=fault.headers)
        answered = self._routed(request, body)
        if fault is not None and fault.is_half:
            return web.Response(body=(answered.body or b"")[:20], status=answered.status)
        if fault is not None:
            return web.json_response({"message": fault.message}, status=fault.status)
        return answered

    def post_access_tokens(self, request: web.Request, body: Any) -> web.Response:
        """For whoever signs with the App's key, as GitHub checks it."""
        signed = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            jwt.decode(signed, self.key, algorithms=["RS256"], options={"require": ["exp", "iat", "iss"]})
        except jwt.InvalidTokenError:
            return web.json_response({"message": "A JSON web token could not be decoded"}, status=401)
        token = f"ghs_{len(self.tokens) + 1}"
        self.tokens.append({"token": token, "body": body, "path": request.path})
        expires = datetime.now(UTC) + timedelta(hours=1)
        return web.json_response({"token": token, "expires_at": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}, status=201)

    def get_actions(self, rest: str, query: Any) -> Any:
        match rest.split("/"):
            case ["runs", number, "artifacts"]:
                found = [each for each in self.artifacts if each["run_id"] == int(number)]
                found = [each for each in found if each["name"] == query.get("name", each["name"])]
                return {"total_count": len(found), "artifacts": found}
            case ["runs"]:
                found = [each for each in self.runs if each["head_sha"] == query.get("head_sha", each["head_sha"])]
                return {"total_count": len(found), "workflow_runs": found}
            case ["runs", number] | ["runs", number, "attempts", _]:
                return self.run_numbered(int(number))
            case ["artifacts", number, "zip"]:
                if int(number) not in self.archives:
                    raise KeyError(number)
                raise web.HTTPFound(f"{self.store_url}/{number}?sig=secret")
        raise KeyError(rest)

    def _routed(self, request: web.Request, body: Any) -> web.Response:
        if request.path.startswith("/store/"):
            self.store_requests.append(dict(request.headers))
            return web.Response(body=self.archives[int(request.path.split("/")[2])])
        if re.fullmatch(r"/app/installations/\d+/access_tokens", request.path):
            return self.post_access_tokens(request, body)
        if (told_app := self.as_app(request)) is not None:
            return told_app
        if self.key is not None and request.headers.get("Authorization") not in {
            f"{kind} {each['token']}" for each in self.tokens for kind in ("token", "Bearer")
        }:
            return web.json_response({"message": "Bad credentials"}, status=401)
        prefix = f"/repos/{self.repository}/"
        parts = request.path.removeprefix(prefix).split("/")
        count = 2 if parts[0] == "git" else 1
        name = "_".join([request.method.lower(), *parts[:count]]).replace("-", "_")
        handler = getattr(self, name, None)
        if not request.path.startswith(prefix) or handler is None:
            return web.json_response({"message": "Not Found"}, status=404)
        try:
            told = handler("/".join(parts[count:]), dict(request.query) if request.method == "GET" else body)
        except web.HTTPFound as found:
            return web.Response(status=302, headers={"Location": found.headers["Location"]})
        except Refused as refused:
            return web.json_response({"message": refused.message}, status=refused.status)
        except (KeyError, subprocess.CalledProcessError):
            return web.json_response({"message": "Not Found"}, status=404)
        if told is None:
            return web.Response(status=204)
        return web.json_response(told, status=201 if request.method == "POST" else 200)


def _shown(patch: str) -> list[set[int]]:
    """Each hunk's lines on the new side, counted line by line."""
    hunks: list[set[int]] = []
    number = 0
    for line in patch.splitlines():
        if line.startswith("@@ "):
            number = int(line.split("+")[1].split(" ")[0].split(",")[0])
            hunks.append(set())
        elif line[:1] in (" ", "+", ""):
            hunks[-1].add(number)
            number += 1
    return hunks


@asynccontextmanager
async def serving(fake: FakeGitHub) -> AsyncIterator[FakeGitHub]:
    application = web.Application(client_max_size=1 << 26)
    application.router.add_route("*", "/{path:.*}", fake.answer)
    async with TestServer(application) as server:
        fake.url = str(server.make_url("/")).rstrip("/")
        yield fake
