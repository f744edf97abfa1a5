"""Maven's Surefire and Failsafe: failing tests with their traces, the summary, flaky ones and crashed forks."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.jvm.java_failure import MAX_BLOCK, java_failure

_HEADER = re.compile(
    r"(?:\[ERROR\] )?(\S.{0,500}?)(?: --)? {1,2}Time elapsed: [\d.,]{1,12} s(?:ec)? {1,3}<<< (?:FAILURE|ERROR)!"
)
_CLASS = re.compile(r".{0,300}<<< (?:FAILURE|ERROR)! --? in (\S{1,300})")
_OLD_NAME = re.compile(r"([^\s(]{1,300})(?:\(.{0,200}\))?(?:\[.{0,100}\])?\(([\w.$]{1,300})\)$")
_SUMMARY = re.compile(
    r"\[ERROR\] {2,4}(?:Run \d{1,3}: )?([\w$]{1,200})\.([\w$]{1,200})(?:\[[^\]]{0,100}\])?:(\d{1,7})"
    r"(?:->\S{1,300})? (.{1,2000})$"
)
_FLAKE = re.compile(r"\[WARNING\] ([\w.$]{1,300})\.([\w$]{1,200})")
_CRASHED = "terminated without properly saying goodbye"


class SurefireParser:
    """Reads each failing test once: from its trace, or from the summary where traces are not printed."""

    anchors: ClassVar[tuple[str, ...]] = ("<<< FAILURE!", "<<< ERROR!", "There are test failures", _CRASHED, "Flakes:")

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._class = ""
        self._name: str | None = None
        self._first = 0
        self._block: list[str] = []
        self._section = ""
        self._tests: dict[str, Finding] = {}
        self._flaky: set[str] = set()
        self._crashed: list[tuple[int, str]] = []
        self._crash_line = 0

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if "<<< " in line and ("<<< FAILURE!" in line or "<<< ERROR!" in line):
            self._end(number - 1)
            self._header(number, line)
        elif self._name is not None:
            if line.startswith(("[INFO]", "[ERROR]", "[WARNING]", "Tests run:", "Results")):
                self._end(number - 1)
            elif len(self._block) < MAX_BLOCK:
                self._block.append(line)
                return
        if line.startswith(("[ERROR]", "[WARNING]", "[INFO]")):
            self._marked(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        self._end(self._first + len(self._block))
        findings = [self._judged(name, finding) for name, finding in self._tests.items()]
        findings += [self._crash(number, name) for number, name in self._crashed]
        if self._crash_line and not findings:
            findings.append(self._crash(self._crash_line, ""))
        spans = tuple(finding.lines for finding in findings)
        return Reading(tuple(findings), spans)

    def _header(self, number: int, line: str) -> None:
        if (owner := _CLASS.match(line)) is not None:
            self._class = owner.group(1)
            return
        header = _HEADER.match(line)
        if header is not None and not header.group(1).startswith("Tests run:"):
            self._name, self._first, self._block = self._test_id(header.group(1)), number, []

    def _test_id(self, printed: str) -> str:
        """What `-Dtest=` takes: `Class#method`, or the class where its set-up failed."""
        old = _OLD_NAME.match(printed)
        if old is not None and "." in old.group(2):
            return f"{old.group(2)}#{old.group(1)}"
        name = printed.partition("(")[0].partition("[")[0].strip().partition(" ")[0]
        if name == self._class:
            return name
        if self._class and name.startswith(f"{self._class}."):
            return f"{self._class}#{name[len(self._class) + 1 :]}"
        owner, _, method = name.rpartition(".")
        if not owner:
            return f"{self._class}#{method}" if self._class else method
        return name if method[:1].isupper() and "(" not in printed else f"{owner}#{method}"

    def _marked(self, number: int, line: str) -> None:
        text = line.partition("]")[2].strip()
        if text in ("Failures:", "Errors:", "Flakes:", "Crashed tests:"):
            self._section = text
        elif _CRASHED in line:
            self._crash_line = self._crash_line or number
        elif self._section == "Crashed tests:":
            is_name = bool(text) and " " not in text and "." in text
            if is_name and len(self._crashed) < 100 and all(name != text for _, name in self._crashed):
                self._crashed.append((number, text))
            self._section = "Crashed tests:" if is_name else ""
        elif self._section == "Flakes:" and (flake := _FLAKE.match(line)) is not None:
            self._flaky.add(f"{flake.group(1)}#{flake.group(2)}")
        elif self._section in ("Failures:", "Errors:") and (summary := _SUMMARY.match(line)) is not None:
            self._summary(number, summary)
        elif text.startswith(("Tests run:", "Failed to execute")):
            self._section = ""

    def _summary(self, number: int, match: re.Match[str]) -> None:
        """A line of the summary, taken where no trace told of this test."""
        owner, method, row, text = match.groups()
        tail = f"{owner}#{method}"
        ends = (f".{tail}", f"${tail}", f".{owner}")
        is_known = any(name.endswith(ends) or name in (tail, owner) for name in self._tests)
        if is_known or len(self._tests) >= MAX_FINDINGS:
            return
        top = owner.partition("$")[0]
        name = f"{top}.java"
        names = (name, f"{top}.kt", f"{top}.groovy")
        file = next((one for one in names if self._repository.relative(one) is not None), name)
        failure = Failure(
            tool="junit",
            message=text.removeprefix("» ").strip(),
            file=self._repository.name(file),
            line=int(row),
            test_id=tail,
            excerpt=match.group()[:MAX_EXCERPT],
        )
        self._tests[tail] = Finding(failure, Category.TEST, Stage.RUN, (number, number))

    def _end(self, last: int) -> None:
        name, self._name = self._name, None
        if name is None or name in self._tests or len(self._tests) >= MAX_FINDINGS:
            return
        while self._block and not self._block[-1].strip():
            self._block.pop()
        self._tests[name] = java_failure(
            self._repository, tool="junit", test_id=name, block=self._block, lines=(self._first, last)
        )

    def _judged(self, name: str, finding: Finding) -> Finding:
        """A test that passed when it was run again did not fail for its code's sake."""
        if name not in self._flaky:
            return finding
        return Finding(
            finding.failure,
            Category.FLAKY,
            Stage.RUN,
            finding.lines,
            reason="the same test passed when Surefire ran it again",
            advice="Run the job again, and make the test independent of time, order and chance.",
        )

    def _crash(self, number: int, name: str) -> Finding:
        message = (
            f"the test JVM ended inside {name or 'the tests'}: it crashed, ran out of memory or called System.exit"
        )
        failure = Failure(tool="junit", message=message, test_id=name or None, code="crashed fork", excerpt=message)
        return Finding(failure, Category.TEST, Stage.RUN, (number, number), reason="the test JVM ended without a word")
