"""mocha: the numbered list of failures under `2 failing`, and what stops it before any test runs."""

import json
import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.javascript.findings import Block, finding_of
from selfheal.logs.parsers.javascript.stack import is_frame

_FAILING = re.compile(r"\s{1,4}\d{1,9} failing$")
_NUMBERED = re.compile(r"  (\d{1,9})\) (.{1,1000})$")
_RUN = (" Exception during run: ", "Exception during run: ")
_JSON = re.compile(r'\s{2,12}"(fullTitle|file|stack)": (".*"),?$')
_TIMEOUT_FILE = re.compile(r"Timeout of \d{1,9}ms exceeded.{0,300} \(([^()]{1,500})\)$")
_MAX_BLOCK = 200


class MochaParser:
    """Reads mocha's epilogue, which all its reporters for people share, and its JSON."""

    anchors: ClassVar[tuple[str, ...]] = (
        " failing", "Exception during run: ", "No test files found", '"fullTitle": ',
    )  # fmt: skip

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._claimed: list[tuple[int, int]] = []
        self._is_epilogue = False
        self._titles: list[str] = []
        self._is_open = False
        self._is_titled = False
        self._is_stack = False
        self._is_load = False
        self._first = 0
        self._block: list[str] = []
        self._json: dict[str, str] = {}
        self._seen: set[str] = set()

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._is_open and self._take(number, line):
            return
        if line.endswith(" failing") and _FAILING.match(line) is not None:
            self._is_epilogue = True
        elif self._is_epilogue and line.startswith("  ") and (header := _NUMBERED.match(line)) is not None:
            self._begin(number, header.group(2))
        elif line.startswith(_RUN):
            self._begin(number, None)
            self._block = [line.partition("run: ")[2]]
        elif line.startswith("Error: No test files found"):
            failure = Failure(tool="mocha", message=line.removeprefix("Error: "), excerpt=line)
            reason = "mocha finds no test files"
            self._add(Finding(failure, Category.CONFIG, Stage.COLLECTION, (number, number), reason=reason))
        elif line.startswith('      "') or (line.startswith('        "stack"')):
            self._json_line(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        if self._is_open:
            self._end(self._first + len(self._block))
        return Reading(tuple(self._findings), tuple(self._claimed))

    def _begin(self, number: int, title: str | None) -> None:
        self._is_open, self._is_stack, self._is_load = True, False, title is None
        self._first, self._block, self._titles = number, [], []
        self._is_titled = title is None
        if title is not None:
            self._title(title)

    def _title(self, text: str) -> None:
        """One level of the title; a colon ends the last."""
        self._is_titled = text.endswith(":")
        self._titles.append(text[:-1] if self._is_titled else text)

    def _take(self, number: int, line: str) -> bool:
        """Take a line of the open failure; False where it is over and the line is another's."""
        if not self._is_titled:
            if line.startswith("   ") and line.strip() and len(self._titles) < 40:
                self._title(line.strip())
                return True
            self._is_open = False
            return False
        is_next = not self._is_load and line.startswith("  ") and _NUMBERED.match(line) is not None
        is_over = self._is_stack and line[:1] not in ("", " ", "}")
        if is_next or is_over or (self._is_load and line.startswith("}")):
            if line.startswith("}"):
                self._block.append(line)
            self._end(number - 1)
            return line.startswith("}")
        self._is_stack = self._is_stack or is_frame(line)
        if len(self._block) < _MAX_BLOCK:
            self._block.append(line)
        return True

    def _end(self, last: int) -> None:
        self._is_open = False
        if not any(line.strip() for line in self._block):
            return
        timeout = next((found for line in self._block[:6] if (found := _TIMEOUT_FILE.search(line.strip()))), None)
        block = Block(
            "mocha",
            tuple(self._block),
            (self._first, last),
            " > ".join(self._titles) or None,
            timeout.group(1) if timeout is not None else None,
            stage=Stage.COLLECTION if self._is_load else Stage.RUN,
        )
        self._claimed.append(block.span)
        self._add(finding_of(block, self._context))

    def _json_line(self, number: int, line: str) -> None:
        found = _JSON.match(line)
        if found is None:
            return
        try:
            value = str(json.loads(found.group(2)))
        except (ValueError, RecursionError):
            return
        self._json[found.group(1)] = value
        title = self._json.get("fullTitle", "")
        if found.group(1) == "stack" and title and title not in self._seen:
            self._seen.add(title)
            lines = tuple(value.split("\n")[:_MAX_BLOCK])
            block = Block("mocha", lines, (number, number), title, self._json.get("file"))
            self._add(finding_of(block, self._context))

    def _add(self, finding: Finding) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)
