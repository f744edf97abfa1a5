"""pylint: text, parseable, msvs, colorized, github, json and json2."""

import re
from typing import ClassVar

from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading
from selfheal.logs.parsers.lint_finding import lint_finding
from selfheal.logs.parsers.python.coded_lines import read_annotation
from selfheal.logs.parsers.python.json_blocks import JsonBlocks
from selfheal.logs.parsers.python.pylint_json import read_pylint

PYLINT_SYMBOL = re.compile(r" \(([a-z0-9][a-z0-9-]{2,60})\)$")
PYLINT_CODE = re.compile(r"[CRWEFI]\d{4}$")
_PARSEABLE = re.compile(
    r"((?:[A-Za-z]:)?[^:\s][^:]{0,500}?)(?::(\d{1,9}):|\((\d{1,9})\):) "
    r"\[([CRWEFI]\d{4})\(([a-z0-9-]{2,60})\)[^\]]{0,200}\] (.*)$"
)
_LINE = re.compile(r"((?:[A-Za-z]:)?[^:\s][^:]{0,500}):(\d{1,9}):(\d{1,9}): ([CRWEFI]\d{4}): (.*)$")


class PylintParser:
    """Reads `file:line:column: CODE: message (symbol)` and the like; its columns count from 0."""

    anchors: ClassVar[tuple[str, ...]] = (
        ".py:",
        "************* Module",
        "::error file=",
        '"message-id": ',
        '"messageId": ',
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._json = JsonBlocks()

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        document = self._json.feed(line)
        if document is not None:
            for file, row, column, code, message in read_pylint(document):
                self._add(number, file, row, column, code, message)
            return
        match = _LINE.match(line)
        if match is not None:
            if PYLINT_SYMBOL.search(line[-80:]) is not None:
                column = int(match.group(3)) + 1
                self._add(number, match.group(1), int(match.group(2)), column, match.group(4), match.group(5))
        elif "(" in line and (parseable := _PARSEABLE.match(line)) is not None:
            row = int(parseable.group(2) or parseable.group(3))
            message = f"{parseable.group(6)} ({parseable.group(5)})"
            self._add(number, parseable.group(1), row, None, parseable.group(4), message)
        elif (coded := read_annotation(number, line)) is not None and PYLINT_CODE.match(coded.code) is not None:
            self._add(number, coded.file, coded.line, (coded.column or 0) + 1, coded.code, coded.message)

    def finish(self) -> Reading:
        """Say what was found."""
        return Reading(tuple(self._findings))

    def _add(self, number: int, file: str, line: int, column: int | None, code: str, message: str) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(
                lint_finding(
                    self._context,
                    tool="pylint",
                    number=number,
                    file=file,
                    line=line,
                    column=column,
                    code=code,
                    message=message,
                )
            )
