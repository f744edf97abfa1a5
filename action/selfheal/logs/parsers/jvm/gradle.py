"""Gradle: what went wrong and where, and failing tests as it reports them."""

import re
from dataclasses import replace
from typing import ClassVar

from selfheal.contract.diagnosis import Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading
from selfheal.logs.parsers.jvm.gradle_verdicts import judge_gradle
from selfheal.logs.parsers.jvm.java_failure import MAX_BLOCK, java_failure

_TEST = re.compile(r"([\w.$][^>]{0,300}?) > (.{1,500}) FAILED$")
_WHERE = re.compile(
    r"(?:Build|Settings|Initialization) file '([^']{1,500})' line: (\d{1,7})|Script '([^']{1,500})' line: (\d{1,7})"
)
_SCRIPT = re.compile(
    r"\s{0,8}(?:build|settings) file '([^']{1,500})': (\d{1,7}): (.{1,500}?)"
    r"(?: @ line (\d{1,7}), column (\d{1,5}))?\.?$"
)
_KOTLIN_SCRIPT = re.compile(
    r"\s{0,8}(?:Line (\d{1,7}): |e: (?:file://)?(\S{1,500}\.kts):(\d{1,7}):(\d{1,5}):? )(.{0,500})"
)
_FRAME_FILE = re.compile(r" at [\w$-]{1,200}\.\w{1,10}:\d{1,7}$|^\s*at ")
_METHOD = re.compile(r"[\w$]{1,200}")
_MAX_LINES = 40


class GradleParser:
    """Reads each `* What went wrong` with its `* Where`, and each test that FAILED with its trace."""

    anchors: ClassVar[tuple[str, ...]] = ("* What went wrong:", " FAILED")

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._findings: list[Finding] = []
        self._tests: list[Finding] = []
        self._where: tuple[str, int] | None = None
        self._section = ""
        self._wrong: list[str] = []
        self._first = 0
        self._test: tuple[int, str, str] | None = None
        self._block: list[str] = []
        self._is_told = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._test is not None:
            if (line.startswith("    ") or not line.strip()) and len(self._block) < MAX_BLOCK:
                self._block.append(line)
                return
            self._end_test(number - 1)
        if line.startswith("* "):
            self._end_wrong(number - 1)
            self._section = line
            self._first = number
        elif self._section.startswith("* Where") and (where := _WHERE.match(line)) is not None:
            self._where = where.group(1) or where.group(3), int(where.group(2) or where.group(4))
        elif self._section.startswith("* What went wrong") and len(self._wrong) < _MAX_LINES:
            if line.strip():
                self._wrong.append(line)
        elif line.endswith(" FAILED") and " > " in line and not line.startswith(("> Task", "$ ")):
            test = _TEST.match(line)
            self._test = (number, test.group(1), test.group(2)) if test is not None else None
            self._block = []
        elif ": error: " in line or line.startswith("e: "):
            self._is_told = True

    def finish(self) -> Reading:
        """Say what was found; that a task failed only where nothing else is known."""
        self._end_test(self._first + len(self._block))
        self._end_wrong(self._first + len(self._wrong))
        return Reading((*self._tests, *self._findings), tuple(one.lines for one in self._tests))

    def _end_test(self, last: int) -> None:
        test, self._test = self._test, None
        if test is None or not any(_FRAME_FILE.search(row) for row in self._block) or len(self._tests) >= MAX_FINDINGS:
            return
        number, owner, title = test
        finding = java_failure(self._repository, tool="junit", test_id=None, block=self._block, lines=(number, last))
        failure = finding.failure.model_copy(update={"test_id": _test_id(owner, title, finding)})
        self._tests.append(replace(finding, failure=failure))

    def _end_wrong(self, last: int) -> None:
        wrong, self._wrong = self._wrong, []
        if not wrong or len(self._findings) >= MAX_FINDINGS:
            return
        where, self._where = self._where, None
        text = "\n".join(one.rstrip() for one in wrong)
        verdict = judge_gradle(text, has_place=where is not None)
        if verdict is None or (verdict.is_echo and (self._is_told or self._tests)):
            return
        file, line = where if where is not None else (None, None)
        column: int | None = None
        for row in wrong:
            if (script := _SCRIPT.match(row)) is not None:
                file, line = script.group(1), int(script.group(4) or script.group(2))
                column = int(script.group(5)) if script.group(5) else None
                break
            if (kotlin := _KOTLIN_SCRIPT.match(row)) is not None:
                file = kotlin.group(2) or file
                line = int(kotlin.group(1) or kotlin.group(3))
                break
        failure = Failure(
            tool="gradle",
            message=text[:2_000],
            file=self._repository.name(file) if file else None,
            line=line,
            column=column,
            code=verdict.code or None,
            excerpt=text[:MAX_EXCERPT],
        )
        lines = (self._first, last)
        self._findings.append(
            Finding(failure, verdict.category, verdict.stage, lines, reason=verdict.reason, advice=verdict.advice)
        )


def _test_id(owner: str, title: str, finding: Finding) -> str:
    """What `--tests` takes: class and method, the class with the package that the trace tells."""
    # Nested classes, parameters and repetitions stand beside the method.
    parts = title.split(" > ")
    method = next((part for part in parts if "(" in part), parts[-1]).partition("(")[0].strip()
    if _METHOD.fullmatch(method) is None:
        return f"{owner} > {title}"
    functions = (frame.function for raised in finding.chain for frame in raised.frames if frame.function)
    classes = (function.rpartition(".")[0].partition("$")[0] for function in functions)
    return f"{next((name for name in classes if name.rpartition('.')[2] == owner), owner)}.{method}"
