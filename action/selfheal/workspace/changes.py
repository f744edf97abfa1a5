"""Which lines the commit under test changed."""

import re
from collections.abc import Iterator
from itertools import islice

from selfheal.contract.suspects import ChangedLines

ARGUMENTS = (
    *("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--ignore-submodules=all"),
    *("--unified=0", "--src-prefix=", "--dst-prefix=", "HEAD^", "HEAD", "--"),
)
"""Against the first parent, which for the merge commit that GitHub tests is the branch it would go to."""

_HUNK = re.compile(rb"@@ -\d{1,9}(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_MOST = 2_000
_ROOM = 200_000
"""Characters of all hunks whose text is kept."""


def read_changes(diff: bytes) -> tuple[ChangedLines, ...]:
    """Read a diff without context; files with odd names are left out."""
    found: list[ChangedLines] = []
    file = ""
    room = _ROOM
    lines = iter(diff.split(b"\n"))
    for line in lines:
        if line.startswith(b"+++ "):
            name = line[4:].rstrip(b"\t")
            file = "" if name.startswith(b'"') or name == b"/dev/null" else name.decode("utf-8", "replace")
        elif (hunk := _HUNK.match(line)) is not None:
            old, first, new = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
            before, after = _texts(lines, old, new)
            if not file or len(found) >= _MOST:
                continue
            # Of lines that are gone git names the one in front of them.
            start = first if new else first + 1
            room -= len(before) + len(after)
            if room < 0:
                before = after = ""
            found.append(
                ChangedLines(file=file, first_line=start, last_line=start + new - 1, before=before, after=after)
            )
    return tuple(found)


def _texts(lines: Iterator[bytes], old: int, new: int) -> tuple[str, str]:
    """Read the lines of a hunk, as many as it says: what they look like does not matter."""
    before = [line[1:] for line in islice(lines, old)]
    after = []
    for line in lines if new else ():
        # "\\ No newline at end of file" may stand between the two.
        if not line.startswith(b"\\"):
            after.append(line[1:])
        if len(after) == new:
            break
    old_text, new_text = (b"".join(one + b"\n" for one in part) for part in (before, after))
    return old_text.decode("utf-8", "replace"), new_text.decode("utf-8", "replace")
