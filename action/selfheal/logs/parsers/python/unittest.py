"""unittest: FAIL and ERROR blocks between rules of equals signs."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure, Frame
from selfheal.logs.exceptions import SYNTAX_ERRORS, final, locate, split_exception
from selfheal.logs.native_traceback import read_chain
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.python.pytest_blocks import excerpt

_HEADER = re.compile(r"(FAIL|ERROR): (\S{1,300}) \(([\w.<>]{1,500})\)(.{0,300})$")
_UNEXPECTED = re.compile(r"(UNEXPECTED SUCCESS): (\S{1,300}) \(([\w.<>]{1,500})\)(.{0,300})$")
_RULE, _THIN = "=" * 70, "-" * 70
_MAX_BLOCK = 2_000


class UnittestParser:
    """Reads the list of errors that unittest prints at the end of a run."""

    anchors: ClassVar[tuple[str, ...]] = ("FAIL: ", "ERROR: ", "UNEXPECTED SUCCESS: ", "NO TESTS RAN")

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._after_rule = False
        self._header: re.Match[str] | None = None
        self._first = 0
        self._rules = 0
        self._block: list[str] = []
        self._findings: list[Finding] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._header is not None:
            if line == _RULE or (line == _THIN and self._rules):
                self._end(number - 1)
                self._after_rule = line == _RULE
            elif line == _THIN:
                self._rules += 1
            elif self._rules and len(self._block) < _MAX_BLOCK:
                self._block.append(line)
        elif self._after_rule:
            self._after_rule = False
            if (fixed := _UNEXPECTED.match(line)) is not None:
                self._unexpected(number, fixed)
                # Only the last of them is followed by a rule, and they come last.
                self._after_rule = True
                return
            self._header = _HEADER.match(line)
            self._first, self._rules, self._block = number, 0, []
        elif line == _RULE:
            self._after_rule = True
        elif line == "NO TESTS RAN":
            self._none_ran(number)

    def finish(self) -> Reading:
        """Say what was found."""
        if self._header is not None:
            self._end(self._first + len(self._block) + 1)
        return Reading(tuple(self._findings), tuple(one.lines for one in self._findings))

    def _unexpected(self, number: int, header: re.Match[str]) -> None:
        message = "the test is marked as an expected failure, but passes"
        test_id = _test_id(header)
        failure = Failure(
            tool="unittest",
            message=message,
            test_id=test_id,
            code="unexpected-success",
            excerpt=f"{test_id}: {message}",
        )
        if len(self._findings) < MAX_FINDINGS:
            reason = "an expected failure did not happen"
            self._findings.append(Finding(failure, Category.TEST, Stage.RUN, (number, number), reason=reason))

    def _none_ran(self, number: int) -> None:
        if self._context.exit_code == 0 or self._findings:
            return
        failure = Failure(tool="unittest", message="NO TESTS RAN", code="no-tests", excerpt="NO TESTS RAN")
        self._findings.append(
            Finding(
                failure,
                Category.CONFIG,
                Stage.COLLECTION,
                (number, number),
                reason="unittest found no test to run (exit status 5)",
                advice="Check the folder and the file pattern that the command passes to unittest.",
            )
        )

    def _end(self, last: int) -> None:
        header, self._header = self._header, None
        if header is None or len(self._findings) >= MAX_FINDINGS:
            return
        chain = read_chain(self._block)
        top, place = final(chain), locate(chain, self._context.repository)
        said = next((name for line in self._block if (name := split_exception(line)[0])), "") if not chain else ""
        is_import = "_FailedTest" in header.group(3)
        is_syntax = top is not None and top.short_name in SYNTAX_ERRORS and top.syntax is not None
        message = (
            f"{top.type_name}: {top.message}" if top is not None and top.type_name else "\n".join(self._block[:20])
        )
        ends_at = Frame(file=place.file, line=place.line) if place.file is not None and place.line is not None else None
        failure = Failure(
            tool="unittest",
            message=message[:2_000],
            file=place.file,
            line=place.line,
            column=place.column,
            test_id=None if is_import else _test_id(header),
            code=(top.type_name if top is not None else said) or None,
            frames=place.frames,
            excerpt=excerpt(message.split("\n"), top.source if top is not None else "", ends_at),
        )
        stage = Stage.SYNTAX if is_syntax else Stage.COLLECTION if is_import else Stage.RUN
        category = Category.SYNTAX if is_syntax else Category.TEST
        block = "\n".join(self._block)[:6_000]
        self._findings.append(Finding(failure, category, stage, (self._first, last), chain, block))


def _test_id(header: re.Match[str]) -> str:
    """The dotted name that `python -m unittest` takes; before 3.11 the method stood outside."""
    name, owner = header.group(2), header.group(3)
    return (
        owner
        if owner.endswith(f".{name}") or name in ("setUpClass", "tearDownClass", "setUpModule")
        else f"{owner}.{name}"
    )
