"""Put a candidate's edits into the tree, and the tree back exactly as it was."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

_APART = frozenset(
    {".git", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".nox", ".pytest_cache", ".hypothesis"}
)
_MOST_FILES = 6000


class Tree:
    """The files below `root`. What a trial leaves there is taken away before the next one."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._facts: dict[str, Any] = {}
        self._contents: dict[str, bytes] = {}
        self._times: dict[str, int] = {}
        self._edited: list[str] = []
        self._time = 1_000_000_000
        self.is_watched = False

    def remember(self) -> None:
        """Note what is there. A tree of very many files is not watched."""
        self._facts, self._contents, self._times = {}, {}, {}
        for path in self._walked():
            self._facts[path] = _facts(path)
            if len(self._facts) > _MOST_FILES:
                self._facts = {}
                break
        self.is_watched = bool(self._facts)

    def edit(self, splices: list[dict[str, Any]]) -> list[str]:
        """Write a candidate's files; their paths. Each gets a time that no cached byte code has."""
        texts: dict[str, str] = {}
        # From the back of a file to its front: the places are those of the text before.
        for splice in sorted(splices, key=lambda one: -int(one["first"])):
            path = os.path.join(self.root, splice["path"])
            text = texts[path] if path in texts else self._content(path).decode()
            texts[path] = text[: splice["first"]] + splice["text"] + text[splice["last"] :]
        for path, text in texts.items():
            self._edited.append(path)
            self._time += 1
            self._put(path, text.encode(), self._time * 1_000_000_000)
        return list(texts)

    def restore(self) -> None:
        """Put back what the candidate changed, and what its tests did to other files."""
        for path in self._edited:
            self._put_back(path)
        self._edited = []
        if self.is_watched:
            self._take_away()

    def _take_away(self) -> None:
        seen = set()
        for path in list(self._walked()):
            seen.add(path)
            before = self._facts.get(path)
            if before is None:
                _remove(path)
            elif before != _facts(path) and path in self._contents:
                self._put_back(path)
            elif before != _facts(path):
                # Its content was not kept: the tree is put back from outside before the next batch.
                self._facts[path] = _facts(path)
        for path in set(self._facts) - seen:
            if path in self._contents:
                self._put_back(path)

    def _content(self, path: str) -> bytes:
        if path not in self._contents:
            with open(path, "rb") as stream:
                self._contents[path] = stream.read()
            self._times[path] = os.stat(path).st_mtime_ns
        return self._contents[path]

    def _put_back(self, path: str) -> None:
        self._put(path, self._contents[path], self._times[path])
        if path in self._facts:
            self._facts[path] = _facts(path)

    @staticmethod
    def _put(path: str, content: bytes, time_ns: int) -> None:
        with open(path, "wb") as stream:
            stream.write(content)
        os.utime(path, ns=(time_ns, time_ns))

    def _walked(self) -> Iterator[str]:
        pending = [self.root]
        while pending:
            try:
                entries = list(os.scandir(pending.pop()))
            except OSError:
                continue
            for entry in entries:
                if entry.name in _APART:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    yield entry.path


def _facts(path: str) -> Any:
    try:
        seen = os.lstat(path)
    except OSError:
        return None
    return (seen.st_mtime_ns, seen.st_size, seen.st_ino)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        shutil.rmtree(path, ignore_errors=True)
