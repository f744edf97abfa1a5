"""rustfmt: the differences of `cargo fmt --check`, and the names of `-l`."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage

_DIFF = re.compile(r"Diff in (\S.{0,500}\.rs)(?:(?: at line |:)(\d{1,9}):?)?$")
_NAME = re.compile(r"(?:[A-Za-z]:)?[\w./\\@+-]{1,400}\.rs$")
_ENDING = re.compile(r"(?:Error: )?(?:Process completed with exit code|exit status )|make(?:\[\d{1,4}\])?: \*\*\* ")
_MAX_DIFF = 80


class RustfmtParser:
    """Reads differences, one finding a file. A bare name counts only in a log of nothing but names."""

    # The last two: a list of names may be all that a log holds.
    anchors: ClassVar[tuple[str, ...]] = ("Diff in ", "rustfmt", "cargo fmt", ".rs\n", ".rs\r")

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._findings: dict[str, Finding] = {}
        self._names: dict[str, int] = {}
        self._is_told = False
        self._has_other = False
        self._file = ""
        self._first = 0
        self._at = 0
        self._line: int | None = None
        self._diff: list[str] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._file:
            if line.startswith((" ", "-", "+")) or not line:
                self._of_diff(line)
                return
            self._end(number - 1)
        if line.startswith("Diff in ") and (diff := _DIFF.match(line)) is not None:
            self._file, self._first, self._line, self._diff = diff.group(1), number, None, []
            self._at = int(diff.group(2) or 0)
        elif line.endswith(".rs") and _NAME.match(line) is not None:
            if len(self._names) < MAX_FINDINGS:
                self._names.setdefault(line, number)
        elif line.strip() and _ENDING.match(line) is None:
            self._has_other = True
            self._is_told = self._is_told or "rustfmt" in line or "cargo fmt" in line

    def finish(self) -> Reading:
        """Say what was found."""
        if self._file:
            self._end(self._first + len(self._diff))
        if self._is_told or not self._has_other:
            for name, number in self._names.items():
                self._add(self._repository.name(name), None, (number, number), f"{name} is not formatted")
        return Reading(tuple(self._findings.values()), tuple(one.lines for one in self._findings.values()))

    def _of_diff(self, line: str) -> None:
        if self._line is None and self._at:
            if line.startswith(("-", "+")):
                self._line = self._at
            self._at += 1
        if len(self._diff) < _MAX_DIFF:
            self._diff.append(line)

    def _end(self, last: int) -> None:
        file, self._file = self._repository.name(self._file), ""
        self._add(file, self._line, (self._first, last), "\n".join(self._diff))

    def _add(self, file: str, line: int | None, lines: tuple[int, int], excerpt: str) -> None:
        known = self._findings.get(file)
        if known is not None:
            text = f"{known.failure.excerpt}\n...\n{excerpt}"[:MAX_EXCERPT]
            failure = known.failure.model_copy(update={"excerpt": text})
            span = (known.lines[0], lines[1]) if lines[0] - known.lines[1] <= 1 else known.lines
            self._findings[file] = Finding(failure, known.category, known.stage, span, reason=known.reason)
        elif len(self._findings) < MAX_FINDINGS:
            failure = Failure(
                tool="rustfmt",
                message=f"{file} is not formatted as rustfmt would",
                file=file,
                line=line,
                excerpt=excerpt[:MAX_EXCERPT],
            )
            reason = "rustfmt would rewrite the file"
            self._findings[file] = Finding(failure, Category.FORMAT, Stage.FORMAT, lines, reason=reason)
