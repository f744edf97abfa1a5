"""pylint in its default format."""

import re
from typing import ClassVar

from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading
from selfheal.logs.parsers.lint_finding import lint_finding

PYLINT_SYMBOL = re.compile(r" \(([a-z0-9][a-z0-9-]{2,60})\)$")
_LINE = re.compile(r"((?:[A-Za-z]:)?[^:\s][^:]{0,500}):(\d{1,9}):(\d{1,9}): ([CRWEFI]\d{4}): (.*)$")


class PylintParser:
    """Reads `file:line:column: CODE: message (symbol)`; its columns count from 0."""

    anchors: ClassVar[tuple[str, ...]] = (".py:",)

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        match = _LINE.match(line)
        if match is None or len(self._findings) >= MAX_FINDINGS or PYLINT_SYMBOL.search(line[-80:]) is None:
            return
        self._findings.append(
            lint_finding(
                self._context,
                tool="pylint",
                number=number,
                file=match.group(1),
                line=int(match.group(2)),
                column=int(match.group(3)) + 1,
                code=match.group(4),
                message=match.group(5),
            )
        )

    def finish(self) -> Reading:
        """Say what was found."""
        return Reading(tuple(self._findings))
