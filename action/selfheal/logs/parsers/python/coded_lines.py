"""Lines of linters, `file:line:column: CODE message`, and whose they are."""

import re
from dataclasses import dataclass

_LINE = re.compile(
    r"((?:[A-Za-z]:)?[^:\s][^:]{0,500}):(\d{1,9}):(?:(\d{1,9}):)? "
    r"(?:\[?([A-Z]{1,10}\d{1,5})\]?(?:\(([a-z-]{1,60})\))?:? |(invalid-syntax|SyntaxError|E999): )(.*)$"
)
_RUFF_END = re.compile(r"Found \d+ errors?(?: \(.{0,80}\))?\.$|\[\*\] \d+ fixable|No fixes available")


_ANNOTATION = re.compile(r"::(?:error|warning|notice) ([^:]{1,1500})::(.*)$")
_TITLED = re.compile(r"([A-Z]{1,10}\d{1,5})$")
_LED = re.compile(r"([A-Z]{1,10}\d{1,5}):? (.*)$")


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


def read_annotation(number: int, line: str) -> CodedLine | None:
    """Read a workflow command whose title, or whose text's first word, is a linter's code."""
    match = _ANNOTATION.match(line) if line.startswith("::") else None
    if match is None:
        return None
    facts = {name.strip(): value for name, _, value in (part.partition("=") for part in match.group(1).split(","))}
    titled, led = _TITLED.match(facts.get("title", "")), _LED.match(match.group(2))
    code = titled.group(1) if titled is not None else led.group(1) if led is not None else ""
    if not code or "file" not in facts or not facts.get("line", "").isdecimal():
        return None
    column = facts.get("col", "")
    text = led.group(2) if led is not None and titled is None else match.group(2)
    return CodedLine(number, facts["file"], int(facts["line"]), int(column) if column.isdecimal() else None, code, text)


def is_ruffs_end(line: str) -> bool:
    """True for the line with which ruff ends a run."""
    return _RUFF_END.match(line) is not None
