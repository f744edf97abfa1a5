"""Earlier contents of a few files, read from a repository's commits by git's plumbing alone.

`git log` obeys settings of the repository that name programs (log.showSignature with gpg.program); `rev-list`,
`ls-tree` and `cat-file` don't.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from selfheal.workspace.errors import GitFailed
from selfheal.workspace.listing import parse_tree

MAX_COMMITS = 6
MAX_PATHS = 16
MAX_BYTES = 8 << 20
"""Of one file; the locks of large projects have a tenth of that."""
MAX_TOTAL_BYTES = 32 << 20
"""Of all together; commits beyond it are left out."""
_STAMP = re.compile(rb"(-?\d{1,12}) ([0-9a-f]{40,64})")

Ask = Callable[..., bytes]
"""Calls git in the repository with these arguments; raises GitFailed."""


@dataclass(frozen=True, slots=True)
class PastCommit:
    """A commit that wrote one of the files, and what all of them were in it; None for one that was not there."""

    commit: str
    day: str
    contents: tuple[tuple[str, bytes | None], ...]


def read_past(ask: Ask, paths: tuple[str, ...], *, until: str | None) -> tuple[PastCommit, ...]:
    """The last few commits that wrote one of the paths, the newest first; empty where git can't tell.

    `until` is a day, and no later commit counts. A commit in which one of the paths is a link, a folder, too large or,
    as in a partial clone, out of reach is left out.
    """
    wanted = tuple(path for path in paths[:MAX_PATHS] if path)
    if not wanted:
        return ()
    limits = [f"--min-age={_end_of(until)}"] if until is not None else []
    try:
        told = ask("rev-list", "--timestamp", f"--max-count={MAX_COMMITS}", *limits, "HEAD", "--", *wanted)
    except GitFailed:
        return ()
    found: list[PastCommit] = []
    left = MAX_TOTAL_BYTES
    for line in told.splitlines():
        match = _STAMP.fullmatch(line)
        day = day_of(match[1]) if match is not None else None
        if match is None or day is None:
            continue
        commit = match[2].decode("ascii")
        contents = _contents(ask, commit, wanted)
        if contents is None:
            continue
        left -= sum(len(content) for _, content in contents if content is not None)
        if left < 0:
            break
        found.append(PastCommit(commit=commit, day=day, contents=contents))
    return tuple(found)


def day_of(seconds: bytes) -> str | None:
    """The day of a time stamp in UTC; None for one that no calendar has."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _end_of(day: str) -> int:
    return int(datetime.combine(date.fromisoformat(day), time.max, UTC).timestamp())


def _contents(ask: Ask, commit: str, paths: tuple[str, ...]) -> tuple[tuple[str, bytes | None], ...] | None:
    try:
        entries = {entry.path: entry for entry in parse_tree(ask("ls-tree", "-z", "--full-tree", commit, "--", *paths))}
        contents: list[tuple[str, bytes | None]] = []
        for path in paths:
            entry = entries.get(path.encode())
            if entry is None:
                contents.append((path, None))
                continue
            if not entry.is_regular or int(ask("cat-file", "-s", entry.blob)) > MAX_BYTES:
                return None
            contents.append((path, ask("cat-file", "blob", entry.blob)))
    except (GitFailed, ValueError):
        return None
    return tuple(contents)
