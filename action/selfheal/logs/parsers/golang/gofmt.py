"""gofmt and its kin: lists of file names, diffs, and files that it can't parse."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.golang.build import PARSING
from selfheal.logs.parsers.golang.sections import SectionReader
from selfheal.logs.parsers.golang.sources import GoSources
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage

_DIFF = re.compile(r"diff (?:-u )?(\S{1,500}\.go)\.orig (\S{1,500}\.go)$")
_HUNK = re.compile(r"@@ -(\d{1,9})(?:,\d{1,9})? \+\d{1,9}(?:,\d{1,9})? @@")
_NAME = re.compile(r"(?:[A-Za-z]:)?[\w./\\@+-]{1,400}\.go$")
_WORDS = re.compile(r"gofmt|gofumpt|goimports|go fmt|(?:[Uu]n|[Nn]ot |bad(?:ly)? )[- ]?(?:properly )?format|[Ff]ormatt")
_ENDING = re.compile(
    r"(?:Process completed with exit code|make(?:\[\d{1,4}\])?: \*\*\* |exit status |Error: Process completed)"
)
_PROGRAMS = ("gofumpt", "goimports", "golines", "gci")
_MAX_DIFF = 80


class GofmtParser:
    """Reads names and diffs.

    A bare name is believed only where the log speaks of formatting, or holds nothing but such names.
    """

    # The last two: a list of names may be all that a log holds.
    anchors: ClassVar[tuple[str, ...]] = ("gofmt", "gofumpt", "goimports", ".go.orig", ".go:", ".go\n", ".go\r")

    def __init__(self, context: LogContext) -> None:
        self._sources = GoSources(context.repository)
        self._reader = SectionReader()
        self._names: dict[str, int] = {}
        self._is_told = False
        self._has_other = False
        self._tool = "gofmt"
        self._file = ""
        self._first = 0
        self._line: int | None = None
        self._at = 0
        self._diff: list[str] = []
        self._findings: dict[tuple[str, int | None], Finding] = {}

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._file:
            if self._is_of_diff(line):
                return
            self._end(number - 1)
        if line.startswith("diff ") and (diff := _DIFF.match(line)) is not None:
            self._file, self._first, self._line, self._diff = diff.group(2), number, None, []
            return
        report, rest = self._reader.feed(number, line)
        if report is not None:
            self._parse_error(report.number, report.section, report.file, report.line, report.column, report.text)
        if rest.endswith(".go") and _NAME.match(rest) is not None:
            if len(self._names) < MAX_FINDINGS:
                self._names.setdefault(rest, number)
        elif rest.strip() and _ENDING.match(rest) is None:
            self._has_other = True
            if not self._is_told and ("ormat" in rest or "go" in rest):
                self._told(rest)

    def finish(self) -> Reading:
        """Say what was found."""
        if self._file:
            self._end(self._first + len(self._diff))
        report = self._reader.end()
        if report is not None:
            self._parse_error(report.number, report.section, report.file, report.line, report.column, report.text)
        if self._is_told or not self._has_other:
            for name, number in self._names.items():
                file = self._sources.path(name)
                if not any(key[0] == file for key in self._findings):
                    self._add(file, None, (number, number), f"{file} is not formatted")
        return Reading(tuple(self._findings.values()), tuple(one.lines for one in self._findings.values()))

    def _told(self, line: str) -> None:
        if _WORDS.search(line[:500]) is None:
            return
        self._is_told = True
        self._tool = next((program for program in _PROGRAMS if program in line), self._tool)

    def _is_of_diff(self, line: str) -> bool:
        if not line.startswith((" ", "+", "-", "@@", "\\")) and line:
            return False
        if line.startswith("@@"):
            hunk = _HUNK.match(line)
            self._at = int(hunk.group(1)) if hunk is not None else 0
        elif self._line is None and self._at:
            if line.startswith(("-", "+")):
                self._line = self._at
            self._at += 1
        if len(self._diff) < _MAX_DIFF:
            self._diff.append(line)
        return True

    def _end(self, last: int) -> None:
        file, self._file, self._at = self._sources.path(self._file), "", 0
        self._add(file, self._line, (self._first, last), "\n".join(self._diff))

    def _add(self, file: str, line: int | None, lines: tuple[int, int], excerpt: str) -> None:
        if len(self._findings) >= MAX_FINDINGS or (file, line) in self._findings:
            return
        failure = Failure(
            tool=self._tool,
            message=f"{file} is not formatted as {self._tool} would",
            file=file,
            line=line,
            excerpt=excerpt[:MAX_EXCERPT],
        )
        reason = f"{self._tool} would rewrite the file"
        self._findings[file, line] = Finding(failure, Category.FORMAT, Stage.FORMAT, lines, reason=reason)

    def _parse_error(
        self, number: int, section: str, printed: str, line: int, column: int | None, message: str
    ) -> None:
        """A file that gofmt can't parse; the compiler prints the same under a section of its own."""
        is_own = section == "" and PARSING.match(message) is not None
        if not is_own or "'package'" in message or "import" in message or message.endswith("(typecheck)"):
            return
        file = self._sources.path(printed)
        failure = Failure(
            tool="gofmt",
            message=message,
            file=file,
            line=line,
            column=column,
            excerpt=f"{file}:{line}:{column}: {message}"[:MAX_EXCERPT],
        )
        if len(self._findings) < MAX_FINDINGS:
            reason = "gofmt can't parse the file"
            self._findings.setdefault(
                (file, line), Finding(failure, Category.SYNTAX, Stage.SYNTAX, (number, number), reason=reason)
            )
