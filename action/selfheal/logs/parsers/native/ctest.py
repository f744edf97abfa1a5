"""ctest: which tests failed and how; what their output tells itself is left to its own parser."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.native.told import tells_a_crash, without_ctest

_TEST = re.compile(r" {0,6}\d{1,6}/\d{1,6} Test +#\d{1,6}: ")
_START = re.compile(r" {4,8}Start +(\d{1,6}): (\S{1,300})")
_LISTED = re.compile(r"\s{1,8}\d{1,6} - (\S{1,300}) \((.{1,60})\)")
_MAX_OUTPUT = 40


class CtestParser:
    """Reads ctest's report; a test whose output names its own failure gives no second finding here."""

    anchors: ClassVar[tuple[str, ...]] = (
        "The following tests FAILED:",
        "***Failed",
        "***Exception",
        "***Timeout",
        "***Not Run",
        "No tests were found!!!",
        "No test configuration file found!",
    )

    def __init__(self, context: LogContext) -> None:
        self._findings: dict[str, Finding] = {}
        self._failing: tuple[int, str, str] | None = None
        self._output: list[str] = []
        self._told: set[str] = set()
        self._seen: set[str] = set()
        self._is_told = False
        self._in_list = False
        self._names: dict[str, str] = {}

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if "Test" in line and (test := _TEST.match(line)) is not None:
            self._end()
            result = line[test.end() :]
            if "***" in result and "(Disabled)" not in result:
                self._failing = (number, *_split(result))
            return
        if (start := _START.match(line)) is not None:
            self._end()
            if len(self._names) < 10_000:
                self._names[start.group(1)] = start.group(2)
            return
        if line.startswith(("The following tests FAILED:", "No tests were found", "No test configuration")):
            self._end()
            self._in_list = line.startswith("The")
            if not self._in_list:
                self._no_tests(number, line)
            return
        if self._in_list and (listed := _LISTED.match(line)) is not None:
            if listed.group(1) not in self._seen and "Disabled" not in listed.group(2):
                self._failing = (number, listed.group(1), listed.group(2))
                self._end()
            return
        self._take(line)

    def finish(self) -> Reading:
        """Say what was found."""
        self._end()
        return Reading(tuple(one for name, one in self._findings.items() if name not in self._told))

    def _take(self, line: str) -> None:
        text = without_ctest(line)
        tells = text.endswith(": Failure") or tells_a_crash(text)
        if tells and text != line:
            # `ctest -V` prints a test's output before its result, with the test's number.
            self._told.add(self._names.get(line.partition(":")[0], ""))
        elif self._failing is not None:
            self._is_told = self._is_told or tells
            if len(self._output) < _MAX_OUTPUT and text.strip() and "% tests passed" not in text:
                self._output.append(text)

    def _end(self) -> None:
        failing, self._failing = self._failing, None
        output, self._output = self._output, []
        is_told, self._is_told = self._is_told, False
        if failing is None:
            return
        number, name, how = failing
        self._seen.add(name)
        if is_told or len(self._findings) >= MAX_FINDINGS:
            return
        is_unbuilt = "Not Run" in how
        message = f"{name}: {how}"
        failure = Failure(
            tool="ctest",
            message=message,
            test_id=name,
            code=how.removeprefix("Exception: "),
            excerpt="\n".join([message, *output])[:MAX_EXCERPT],
        )
        reason = "the test's program is not there: was it built?" if is_unbuilt else "a test's program failed"
        category = Category.BUILD if is_unbuilt else Category.TEST
        finding = Finding(failure, category, Stage.ENDING, (number, number + len(output)), reason=reason)
        self._findings.setdefault(name, finding)

    def _no_tests(self, number: int, line: str) -> None:
        failure = Failure(tool="ctest", message=line.strip(), excerpt=line[:MAX_EXCERPT])
        reason = "ctest finds no tests in this folder"
        finding = Finding(failure, Category.CONFIG, Stage.ENDING, (number, number), reason=reason)
        self._findings.setdefault("", finding)


def _split(result: str) -> tuple[str, str]:
    """The test's name before the dots, and how it failed; the time after it is left out."""
    left, _, how = result.partition("***")
    name, _, sooner = left.partition(" .")
    how = f"{sooner.strip('. ')} {how.strip().partition('  ')[0]}"
    return name.strip()[:300], how.strip().rstrip(":")[:100]
