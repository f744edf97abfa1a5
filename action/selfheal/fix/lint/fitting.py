"""Lines that an edit made too long are laid out over several, as long as the project's own limit is known."""

import re

from selfheal.fix.lint.long_lines import shorter
from selfheal.fix.lint.project import Project
from selfheal.fix.lint.source import Source
from selfheal.fix.lint.splicing import spliced

_FILES = ("pyproject.toml", "ruff.toml", ".ruff.toml", "setup.cfg", "tox.ini", ".flake8", ".pylintrc", "pylintrc")
_SETTING = re.compile(rb"^[ \t]*(?:max-|max_)?line[-_]length[ \t]*[=:][ \t]*(\d{2,3})\b", re.MULTILINE)
_USUAL = {"ruff": 88, "flake8": 79, "pylint": 100}
_MOST = 40


def line_limit(project: Project, tool: str) -> int:
    """The shortest limit that the project's configuration names, else the linter's own."""
    found = [int(n) for path in _FILES for n in _SETTING.findall(project.read(path) or b"")]
    return min(found, default=_USUAL.get(tool, 88))


def fitted(path: str, before: bytes, after: bytes, *, limit: int) -> bytes:
    """Lay out the lines of `after` that are new and too long; what can't be laid out for sure stays."""
    known = set(before.splitlines())
    number, tried = 1, 0
    while tried < _MOST:
        lines = after.splitlines()
        number = next((n for n in range(number, len(lines) + 1) if _is_long(lines[n - 1], known, limit)), 0)
        source = Source.read(path, after) if number else None
        if source is None:
            break
        made = shorter(source, number, limit)
        after = spliced(after, made[0]) if made else after
        number, tried = number + 1, tried + 1
    return after


def _is_long(line: bytes, known: set[bytes], limit: int) -> bool:
    return line not in known and len(line.decode(errors="replace")) > limit
