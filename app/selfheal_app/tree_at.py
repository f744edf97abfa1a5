"""The files of one commit, read through GitHub's git data interface. Nothing is checked out, nothing can run."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from selfheal_app.errors import GitHubFailed
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.client import Known, Rejected

MAX_FILE_BYTES = 8 << 20
PLAIN_MODES = ("100644", "100755")

Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")]


class _Object(Known):
    sha: Sha


class CommitFacts(Known):
    """A commit as the git data interface tells it."""

    sha: Sha
    tree: _Object
    parents: tuple[_Object, ...]


class _Entry(Known):
    path: str
    mode: str
    type: str
    sha: Sha
    size: int = 0


class _Tree(Known):
    sha: Sha
    tree: tuple[_Entry, ...]
    truncated: bool


class _Blob(Known):
    content: str
    encoding: Literal["base64"]


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A regular file with its mode as git writes it."""

    content: bytes
    mode: str


@dataclass(frozen=True, slots=True)
class NotPlain:
    """What stands at a path is nothing that a patch may touch, or is too large to be read."""

    message: str


class TreeAt:
    """The tree of a commit. Folders are fetched once, and only those that are asked for."""

    def __init__(self, api: Api, commit: CommitFacts) -> None:
        self.commit = commit
        self._api = api
        self._folders: dict[str, Mapping[str, _Entry]] = {}

    @classmethod
    async def open(cls, api: Api, sha: str) -> "TreeAt | Rejected":
        """Look the commit up."""
        commit = await api.get(f"/git/commits/{sha}", CommitFacts)
        return commit if isinstance(commit, Rejected) else cls(api, commit)

    async def read(self, path: str) -> PlainFile | NotPlain | None:
        """The file at a plain path; None where there is nothing. Raises GitHubFailed for broken answers."""
        *folders, name = path.split("/")
        sha = self.commit.tree.sha
        for depth, folder in enumerate(folders, 1):
            entry = (await self._folder(sha)).get(folder)
            if entry is None:
                return None
            if entry.type != "tree":
                return NotPlain(f"{'/'.join(folders[:depth])} is no folder: nothing can lie below it")
            sha = entry.sha
        entry = (await self._folder(sha)).get(name)
        if entry is None:
            return None
        if entry.type != "blob" or entry.mode not in PLAIN_MODES:
            return NotPlain(f"{path} is no plain file (mode {entry.mode})")
        if entry.size > MAX_FILE_BYTES:
            return NotPlain(f"{path} has {entry.size} bytes, the limit is {MAX_FILE_BYTES}")
        return PlainFile(await self._blob(entry), entry.mode)

    async def _folder(self, sha: str) -> Mapping[str, _Entry]:
        if sha not in self._folders:
            tree = await self._api.get(f"/git/trees/{sha}", _Tree)
            if isinstance(tree, Rejected):
                raise GitHubFailed(f"GitHub does not give the tree {sha[:12]} ({tree.status})")
            if tree.truncated:
                raise GitHubFailed(f"GitHub does not list the whole of the tree {sha[:12]}: it is too large")
            self._folders[sha] = {entry.path: entry for entry in tree.tree}
        return self._folders[sha]

    async def _blob(self, entry: _Entry) -> bytes:
        blob = await self._api.get(f"/git/blobs/{entry.sha}", _Blob)
        if isinstance(blob, Rejected):
            raise GitHubFailed(f"GitHub does not give the file {entry.sha[:12]} ({blob.status})")
        try:
            content = base64.b64decode(blob.content)
        except binascii.Error:
            content = b""
        if not is_blob(content, entry.sha):
            raise GitHubFailed(f"GitHub's answer is not the file {entry.sha[:12]}: it may have been cut short")
        return content


def is_blob(content: bytes, sha: str) -> bool:
    """True where git knows these very bytes by this name (SHA-1 or SHA-256, by its length)."""
    data = b"blob %d\0" % len(content) + content
    made = hashlib.sha256(data) if len(sha) == 64 else hashlib.sha1(data, usedforsecurity=False)
    return made.hexdigest() == sha
