"""One line of a Python tool about the configuration file that it can't read. A new message is a row."""

import re
from dataclasses import dataclass
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Reading, Stage

_FILE = r"(?P<file>(?:[A-Za-z]:)?[^:\s'\"][^:'\"]{0,400}?)"
_AT = r"\(at line (?P<line>\d{1,9}), column (?P<column>\d{1,9})\)$"
_MOST = 30
_WAITED_FOR = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """A message; `file`, `line`, `column` and `said` are its groups. `is_open`: the place follows on the next lines."""

    tool: str
    says: re.Pattern[str]
    is_open: bool = False


def _row(tool: str, says: str, *, is_open: bool = False) -> _Row:
    return _Row(tool, re.compile(says), is_open)


_ROWS = (
    _row(
        "mypy",
        rf"{_FILE}: (?P<said>Source contains parsing errors|File contains no section headers"
        r"|While reading from .{1,500}(?:already exists|parsing errors).{0,200})",
        is_open=True,
    ),
    _row("mypy", rf"(?P<file>\S{{0,400}}pyproject\.toml): (?P<said>.{{1,300}}) {_AT}"),
    _row("isort", rf".{{0,200}}UserWarning: (?P<said>Failed to pull configuration information) from {_FILE}$"),
    _row("isort", rf"\s{{0,8}}- (?P<said>\w{{1,80}} = .{{0,300}}?) +\(source: '{_FILE}'\)$"),
    _row("black", rf"(?P<said>Invalid config keys detected: .{{1,300}}) \(in {_FILE}\)$"),
    _row("coverage", rf"Couldn't read config file {_FILE}: (?P<said>.{{1,300}}) {_AT}"),
    _row("coverage", rf"Couldn't read '?{_FILE}'? as a config file: (?P<said>.{{1,300}})$"),
    _row("coverage", rf"Option in {_FILE} (?P<said>.{{1,300}})$"),
    _row(
        "pylint",
        rf"{_FILE}:(?P<line>\d{{1,9}}):\d{{1,9}}: F0011: (?P<said>error while parsing the configuration: .{{1,500}})$",
    ),
    _row("pylint", rf"{_FILE}:(?P<line>\d{{1,9}}):\d{{1,9}}: E0015: (?P<said>Unrecognized option found: .{{1,300}})$"),
    _row(
        "json.tool",
        r"(?P<said>(?:Expecting|Invalid|Unterminated|Extra data|Illegal trailing comma|Unexpected UTF-8 BOM).{0,200}):"
        r" line (?P<line>\d{1,9}) column (?P<column>\d{1,9}) \(char \d{1,12}(?: - \d{1,12})?\)$",
    ),
)  # fmt: skip
"""The messages. mypy and isort go on with their defaults, so that what they say next is not what is wrong."""

_PLACE = re.compile(r"\s*\[line\s{1,9}(?P<line>\d{1,9})\]|file: '.{1,400}', line: (?P<at>\d{1,9})$")


class ConfigFileParser:
    """Reads the messages of `_ROWS`."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Source contains parsing errors",
        "File contains no section headers",
        "While reading from",
        "pyproject.toml: ",
        "Failed to pull configuration information",
        " (source: ",
        "Invalid config keys detected",
        "Couldn't read ",
        "F0011",
        "E0015",
        " (char ",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._open: tuple[int, _Row, re.Match[str]] | None = None
        self._lines: list[str] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._open is not None:
            place = _PLACE.match(line)
            self._lines.append(line)
            if place is None and len(self._lines) < _WAITED_FOR:
                return
            self._close(int(place["line"] or place["at"]) if place is not None else None, number if place else 0)
            if place is not None:
                return
        for row in _ROWS if len(self._findings) < _MOST else ():
            if (found := row.says.match(line)) is not None:
                self._open, self._lines = (number, row, found), [line]
                if not row.is_open:
                    groups = found.groupdict()
                    self._close(int(groups["line"]) if groups.get("line") else None, number)
                return

    def finish(self) -> Reading:
        """Say what was found."""
        if self._open is not None:
            self._close(None, 0)
        return Reading(tuple(self._findings), tuple(finding.lines for finding in self._findings))

    def _close(self, line: int | None, last: int) -> None:
        if self._open is None:
            return
        (number, row, found), self._open = self._open, None
        groups = found.groupdict()
        file = groups.get("file")
        inside = re.search(r"\[line\s{1,9}(\d{1,9})\]", groups["said"])
        failure = Failure(
            tool=row.tool,
            message=groups["said"],
            file=self._context.repository.name(file) if file else None,
            line=line if line is not None else int(inside[1]) if inside is not None else None,
            column=int(groups["column"]) if groups.get("column") else None,
            code="config",
            excerpt="\n".join(self._lines)[:MAX_EXCERPT],
        )
        self._findings.append(
            Finding(
                failure,
                Category.CONFIG,
                Stage.SYNTAX,
                (number, max(last, number)),
                reason=f"{row.tool} can't read its configuration",
            )
        )
