"""Sanitizers' reports, failed asserts and uncaught exceptions: how a native program says why it ends."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure, Frame
from selfheal.contract.test_paths import is_test_path
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.native.told import read_assert, without_ctest

_REPORT = re.compile(r"(?:==\d{1,9}==)? ?(?:ERROR|WARNING|FATAL): (\w{1,20}Sanitizer): (.{1,1000})$")
_UNDEFINED = re.compile(r"([^:\s][^:]{0,500}):(\d{1,7}):(\d{1,7}): runtime error: (.{1,1000})$")
_SUMMARY = re.compile(r"SUMMARY: \w{1,20}Sanitizer: ([A-Za-z][\w -]{0,60}?)(?: \S*[/.:(].*)?$")
_FRAME = re.compile(r" {2,8}#\d{1,4} (?:0x[0-9a-f]{1,16} )?(?:in )?(.{1,1500})$")
_PLACE = re.compile(r"(.{1,1000}) (\S{1,400}?):(\d{1,7})(?::\d{1,5})?$")
_MODULE = re.compile(r"(?: \([^()]{0,400}\)){0,2}$")
_NUMBERS = re.compile(r" on (?:unknown )?address|: | \(pid=|\(")
_THROWN = re.compile(
    r"terminate called after throwing an instance of '(.{1,300})'$"
    r"|libc\+\+abi: terminating (?:due to|with) uncaught exception of type ([^:]{1,300})(?:: (.*))?$"
)
_CTEST_START = re.compile(r"(?: {4,8}Start +| {0,4}\d{1,6}/\d{1,6} Test +#)(\d{1,6}): (\S{1,300})")
_MAX_BLOCK = 80


class CrashParser:
    """Reads reports of AddressSanitizer and its sisters, `assert` and `std::terminate`."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Sanitizer: ",
        ": runtime error: ",
        "Assertion `",
        "Assertion '",
        "Assertion failed: ",
        "terminate called after",
        "libc++abi: terminating",
    )

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._findings: list[Finding] = []
        self._test: str | None = None
        self._names: dict[str, str] = {}
        self._title: tuple[int, str, str] | None = None
        self._code = ""
        self._block: list[str] = []
        self._frames: list[Frame] = []
        self._has_stack = False
        self._last = 0
        self._thrown: tuple[int, str, str] | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        text = without_ctest(line)
        if self._thrown is not None:
            self._end_thrown(number, text)
        if "[ RUN      ] " in text[:14]:
            self._test = text[13:].strip() or None
        elif text.startswith(("[       OK ]", "[  FAILED  ]")):
            self._test = None
        elif (start := _CTEST_START.match(line)) is not None:
            self._test = start.group(2)
            if len(self._names) < 10_000:
                self._names[start.group(1)] = start.group(2)
        elif text != line:
            # `ctest -V` prints the outputs of several tests mixed, each line with its test's number.
            self._test = self._names.get(line.partition(":")[0], self._test)
        if self._title is not None and self._report_goes_on(number, text):
            return
        if "Sanitizer: " in text and (report := _REPORT.match(text)) is not None:
            self._open(number, report.group(1), report.group(2), text)
        elif ": runtime error: " in text and (undefined := _UNDEFINED.match(text)) is not None:
            self._open(number, "UndefinedBehaviorSanitizer", undefined.group(4), text)
            self._frames = [Frame(file=self._repository.name(undefined.group(1)), line=int(undefined.group(2)))]
            self._code = undefined.group(4).partition(":")[0]
        elif "Assertion" in text and (failed := read_assert(text)) is not None:
            self._assert(number, text, failed)
        elif text.startswith(("terminate called after", "libc++abi: ")) and (thrown := _THROWN.match(text)) is not None:
            self._thrown = (number, thrown.group(1) or thrown.group(2), thrown.group(3) or "")

    def finish(self) -> Reading:
        """Say what was found."""
        self._end()
        if self._thrown is not None:
            self._end_thrown(self._thrown[0], "")
        return Reading(tuple(self._findings), tuple(one.lines for one in self._findings))

    def _open(self, number: int, tool: str, message: str, text: str) -> None:
        self._end()
        self._title, self._block, self._frames, self._code = (number, tool, message), [text], [], ""
        self._has_stack, self._last = False, number

    def _report_goes_on(self, number: int, text: str) -> bool:
        """Take a line of the report; its first stack is where the program stood."""
        is_own = text.startswith(
            (" ", "==", "SUMMARY", "READ", "WRITE", "0x", "allocated", "freed", "previously", "Direct", "Indirect")
        )
        if len(self._block) > _MAX_BLOCK or (text and not is_own):
            self._end()
            return False
        self._last = number
        self._block.append(text)
        if (summary := _SUMMARY.match(text)) is not None:
            if not self._code:
                self._code = summary.group(1)
            self._end()
        elif (frame := _FRAME.match(text)) is not None and not self._has_stack:
            self._frame(frame.group(1))
        elif not text and self._frames and self._title is not None and not self._title[1].startswith("Undefined"):
            self._has_stack = True
        return True

    def _frame(self, text: str) -> None:
        place = _PLACE.match(_MODULE.sub("", text))
        if place is not None and len(self._frames) < 40:
            name = self._repository.name(place.group(2))
            frame = Frame(file=name, line=int(place.group(3)), function=place.group(1)[:200])
            if self._frames and self._frames[0].function is None and self._frames[0].line == frame.line:
                self._frames = []
            self._frames.append(frame)

    def _end(self) -> None:
        title, self._title = self._title, None
        if title is None:
            return
        number, tool, message = title
        inside = [frame for frame in self._frames if self._repository.relative(frame.file) is not None]
        place = next((frame for frame in inside if not is_test_path(frame.file)), inside[0] if inside else None)
        code = self._code or _NUMBERS.split(message, maxsplit=1)[0]
        kept = [row for row in self._block if row.strip() and not row.lstrip(" =>").startswith("0x0")]
        failure = Failure(
            tool=tool,
            message=message,
            file=place.file if place is not None else None,
            line=place.line if place is not None else None,
            column=_column(self._block[0]) if tool.startswith("Undefined") else None,
            test_id=self._test,
            code="memory leak" if tool == "LeakSanitizer" else code,
            frames=tuple(reversed(inside)),
            excerpt="\n".join(kept)[:MAX_EXCERPT],
        )
        self._add(Finding(failure, Category.TEST, Stage.RUN, (number, self._last), reason=f"{tool} stops the program"))

    def _assert(self, number: int, text: str, failed: tuple[str, int, str, str]) -> None:
        file, line, function, expression = failed
        name = self._repository.name(file)
        failure = Failure(
            tool="assert",
            message=f"Assertion `{expression}' failed",
            file=name,
            line=line,
            test_id=self._test,
            code="SIGABRT",
            frames=(Frame(file=name, line=line, function=function or None),),
            excerpt=text[:MAX_EXCERPT],
        )
        self._add(Finding(failure, Category.TEST, Stage.RUN, (number, number), reason="an assert() does not hold"))

    def _end_thrown(self, number: int, text: str) -> None:
        thrown, self._thrown = self._thrown, None
        if thrown is None:
            return
        first, kind, message = thrown
        if text.startswith("  what():"):
            message = text.removeprefix("  what():").strip()
        failure = Failure(
            tool="c++",
            message=f"{kind}: {message}" if message else kind,
            test_id=self._test,
            code=kind,
            excerpt=f"uncaught {kind}: {message}"[:MAX_EXCERPT],
        )
        self._add(Finding(failure, Category.TEST, Stage.RUN, (first, number), reason="an exception was not caught"))

    def _add(self, finding: Finding) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)


def _column(first: str) -> int | None:
    match = _UNDEFINED.match(first)
    return int(match.group(3)) if match is not None else None
