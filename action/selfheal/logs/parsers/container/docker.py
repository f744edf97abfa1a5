"""docker build: the step that failed, in BuildKit's words and in the old builder's."""

import re
from collections import deque
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.container.docker_reasons import Why, explain
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Reading, Stage

_STEP = re.compile(r"#\d{1,6} (\[(?:[\w.-]{1,80} )?\d{1,4}/\d{1,4}\] .{1,1000})$")
_OLD_STEP = re.compile(r"(?:Step|STEP) (\d{1,4}/\d{1,4})\s?: (.{1,1000})$")
_STEP_ERROR = re.compile(r"#\d{1,6} (?:ERROR|\d{1,6}\.\d{1,4} ERROR): (.{1,3000})$")
_FAILED = re.compile(
    r"(?:Error: buildx (?:call )?failed with: )?(?:ERROR: |error: )?"
    r"(?:failed to build: )?failed to solve(?: with frontend [\w.]{1,60})?: "
    r"(?:rpc error: code = \w{1,40} desc = )?(.{1,3000})$"
)
_OLD_FAILED = re.compile(
    r"(?:Error response from daemon: )?((?:The command '.{1,3000}' returned a non-zero code: \d{1,5})"
    r"|(?:COPY|ADD) failed: .{1,1000}"
    r"|(?:[Dd]ockerfile parse error|dockerfile parse error|failed to parse Dockerfile).{1,1000}"
    r"|unable to prepare context: .{1,500}"
    r"|executor failed running \[.{1,3000}\]: exit code: \d{1,5}"
    r"|pull access denied for .{1,500}"
    r"|manifest for \S{1,300} not found.{0,300}"
    r"|failed to compute cache key: .{1,1000})$"
)
_PLACE = re.compile(r"((?:\S{0,300}/)?(?:[\w.-]{0,100}[Dd]ockerfile[\w.-]{0,100}|Containerfile)):(\d{1,9})$")
_EXCERPT = re.compile(r" {0,8}\d{1,6} \| (>>> )?(.*)$")
_LOG_LINE = re.compile(r"(?:#\d{1,6} )?\d{1,6}\.\d{1,4} (.*)$")
_FROM_FILE = re.compile(r"transferring dockerfile|load build definition from (\S{1,300})$")
_BEGINNINGS = (
    "ERROR: ",
    "error: ",
    "Error",
    "failed to ",
    "The command '",
    "COPY failed",
    "ADD failed",
    "Dockerfile parse",
    "dockerfile parse",
    "unable to prepare",
    "executor failed",
    "pull access denied",
    "manifest for ",
)
_TAIL = 25


class DockerParser:
    """Keeps the step that runs; the error names it, and newer versions its line in the Dockerfile."""

    anchors: ClassVar[tuple[str, ...]] = (
        "failed to solve",
        "did not complete successfully: exit code",
        "executor failed running [",
        "returned a non-zero code: ",
        "COPY failed: ",
        "ADD failed: ",
        "ockerfile parse error",
        "failed to parse Dockerfile",
        "unable to prepare context: ",
        "pull access denied for ",
        "failed to compute cache key",
        "Error response from daemon",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._file = "Dockerfile"
        self._steps: dict[str, str] = {}
        self._step = ""
        self._place: tuple[str, int] | None = None
        self._first_shown = 0
        self._shown: list[str] = []
        self._tail: deque[str] = deque(maxlen=_TAIL)
        self._findings: list[Finding] = []
        self._in_excerpt = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._in_excerpt and self._excerpt(line):
            return
        if line.startswith("#"):
            self._numbered(number, line)
        elif line.startswith(("Step ", "STEP ")) and (step := _OLD_STEP.match(line)) is not None:
            self._step = f"[{step.group(1)}] {step.group(2)}"
            self._tail.clear()
        elif line.startswith(" > [") and line.endswith(":"):
            self._step = line[3:-1]
            self._tail.clear()
        elif line[-1:].isdigit() and (place := _PLACE.match(line)) is not None:
            self._place, self._shown, self._in_excerpt = (place.group(1), int(place.group(2))), [], True
        elif line.startswith(_BEGINNINGS) and (failed := _FAILED.match(line) or _OLD_FAILED.match(line)) is not None:
            self._failed(number, failed.group(1), line)
        elif line and not line.startswith(("---", " ---> ", "Removing intermediate")):
            self._tail.append(line)

    def finish(self) -> Reading:
        """Say what was found."""
        return Reading(tuple(self._findings))

    def _numbered(self, number: int, line: str) -> None:
        if (step := _STEP.match(line)) is not None:
            if step.group(1) != self._step:
                self._step = step.group(1)
                self._tail.clear()
        elif (error := _STEP_ERROR.match(line)) is not None:
            # The step's own error; it comes again as the whole build's unless the log is cut.
            self._failed(number, error.group(1), line)
        elif (name := _FROM_FILE.search(line)) is not None and name.group(1):
            self._file = name.group(1)
        elif (said := _LOG_LINE.match(line)) is not None:
            self._tail.append(said.group(1))

    def _excerpt(self, line: str) -> bool:
        """The lines of the Dockerfile that BuildKit shows, the failing ones marked."""
        if line.startswith("----") and len(self._shown) < 60:
            self._in_excerpt = not self._shown
            return True
        row = _EXCERPT.match(line)
        if row is None or len(self._shown) >= 60:
            self._in_excerpt = False
            return False
        self._shown.append(line)
        return True

    def _failed(self, number: int, said: str, line: str) -> None:
        why = explain(said, self._step)
        file, row = self._where(why)
        marked = "\n".join(one for one in self._shown if ">>>" in one)
        body = "\n".join(_LOG_LINE.sub(r"\1", one) for one in self._tail) if why.is_run else ""
        failure = Failure(
            tool="docker",
            message=why.message,
            file=file,
            line=row,
            code=why.code,
            excerpt="\n".join(part for part in (why.message, marked or self._step, body[-900:]) if part)[:MAX_EXCERPT],
        )
        # A step that ran a command echoes what failed in it; the command's own parsers read that.
        stage = Stage.ENDING if why.is_run else Stage.SYNTAX if why.category is Category.SYNTAX else Stage.BUILD
        finding = Finding(
            failure, why.category, stage, (number, number), block=said[:2_000], reason=why.reason, advice=why.advice
        )
        if self._findings and self._is_same(self._findings[-1], finding):
            previous = self._findings.pop()
            finding = self._merged(previous, finding)
        if len(self._findings) < 20:
            self._findings.append(finding)

    def _where(self, why: Why) -> tuple[str | None, int | None]:
        if why.line is not None:
            return self._context.repository.name(self._place[0] if self._place else self._file), why.line
        if self._place is not None:
            return self._context.repository.name(self._place[0]), self._place[1]
        return (self._context.repository.name(self._file), None) if why.is_in_dockerfile else (None, None)

    def _is_same(self, one: Finding, other: Finding) -> bool:
        """True where the build's error repeats its step's."""
        return one.failure.code == other.failure.code and one.failure.tool == other.failure.tool

    def _merged(self, earlier: Finding, later: Finding) -> Finding:
        best = later if later.failure.line is not None or earlier.failure.line is None else earlier
        excerpt = max((earlier.failure.excerpt, later.failure.excerpt), key=len)
        failure = best.failure.model_copy(update={"excerpt": excerpt})
        return Finding(
            failure,
            best.category,
            best.stage,
            earlier.lines,
            block=best.block,
            reason=best.reason,
            advice=best.advice,
        )
