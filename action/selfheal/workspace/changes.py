"""Which lines the commit under test changed."""

import re

from selfheal.contract.suspects import ChangedLines

ARGUMENTS = (
    *("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--ignore-submodules=all"),
    *("--unified=0", "--src-prefix=", "--dst-prefix=", "HEAD^", "HEAD", "--"),
)
"""Against the first parent, which for the merge commit that GitHub tests is the branch it would go to."""

_HUNK = re.compile(rb"@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_MOST = 2_000


def read_changes(diff: bytes) -> tuple[ChangedLines, ...]:
    """Read a diff without context; files with odd names and what was only deleted are left out."""
    found: list[ChangedLines] = []
    file = ""
    in_hunk = 0
    for line in diff.split(b"\n"):
        if in_hunk and line[:1] in (b"+", b"-", b"\\"):
            in_hunk -= line[:1] == b"+"
            continue
        if line.startswith(b"+++ "):
            name = line[4:].rstrip(b"\t")
            file = "" if name.startswith(b'"') or name == b"/dev/null" else name.decode("utf-8", "replace")
        elif (hunk := _HUNK.match(line)) is not None and file:
            first, count = int(hunk.group(1)), int(hunk.group(2) or 1)
            in_hunk = count
            if count and len(found) < _MOST:
                found.append(ChangedLines(file=file, first_line=first, last_line=first + count - 1))
    return tuple(found)
