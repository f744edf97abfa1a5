"""googletest: failures with their values, and tests that never came back."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.native.told import tells_a_crash, without_ctest

_FAILURE = re.compile(
    r"(?:([^:\s][^:]{0,500}):(\d{1,7}): Failure|(\S[^(]{0,500})\((\d{1,7})\): error: ?(.*)"
    r"|(unknown file): (?:Failure|error: .*))$"
)
_NAME = re.compile(r"\[[ A-Z]{10}\] (\S{1,500}?)(?:,| \(|$)")
_EXCEPTION = re.compile(
    r"(?:C\+\+ exception|SEH exception|Unknown C\+\+ exception)(?: with (?:description \"(.{0,500})\"|code \S+))?"
)
_RUN, _OK, _FAILED, _SKIPPED = "[ RUN      ]", "[       OK ]", "[  FAILED  ]", "[  SKIPPED ]"
_MAX_BLOCK = 60


class GoogleTestParser:
    """Reads googletest's output, alone or under ctest."""

    anchors: ClassVar[tuple[str, ...]] = (_RUN, _FAILED, ": Failure")

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._test: str | None = None
        self._started = 0
        self._crash_told = False
        self._head: re.Match[str] | None = None
        self._block: list[str] = []
        self._lines = (0, 0)
        self._nameless: list[int] = []
        self._findings: list[Finding] = []
        self._failed: set[str] = set()
        self._listed: list[tuple[int, str]] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        text = without_ctest(line)
        if text.startswith("[") and text[11:13] == "] ":
            self._mark(number, text)
        elif (": Failure" in text or "): error:" in text or text.startswith("unknown file: ")) and (
            head := _FAILURE.match(text)
        ) is not None:
            self._end()
            self._head, self._lines = head, (number, number)
            self._block = [text]
        elif self._head is not None and len(self._block) < _MAX_BLOCK:
            self._block.append(text)
            self._lines = (self._lines[0], number)
        if tells_a_crash(text):
            self._crash_told = True

    def finish(self) -> Reading:
        """Say what was found."""
        self._end()
        self._crashed()
        for number, name in self._listed:
            if name not in self._failed:
                failure = Failure(
                    tool="googletest", message=f"{name} failed", test_id=name, excerpt=f"{_FAILED} {name}"
                )
                self._add(Finding(failure, Category.TEST, Stage.RUN, (number, number)))
        return Reading(
            tuple(self._findings), tuple(one.lines for one in self._findings if one.failure.line is not None)
        )

    def _mark(self, number: int, text: str) -> None:
        mark = text[:12]
        if mark not in (_RUN, _OK, _FAILED, _SKIPPED):
            return
        self._end()
        match = _NAME.match(text)
        if match is None:
            return
        name = match.group(1)
        if mark == _RUN:
            self._crashed()
            self._test, self._started, self._crash_told = name, number, False
            return
        if mark == _FAILED and "." in name:
            # With --gtest_brief a test is named only after its failures.
            for position in self._nameless:
                known = self._findings[position]
                failure = known.failure.model_copy(update={"test_id": name})
                self._findings[position] = Finding(failure, known.category, known.stage, known.lines)
                self._failed.add(name)
            if name not in self._failed and not any(name == one for _, one in self._listed[-200:]):
                self._listed.append((number, name))
        self._nameless = []
        if name == self._test:
            self._test = None

    def _end(self) -> None:
        head, self._head = self._head, None
        if head is None:
            return
        file, line = head.group(1) or head.group(3), head.group(2) or head.group(4)
        while self._block and not self._block[-1].strip():
            self._block.pop()
        body = self._block[1:] if head.group(5) in (None, "") else [head.group(5), *self._block[1:]]
        exception = next((one for row in body if (one := _EXCEPTION.match(row)) is not None), None)
        failure = Failure(
            tool="googletest",
            message="\n".join(body)[:2_000] or "Failure",
            file=self._repository.name(file) if file else None,
            line=int(line) if line else None,
            test_id=self._test,
            code="exception" if exception is not None else None,
            excerpt="\n".join(self._block)[:MAX_EXCERPT],
        )
        if self._test is not None:
            self._failed.add(self._test)
        elif len(self._findings) < MAX_FINDINGS:
            self._nameless.append(len(self._findings))
        reason = "the test's code threw an exception" if exception is not None else "a test's expectation does not hold"
        self._add(Finding(failure, Category.TEST, Stage.RUN, self._lines, reason=reason))

    def _crashed(self) -> None:
        """A test that began and never ended took the program with it; sanitizers tell more, if they told."""
        name, self._test = self._test, None
        if name is None or self._crash_told:
            return
        message = f"the program ended inside {name}: it crashed, exited or was stopped"
        failure = Failure(tool="googletest", message=message, test_id=name, excerpt=f"{_RUN} {name}")
        self._add(
            Finding(failure, Category.TEST, Stage.RUN, (self._started, self._started), reason="a test never ended")
        )

    def _add(self, finding: Finding) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)
