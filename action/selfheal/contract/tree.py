"""Versions of the repository, and a read-only view of one."""

from collections.abc import Mapping
from typing import Protocol

from selfheal.contract.base import Frozen


class Version(Frozen):
    """A recorded state of the tree. Numbers count from 0, the user's own tree."""

    number: int
    commit: str
    tree: str
    message: str


class InvalidEdit(Frozen):
    """An edit that can't be made. Nothing was written. `reason` says why and names the path."""

    path: str
    reason: str


class TreeView(Protocol):
    """The files of one version. Paths are relative, with forward slashes."""

    def paths(self) -> tuple[str, ...]:
        """All regular files that git tracks or would track, sorted. Links and submodules are left out."""
        ...

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None where there is no such regular file."""
        ...


class MemoryTree:
    """A tree held in memory, for pure functions and their tests."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = dict(files)

    def paths(self) -> tuple[str, ...]:
        """All paths, sorted."""
        return tuple(sorted(self._files))

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None."""
        return self._files.get(path)
