"""Lines of linters, `file:line:column: CODE message`, and whose they are."""

import re
from dataclasses import dataclass

_LINE = re.compile(
    r"((?:[A-Za-z]:)?[^:\s][^:]{0,500}):(\d{1,9}):(?:(\d{1,9}):)? "
    r"(?:\[?([A-Z]{1,10}\d{1,5})\]?(?:\(([a-z-]{1,60})\))?:? |(invalid-syntax|SyntaxError|E999): )(.*)$"
)
_RUFF_END = re.compile(r"Found \d+ errors?(?: \(.{0,80}\))?\.$|\[\*\] \d+ fixable|No fixes available")


@dataclass(frozen=True, slots=True)
class CodedLine:
    """One report of a linter. `number` is its line in the log."""

    number: int
    file: str
    line: int
    column: int | None
    code: str
    message: str

    @property
    def is_ruffs(self) -> bool:
        """True where only ruff writes like this."""
        return "`" in self.message or self.message.startswith("[*]") or self.code == "invalid-syntax"


def read_coded_line(number: int, line: str) -> CodedLine | None:
    """Read a report of ruff (concise, pylint), flake8 or pycodestyle; pylint's own ends in (symbol)."""
    match = _LINE.match(line)
    if match is None:
        return None
    column = int(match.group(3)) if match.group(3) else None
    code = match.group(4) or match.group(6)
    return CodedLine(number, match.group(1), int(match.group(2)), column, code, match.group(7))


def is_ruffs_end(line: str) -> bool:
    """True for the line with which ruff ends a run."""
    return _RUFF_END.match(line) is not None
