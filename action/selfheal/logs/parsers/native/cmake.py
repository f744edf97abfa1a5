"""CMake's configure and generate errors, and ninja's own words."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Failure, Frame
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.native.cmake_verdicts import judge_cmake, judge_ninja

_HEAD = re.compile(
    r"CMake Error(?: \(dev\))?(?: at ([^:]{1,500}):(\d{1,7})(?: \(([^)]{1,200})\))?:| in ([^:]{1,500}):"
    r"|: ?(.{0,2000}))$"
)
_FRAME = re.compile(r" {2}([^:\s][^:]{0,500}):(\d{1,7}) \(([^)]{1,200})\)$")
_NINJA = re.compile(r"ninja: (?:error|fatal): (.{1,2000})$")
_NINJA_FILE = re.compile(r"([^:\s]{1,300}):(\d{1,7}): (.{1,1000})$")
_CONTEXT = ("-- Could NOT find", "-- No package '", "-- Package '", "--   No package '")
_MAX_BODY = 60


class CMakeParser:
    """Reads each error with its call stack; the place is the innermost one that is the repository's own."""

    anchors: ClassVar[tuple[str, ...]] = ("CMake Error", "ninja: error", "ninja: fatal", "ninja: build stopped")

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._findings: list[Finding] = []
        self._head: re.Match[str] | None = None
        self._first = 0
        self._body: list[str] = []
        self._stack: list[tuple[Frame, str]] = []
        self._in_stack = False
        self._context_lines: list[str] = []
        self._failed: list[str] = []
        self._stopped = 0
        self._is_outage = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._head is not None:
            if self._goes_on(line):
                return
            self._end(number - 1)
        if line.startswith("CMake Error"):
            self._head = _HEAD.match(line)
            self._first, self._body, self._stack, self._in_stack = number, [], [], False
        elif line.startswith("-- ") and line.startswith(_CONTEXT):
            self._context_lines = [*self._context_lines[-4:], line[3:300].strip()]
        elif line.startswith("ninja: "):
            self._ninja(number, line)
        elif line.startswith("FAILED: ") and len(self._failed) < _MAX_BODY:
            self._failed.append(line)

    def finish(self) -> Reading:
        """Say what was found."""
        if self._head is not None:
            self._end(self._first + len(self._body) + len(self._stack))
        if self._stopped and self._failed and not self._findings:
            verdict = judge_ninja("subcommand failed")
            message = f"ninja could not make {self._failed[0].removeprefix('FAILED: ').strip()}"
            failure = Failure(tool="ninja", message=message, excerpt="\n".join(self._failed)[:MAX_EXCERPT])
            lines = (self._stopped, self._stopped)
            self._findings.append(Finding(failure, verdict.category, verdict.stage, lines, reason=verdict.reason))
        return Reading(tuple(self._findings))

    def _goes_on(self, line: str) -> bool:
        if line.startswith("Call Stack (most recent call first)"):
            self._in_stack = True
            return True
        if self._in_stack:
            frame = _FRAME.match(line)
            if frame is not None and len(self._stack) < _MAX_BODY:
                name = self._repository.name(frame.group(1))
                self._stack.append((Frame(file=name, line=int(frame.group(2))), frame.group(3)))
            return frame is not None
        if (line and not line.startswith(" ")) or len(self._body) >= _MAX_BODY:
            return False
        self._body.append(line)
        return True

    def _end(self, last: int) -> None:
        head, self._head = self._head, None
        if head is None or len(self._findings) >= MAX_FINDINGS:
            return
        file, line, command, target_file, text = head.groups()
        paragraphs = " ".join(one.strip() for one in self._body).strip()
        message = (text or paragraphs or "CMake stopped without a word").strip()
        command = command or ""
        frames = [(Frame(file=self._repository.name(file), line=int(line)), command)] if file else []
        frames += self._stack
        place, chosen = next(
            ((frame, name) for frame, name in frames if self._is_inside(frame.file)),
            frames[0] if frames else (None, ""),
        )
        if "package" in message or "NOT find" in message or chosen.startswith(("find_", "pkg_")):
            message = "\n".join([message, *(one for one in self._context_lines if one not in message)])
        self._context_lines = []
        verdict = judge_cmake(message, chosen)
        if verdict is None:
            self._is_outage = True
        if verdict is None or (self._is_outage and verdict.stage is Stage.ENDING):
            return
        excerpt = "\n".join([head.group(), *(one for one in self._body if one.strip())])
        failure = Failure(
            tool="cmake",
            message=message[:2_000],
            file=place.file if place is not None else self._repository.name(target_file) if target_file else None,
            line=place.line if place is not None else None,
            code=chosen or None,
            frames=tuple(frame for frame, _ in reversed(frames)) if len(frames) > 1 else (),
            excerpt=excerpt[:MAX_EXCERPT],
        )
        lines = (self._first, last)
        finding = Finding(failure, verdict.category, verdict.stage, lines, reason=verdict.reason, advice=verdict.advice)
        self._findings.append(finding)

    def _ninja(self, number: int, line: str) -> None:
        if line.startswith("ninja: build stopped"):
            self._stopped = number
        elif (match := _NINJA.match(line)) is not None and len(self._findings) < MAX_FINDINGS:
            text = match.group(1)
            verdict = judge_ninja(text)
            place = _NINJA_FILE.match(text)
            failure = Failure(
                tool="ninja",
                message=text,
                file=self._repository.name(place.group(1)) if place is not None else None,
                line=int(place.group(2)) if place is not None else None,
                excerpt=line[:MAX_EXCERPT],
            )
            lines = (number, number)
            self._findings.append(Finding(failure, verdict.category, verdict.stage, lines, reason=verdict.reason))

    def _is_inside(self, file: str) -> bool:
        # A build tree holds other projects' files, fetched while configuring.
        return self._repository.relative(file) is not None and "/_deps/" not in f"/{file}"
