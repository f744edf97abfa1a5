"""A Node program that falls over: the place, the source line and its caret, the error, its stack."""

import re

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Stage
from selfheal.logs.parsers.javascript.findings import Block, finding_of
from selfheal.logs.parsers.javascript.printed import PrintedReader
from selfheal.logs.parsers.javascript.stack import is_frame, split_error

# TAP reports put a comment's mark before what a test file prints.
_TOP = re.compile(
    r"(# |)((?:file://)?(?:/|[A-Za-z]:[\\/])[^\n:]{1,1000}|node:[\w/.-]{1,200}|internal/[\w/.-]{1,200}"
    r"|undefined|<anonymous[^>\n]{0,60}>|\[eval\]):\d{1,9}$"
)
_ALIEN = ("CACError",)
_MAX_BLOCK = 200


class UncaughtReader:
    """Reads each uncaught exception; a prefix of the first line is taken off the others."""

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self.findings: list[Finding] = []
        self.claimed: list[tuple[int, int]] = []
        self._prefix = ""
        self._first = 0
        self._block: list[str] = []
        self._is_stack = False
        self._printed = PrintedReader()

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._block and self._take(number, line):
            return
        self._printed.feed(number, line)
        if line[-1:].isdigit() and (top := _TOP.match(line)) is not None:
            self._prefix, self._first, self._is_stack = top.group(1), number, False
            self._block = [line[len(self._prefix) :]]
        elif "bad option: " in line and line.startswith(("node: bad option: ", "/")):
            message = line[line.index("bad option: ") :]
            failure = Failure(tool="node", message=message, excerpt=line)
            reason = "node refuses an option"
            self._add(Finding(failure, Category.CONFIG, Stage.COLLECTION, (number, number), reason=reason))

    def close(self) -> None:
        """End what is still open."""
        if self._block:
            self._end(self._first + len(self._block))
        printed = self._printed.block()
        if printed is not None and not self.findings:
            self.claimed.append(printed.span)
            self._add(finding_of(printed, self._context))

    def _take(self, number: int, line: str) -> bool:
        if self._prefix and not line.startswith(self._prefix.rstrip()):
            # Another package's line in between.
            return len(self._block) < _MAX_BLOCK and not line.startswith(("not ok", "ok "))
        text = line[len(self._prefix) :]
        is_frame_line = is_frame(text)
        self._is_stack = self._is_stack or is_frame_line
        is_over = self._is_stack and text[:1] not in ("", " ", "}", "\t") and not is_frame_line
        if text.startswith("Node.js v") or is_over or len(self._block) >= _MAX_BLOCK:
            self._end(number)
            return text.startswith("Node.js v")
        self._block.append(text)
        return True

    def _end(self, last: int) -> None:
        lines, self._block = self._block, []
        has_error = any(split_error(line.strip())[0] for line in lines)
        has_caret = any(line.strip() and not line.strip(" \t^") for line in lines[:8])
        if not has_caret and not (has_error and self._is_stack):
            return
        if any(" error TS" in line or line.startswith(_ALIEN) for line in lines[:30]):
            return
        span = (self._first, last)
        finding = finding_of(Block("node", tuple(lines), span), self._context)
        failure = finding.failure
        if failure.code == "MODULE_NOT_FOUND" and failure.file is None and "Require stack:" not in failure.message:
            reason = "node is asked to run a file that does not exist"
            finding = Finding(failure, Category.CONFIG, Stage.COLLECTION, span, finding.chain, reason=reason)
        self.claimed.append(span)
        self._add(finding)

    def _add(self, finding: Finding) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(finding)
