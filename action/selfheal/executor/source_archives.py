"""Read the change logs out of an unpacked source distribution. Only reads, within limits, and follows no link."""

import os
import re
from pathlib import Path

from selfheal.contract.packages import Announcement

_NAMED = re.compile(
    r"(change(s|log|_log|-log)?|history|news|releases?|release[-_ ]?notes?|whats[-_]?new|migrat\w*|upgrading)"
    r"([-_.]?\d[\w.-]*)?(\.(rst|md|txt|adoc))?",
    re.IGNORECASE,
)
_NOTES = re.compile(r"(?:v?\d+(?:\.\d+)*(?:[-_]notes)?|\d[\w.-]*-(?:notes|changelog)|changelog_\d+)\.(?:rst|md|txt)")
_FOLDERS = re.compile(r"change|release|news|whatsnew|history|migrat", re.IGNORECASE)
_MAX_FILES = 40
_MAX_BYTES = 2 << 20
_MAX_DEPTH = 5


def change_logs(folder: Path, version: str) -> tuple[Announcement, ...]:
    """List the files below `folder` that are called like a change log: those of the version's line first."""
    line = ".".join(version.split(".")[:2])
    found: list[tuple[int, str, Path]] = []
    for top in sorted(folder.glob("sdists-*/**/src")):
        for place, names, files in os.walk(top, followlinks=False):
            below = Path(place).relative_to(top)
            if len(below.parts) >= _MAX_DEPTH:
                names.clear()
            is_notes = bool(_FOLDERS.search(str(below)))
            found += [
                (len(below.parts), str(below / name), Path(place, name))
                for name in files
                if _NAMED.fullmatch(name) or (is_notes and _NOTES.fullmatch(name))
            ]
    read = []
    for _, shown, path in sorted(found, key=lambda one: (line not in one[2].name, one[0], one[1]))[: _MAX_FILES * 4]:
        if path.is_symlink() or path.stat().st_size > _MAX_BYTES or path.suffix in (".py", ".html"):
            continue
        read.append(Announcement(file=shown, text=path.read_text("utf-8", "replace")))
    return tuple(read[:_MAX_FILES])
