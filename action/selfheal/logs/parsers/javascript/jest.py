"""jest: a block with a bullet for each failed test, under the file that it lies in."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.javascript.coverage import coverage_finding
from selfheal.logs.parsers.javascript.findings import Block, finding_of
from selfheal.logs.parsers.javascript.missing import read_missing

_FAIL = re.compile(r"\s?FAIL\s{1,2}(?:.{0,100}? )?(\S{1,500}\.[A-Za-z]{1,6})(?: \([\d.]{1,12} ?m?s\))?$")
_SUITE = "Test suite failed to run"
_NOT_TESTS = ("Console", "Deprecation Warning", "Cannot log after tests are done")
_ENDS = (
    "Test Suites:", "Tests:", "Snapshots:", "Snapshot Summary", "Summary of all failing", "PASS ", " PASS ",
    "FAIL ", " FAIL ", "----", "=====", "::", "RUNS ", "Jest: ", "A worker process", "Force exiting", "Ran all test",
)  # fmt: skip
_HELP = ("Jest encountered an unexpected token", "Jest failed to parse a file")
_TOTALS = re.compile(r"(?:Tests|Test Suites): {1,8}(\d{1,9} failed)")
_MAX_BLOCK = 400


class JestParser:
    """Reads the failures that jest's default, verbose and GitHub reporters print."""

    anchors: ClassVar[tuple[str, ...]] = (
        "FAIL ", "Test Suites: ", "● Validation Error", "● Unrecognized CLI", "No tests found, exiting",
        "coverage threshold for ", "Jest: Coverage for ", "Test suite failed to run",
    )  # fmt: skip

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._seen: set[tuple[str | None, str | None, int | None, str]] = set()
        self._claimed: list[tuple[int, int]] = []
        self._file: str | None = None
        self._is_passing = False
        self._title: str | None = None
        self._is_setup = False
        self._first = 0
        self._block: list[str] = []
        self._totals: tuple[int, str] | None = None
        self._is_told = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._title is not None:
            if not self._is_end(line):
                if len(self._block) < _MAX_BLOCK:
                    self._block.append(line)
                return
            self._end(number - 1)
        if line.startswith("  ● ") and not self._is_passing:
            self._open(number, line[4:].strip(), is_setup=False)
        elif "●" in line[:1]:
            title = line[1:].strip()
            if title.startswith(("Validation Error", "Unrecognized CLI Parameter")):
                self._open(number, title, is_setup=True)
        elif "FAIL" in line[:5] and (header := _FAIL.match(line)) is not None:
            self._file, self._is_passing = header.group(1), False
        elif line.startswith(("PASS ", " PASS ")):
            self._is_passing = True
        elif line.startswith(("Tests: ", "Test Suites: ")) and _TOTALS.match(line) is not None:
            self._totals = (number, line.strip())
        elif line.startswith("Jest: ") and "threshold" in line:
            self._add(coverage_finding("jest", number, line.removeprefix("Jest: ")))
        elif line.startswith("No tests found, exiting with code 1"):
            self._add(_config(number, line, "jest finds no test files"))

    def finish(self) -> Reading:
        """Say what was found; the totals alone where no reporter told more."""
        if self._title is not None:
            self._end(self._first + len(self._block))
        if not self._findings and not self._is_told and self._totals is not None:
            number, line = self._totals
            failure = Failure(tool="jest", message=line, excerpt=line)
            reason = "jest counts failed tests but its reporter does not say which"
            self._add(Finding(failure, Category.TEST, Stage.RUN, (number, number), reason=reason))
        return Reading(tuple(self._findings), tuple(self._claimed))

    def _is_end(self, line: str) -> bool:
        if line[:1] in ("", " "):
            return line.startswith(("  ● ", " FAIL ", " PASS ", " › ")) and not self._is_setup
        return line.startswith((*_ENDS, "●")) or (self._is_setup and not line.startswith("As of Jest"))

    def _open(self, number: int, title: str, *, is_setup: bool) -> None:
        self._title, self._is_setup, self._first, self._block = title, is_setup, number, []

    def _end(self, last: int) -> None:
        title, self._title = self._title, None
        if title is None or title in _NOT_TESTS:
            return
        if self._is_setup:
            self._add(self._setup(title, last))
            return
        # ts-jest prints the compiler's own lines: its parser reads them.
        if any("error TS" in line for line in self._block[:40]):
            self._is_told = True
            return
        is_suite = title == _SUITE
        lines = tuple(_without_help(self._block) if is_suite else self._block)
        block = Block(
            "jest",
            lines,
            (self._first, last),
            None if is_suite else title.replace(" › ", " > "),
            self._file,
            stage=Stage.COLLECTION if is_suite else Stage.RUN,
        )
        self._claimed.append(block.span)
        self._add(finding_of(block, self._context))

    def _setup(self, title: str, last: int) -> Finding:
        text = "\n".join(line.strip() for line in self._block if line.strip())
        message = text.split("\n")[0] if text else title
        span = (self._first, last)
        missing = read_missing(text)
        is_package = "cannot be found" in message and "node module" in message
        if is_package or (missing is not None and missing.package is not None):
            failure = Failure(tool="jest", message=message, excerpt=f"{title}\n{text}"[:1_500])
            reason = "jest's configuration names a package that is not installed"
            advice = "Add the package to the project's development dependencies."
            return Finding(failure, Category.DEPENDENCY, Stage.COLLECTION, span, reason=reason, advice=advice)
        failure = Failure(tool="jest", message=message, excerpt=f"{title}\n{text}"[:1_500])
        return Finding(failure, Category.CONFIG, Stage.COLLECTION, span, reason="jest refuses its options")

    def _add(self, finding: Finding) -> None:
        """Keep it, unless the summary of a long run tells it again."""
        failure = finding.failure
        key = (failure.test_id, failure.file, failure.line, failure.message[:200])
        if key not in self._seen and len(self._findings) < MAX_FINDINGS:
            self._seen.add(key)
            self._findings.append(finding)


def _without_help(lines: list[str]) -> list[str]:
    """A block without the page of advice that jest puts before a parser's error."""
    if not any(line.strip().startswith(_HELP) for line in lines[:6]):
        return lines
    details = next((number for number, line in enumerate(lines) if line.strip() == "Details:"), None)
    return lines[details + 1 :] if details is not None else lines


def _config(number: int, line: str, reason: str) -> Finding:
    failure = Failure(tool="jest", message=line.strip(), excerpt=line.strip())
    return Finding(failure, Category.CONFIG, Stage.COLLECTION, (number, number), reason=reason)
