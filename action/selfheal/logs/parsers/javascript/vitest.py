"""vitest: its list of failed suites, failed tests and unhandled errors at the end of a run."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.javascript.coverage import coverage_finding
from selfheal.logs.parsers.javascript.findings import Block, finding_of
from selfheal.logs.parsers.javascript.json_report import is_report, read_report

_RULE = "⎯⎯⎯"
_SECTION = re.compile(r"⎯{3,200} {0,2}([A-Z][A-Za-z ]{2,40}?)(?: \d{1,9})? ⎯{3,200}$")
_FAILED = re.compile(r" FAIL  {0,3}(?:.{0,100}? )?(\S{1,500}\.[A-Za-z]{1,6})(?: > (.{1,2000})|(?: \[ .{1,600} \]))?$")
_UNHANDLED = ("Unhandled Errors", "Unhandled Error", "Unhandled Rejection", "Uncaught Exception", "Vitest caught")
_ORIGIN = re.compile(
    r'(?:This error originated in "([^"]{1,500})"|The latest test that might\'ve caused.{0,20}"(.{1,500})")'
)
_NO_TESTS = re.compile(r"No test (?:suite )?files? found, exiting with code 1")
_MISSING_PACKAGE = re.compile(r"\s{0,4}MISSING DEPENDENCY\s{1,4}(Cannot find dependency '([^']{1,200})')")
_C8 = re.compile(r"^[>$] .{0,200}\bc8 ")
_MAX_BLOCK = 300


class VitestParser:
    """Reads the sections between vitest's long rules; what a test prints stands before them."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Failed Tests ", "Failed Suites ", "Unhandled Error", "Unhandled Rejection", "Uncaught Exception",
        "Startup Error", "No test files found, exiting", "MISSING DEPENDENCY", "CACError: ",
        "does not meet global threshold", "Unhandled Source Error", "Typecheck Error", '"numFailedTests":',
    )  # fmt: skip

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._claimed: list[tuple[int, int]] = []
        self._section = ""
        self._titles: list[tuple[str, str | None]] = []
        self._first = 0
        self._block: list[str] = []
        self._runner = "nyc"
        self._thresholds: list[tuple[int, str]] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if line.startswith(_RULE):
            self._rule(number, line)
        elif self._section:
            self._inside(number, line)
        elif line.startswith("CACError: "):
            self._add(_config(number, line.removeprefix("CACError: "), "vitest refuses its options"))
        elif "No test" in line and _NO_TESTS.match(line.strip()) is not None:
            self._add(_config(number, line, "vitest finds no test files"))
        elif "MISSING DEPENDENCY" in line and (missing := _MISSING_PACKAGE.match(line)) is not None:
            failure = Failure(tool="vitest", message=missing.group(1), excerpt=line.strip())
            advice = f"Add {missing.group(2)} to the project's development dependencies."
            reason = f"the package {missing.group(2)} is not installed"
            span = (number, number)
            self._add(Finding(failure, Category.DEPENDENCY, Stage.COLLECTION, span, reason=reason, advice=advice))
        elif line.startswith("{") and is_report(line):
            self._report(number, line)
        elif "ERROR: Coverage for " in line[:40] and "threshold" in line:
            if len(self._thresholds) < MAX_FINDINGS:
                self._thresholds.append((number, line))
        elif line.startswith((" RUN ", " Test Files ")):
            self._runner = "vitest"
        elif self._runner == "nyc" and _C8.search(line) is not None:
            self._runner = "c8"

    def finish(self) -> Reading:
        """Say what was found."""
        self._close(self._first + len(self._block))
        for number, line in self._thresholds:
            # nyc and c8 say it in the same words as vitest; their names stand in the command alone.
            self._add(coverage_finding(self._runner, number, line))
        return Reading(tuple(self._findings), tuple(self._claimed))

    def _report(self, number: int, line: str) -> None:
        # jest writes the same; its own errors come in text too, and their details lie in this key.
        if '"failureDetails":' in line:
            return
        for test in read_report(line):
            lines = tuple(test.text.split("\n")[:_MAX_BLOCK])
            self._add(finding_of(Block("vitest", lines, (number, number), test.test_id), self._context))

    def _rule(self, number: int, line: str) -> None:
        self._close(number - 1)
        section = _SECTION.match(line.rstrip())
        if section is not None:
            self._section, self._first = section.group(1), number
        elif "]" in line[-4:]:
            # `[1/2]` ends one failure; a bare rule ends the unhandled errors.
            self._first = number
        else:
            self._section = ""

    def _inside(self, number: int, line: str) -> None:
        if line.startswith(" FAIL ") and (failed := _FAILED.match(line)) is not None:
            if any(text.strip() for text in self._block):
                self._close(number - 1)
            if not self._titles:
                self._first, self._block = number, []
            self._titles.append((failed.group(1), failed.group(2)))
        elif line.startswith((" Test Files ", "  Snapshots ")):
            self._close(number - 1)
            self._section = ""
        elif len(self._block) < _MAX_BLOCK:
            self._block.append(line)

    def _close(self, last: int) -> None:
        lines, titles, self._block, self._titles = tuple(self._block), self._titles, [], []
        if not self._section or not any(line.strip() for line in lines):
            return
        span = (self._first, last)
        if self._section == "Startup Error":
            self._startup(lines, span)
        elif titles:
            stage = Stage.COLLECTION if "Suites" in self._section else Stage.RUN
            for file, test_id in titles[:MAX_FINDINGS]:
                block = Block("vitest", lines, span, test_id, file, stage=stage)
                self._add(finding_of(block, self._context))
        elif self._section in _UNHANDLED or "Error" in self._section:
            self._unhandled(lines, span)
        else:
            return
        self._claimed.append(span)

    def _unhandled(self, lines: tuple[str, ...], span: tuple[int, int]) -> None:
        if lines[0].startswith("Vitest caught") or any(line.startswith("Vitest caught") for line in lines[:3]):
            return
        file = test_id = None
        own: list[str] = []
        for line in lines:
            origin = _ORIGIN.match(line)
            if origin is not None:
                file, test_id = file or origin.group(1), test_id or origin.group(2)
            elif file is None:
                own.append(line)
        self._add(finding_of(Block("vitest", tuple(own), span, test_id, file), self._context))

    def _startup(self, lines: tuple[str, ...], span: tuple[int, int]) -> None:
        finding = finding_of(Block("vitest", lines, span, stage=Stage.COLLECTION), self._context)
        if finding.category is Category.TEST:
            reason = "vitest could not start"
            finding = Finding(finding.failure, Category.CONFIG, Stage.COLLECTION, span, reason=reason)
        self._add(finding)

    def _add(self, finding: Finding) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)


def _config(number: int, line: str, reason: str) -> Finding:
    failure = Failure(tool="vitest", message=line.strip(), excerpt=line.strip()[:1_500])
    return Finding(failure, Category.CONFIG, Stage.COLLECTION, (number, number), reason=reason)
