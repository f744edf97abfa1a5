"""go test: plain, -v and -json output, and gotestsum's."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.golang.sources import GoSources, read_event
from selfheal.logs.parsers.golang.test_failures import failures_of
from selfheal.logs.parsers.golang.test_run import Run
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage

_PACKAGE = re.compile(r"(ok  |FAIL|\?   |---)\t(\S{1,400})(?:\t| )?(.*)$")
_FLAG = re.compile(
    r"flag provided but not defined: -(\S{1,100})$|invalid value .{1,200} for flag -(\S{1,100}): .{0,200}$"
)
_NO_BUILD = ("[build failed]", "[setup failed]")
_MAX_PACKAGES = 500


class GoTestParser:
    """Reads what fails, package by package; in -json output packages run side by side."""

    anchors: ClassVar[tuple[str, ...]] = (
        "--- FAIL: ",
        "FAIL\t",
        "FAIL\\t",
        '"Action":"fail"',
        "=== FAIL",
        "=== Failed",
        "DONE ",
        "[build failed]",
        "[setup failed]",
        "panic: ",
        "goroutine 1 [",
        "WARNING: DATA RACE",
        "flag provided but not defined",
        ".test:",
    )

    def __init__(self, context: LogContext) -> None:
        self._sources = GoSources(context.repository)
        self._run = Run()
        self._runs: dict[str, Run] = {}
        self._findings: list[Finding] = []
        self._summaries: list[tuple[int, int]] = []
        self._races: list[tuple[int, int]] = []
        self._seen: set[tuple[str | None, str | None, int | None, str]] = set()
        self._unbuilt: list[tuple[int, str]] = []
        self._has_places = False
        self._last = 0
        self._flag = ""
        self._is_usage = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        self._last = number
        if line.startswith('{"') and (event := read_event(line)) is not None:
            self._has_places = self._has_places or event.action == "build-output"
            run = self._runs.setdefault(event.package, Run()) if len(self._runs) < _MAX_PACKAGES else Run()
            if event.action == "output":
                self._line(number, event.output, run, event.test)
            elif event.action == "fail" and event.test:
                run.failed.setdefault(event.test, number)
            elif event.action in ("fail", "pass", "skip") and not event.test:
                self._end(number, event.package, run, is_failed=event.action == "fail")
                self._runs.pop(event.package, None)
            return
        self._has_places = self._has_places or line.startswith("# ")
        self._line(number, line, self._run, "")

    def finish(self) -> Reading:
        """Say what was found."""
        for package, run in ((self._run.package, self._run), *self._runs.items()):
            self._end(self._last, package, run, is_failed=run.has_failed)
        if not self._findings and not self._has_places:
            for number, line in self._unbuilt:
                failure = Failure(tool="go test", message=line, excerpt=line)
                self._add(Finding(failure, Category.BUILD, Stage.ENDING, (number, number), reason="it does not build"))
        # gotestsum's `DONE 3 runs, 4 failures` tells of flaky tests only where none is left that fails.
        summaries = self._summaries if self._findings else ()
        claimed = (*(one.lines for one in self._findings), *self._races, *summaries)
        return Reading(tuple(self._findings), claimed)

    def _line(self, number: int, line: str, run: Run, test: str) -> None:
        if line.startswith(("ok  \t", "FAIL\t", "?   \t")) and (match := _PACKAGE.match(line)) is not None:
            package, rest = match.group(2), match.group(3)
            if any(mark in rest for mark in _NO_BUILD):
                if len(self._unbuilt) < MAX_FINDINGS:
                    self._unbuilt.append((number, line))
                run.is_begun = run.is_unbuilt = True
            elif run is self._run:
                self._end(number, package, run, is_failed=match.group(1) == "FAIL")
                self._run = Run()
            return
        if line.startswith(("flag provided", "invalid value ")) and (flag := _FLAG.match(line)) is not None:
            self._flag = flag.group(0)
        elif self._flag and line.startswith("Usage of ") and ".test" in line:
            self._usage(number)
        if line.startswith("DONE ") and len(self._summaries) < MAX_FINDINGS:
            self._summaries.append((number, number))
        if run is self._run and line.startswith(("=== ", "DONE ")) and self._is_summary(line):
            # gotestsum tells every failure again, and now with its package.
            if line != "=== Failed":
                self._end(number, run.package, run, is_failed=True)
            run = self._run = Run()
        if line in ("FAIL", "PASS", "exit status 1", "exit status 2") or line.startswith("coverage: "):
            return
        if not self._is_usage:
            run.feed(number, line, test)

    def _is_summary(self, line: str) -> bool:
        """True where a line of gotestsum's closes what came before it."""
        package = self._run.package
        if line.startswith("DONE "):
            return package != ""
        return line == "=== Failed" or (
            line.startswith("=== FAIL: ") and package != "" and not line.startswith(f"=== FAIL: {package} ")
        )

    def _usage(self, number: int) -> None:
        message, self._flag, self._is_usage = self._flag, "", True
        failure = Failure(tool="go test", message=message, excerpt=message)
        reason = "the test binary refuses a flag"
        self._add(Finding(failure, Category.CONFIG, Stage.COLLECTION, (number, number), reason=reason))

    def _end(self, number: int, package: str, run: Run, *, is_failed: bool) -> None:
        is_usage, self._is_usage = self._is_usage, False
        if not is_failed or is_usage or (run.is_unbuilt and not run.has_failed):
            return
        run.end()
        self._races += [(first, first + len(lines) + 1) for first, lines in run.races]
        for finding in failures_of(run, package or run.package, self._sources, number):
            self._add(finding)

    def _add(self, finding: Finding) -> None:
        failure = finding.failure
        key = (failure.test_id, failure.file, failure.line, failure.message)
        if key not in self._seen and len(self._findings) < MAX_FINDINGS:
            self._seen.add(key)
            self._findings.append(finding)
