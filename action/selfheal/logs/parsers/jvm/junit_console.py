"""JUnit without a build tool: the console launcher and JUnitCore; and a program's own uncaught exception."""

import re
from typing import ClassVar

from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading
from selfheal.logs.parsers.jvm.java_failure import MAX_BLOCK, java_failure

_SOURCE = re.compile(r" {4}(?:Method|Class)Source \[className = '([\w.$]{1,300})'(?:, methodName = '([^']{1,200})')?")
_NUMBERED = re.compile(r"\d{1,5}\) ([^\s(]{1,300})\(([\w.$]{1,300})\)$")
_UNCAUGHT = re.compile(r'Exception in thread "[^"]{1,200}" (\S.*)$')
_FRAME_LIKE = ("\tat ", "    at ", "Caused by:", "\t...", "\tSuppressed")


class JUnitConsoleParser:
    """Reads traces that no build tool frames."""

    anchors: ClassVar[tuple[str, ...]] = (
        "MethodSource [className",
        "ClassSource [className",
        "FAILURES!!!",
        'Exception in thread "',
    )

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._findings: list[Finding] = []
        self._kind = ""
        self._test: str | None = None
        self._first = 0
        self._block: list[str] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._kind and self._goes_on(line):
            if len(self._block) < MAX_BLOCK:
                self._block.append(line.replace("    => ", "       ", 1) if self._kind == "console" else line)
            return
        self._end(number - 1)
        if line.startswith("    ") and (source := _SOURCE.match(line)) is not None:
            owner, method = source.groups()
            self._open(number, "console", f"{owner}#{method}" if method else owner)
        elif line[:1].isdigit() and (numbered := _NUMBERED.match(line)) is not None:
            self._open(number, "core", f"{numbered.group(2)}#{numbered.group(1)}")
        elif line.startswith("Exception in thread") and (uncaught := _UNCAUGHT.match(line)) is not None:
            self._open(number, "java", None)
            self._block = [uncaught.group(1)]

    def finish(self) -> Reading:
        """Say what was found."""
        self._end(self._first + len(self._block))
        return Reading(tuple(self._findings), tuple(one.lines for one in self._findings))

    def _open(self, number: int, kind: str, test: str | None) -> None:
        self._kind, self._test, self._first, self._block = kind, test, number, []

    def _goes_on(self, line: str) -> bool:
        if self._kind == "console":
            return line.startswith("     ") or line.startswith("    => ")
        if self._kind == "java":
            return line.startswith(_FRAME_LIKE)
        return bool(line.strip()) and _NUMBERED.match(line) is None and not line.startswith("FAILURES!!!")

    def _end(self, last: int) -> None:
        kind, self._kind = self._kind, ""
        has_trace = any("\tat " in row or "    at " in row for row in self._block)
        if not kind or not self._block or (kind != "console" and not has_trace) or len(self._findings) >= MAX_FINDINGS:
            return
        tool = "java" if kind == "java" else "junit"
        finding = java_failure(
            self._repository, tool=tool, test_id=self._test, block=self._block, lines=(self._first, last)
        )
        self._findings.append(finding)
