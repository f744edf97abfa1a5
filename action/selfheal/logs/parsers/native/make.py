"""make: makefiles that it can't read, files that it can't make, and how its recipes ended."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.native.folders import Folders

_STOP = re.compile(r"([^:\s][^:]{0,300}):(\d{1,7}): \*\*\* (.{1,2000})$")
_MAKE = re.compile(r"(?:\S{0,200}/)?(?:g|mingw32-)?make(?:\[(\d{1,3})\])?: \*\*\* (.{1,2000})$")
_ENDED = re.compile(
    r"\[(?:([^\]:]{1,300}):(\d{1,7}): )?(.{1,500})\] (?:Error (\d{1,3})|([A-Z][\w ]{2,40}?)(?: \(core dumped\))?)$"
)
_NO_RULE = re.compile(r"No rule to make target [`'‘](.{1,500}?)['’](?:, needed by [`'‘](.{1,500}?)['’])?")
_MISSING_INCLUDE = re.compile(r"([^:\s][^:]{0,300}):(\d{1,7}): (\S{1,300}): No such file or directory$")
_SYNTAX = (
    "missing separator",
    "missing 'endif'",
    "missing endif",
    "extraneous",
    "commands commence",
    "recipe commences",
    "unterminated",
    "multiple target patterns",
    "mixed implicit",
    "invalid syntax",
    "empty variable name",
    "missing 'endef'",
)
# The shell tells these itself: not found, not allowed, killed.
_SHELLS = ("126", "127", "137", "143")
# An echo would hide the machine's own failure behind one that looks like the code's.
_OUTAGE = re.compile(
    r"Killed signal terminated|No space left on device|Cannot allocate memory|virtual memory exhausted"
    r"|fatal: unable to access 'http"
)
_GENERATED = ("CMakeFiles/", "build.make", "Makefile2")


class MakeParser:
    """Reads GNU make. A recipe's end is an echo of what the recipe printed, and only the innermost counts."""

    anchors: ClassVar[tuple[str, ...]] = (": *** ",)

    def __init__(self, context: LogContext) -> None:
        self._folders = Folders(context.repository)
        self._findings: list[Finding] = []
        self._include: re.Match[str] | None = None
        self._depth = -1
        self._is_outage = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if ": *** " in line:
            self._stars(number, line)
        elif " directory " in line:
            self._folders.follow(line)
        elif "illed" in line or "space left" in line or "memory" in line or "unable to access" in line:
            self._is_outage = self._is_outage or _OUTAGE.search(line) is not None
        elif line.endswith(": No such file or directory"):
            self._include = _MISSING_INCLUDE.match(line)

    def finish(self) -> Reading:
        """Say what was found."""
        return Reading(tuple(self._findings))

    def _stars(self, number: int, line: str) -> None:
        if (own := _MAKE.match(line)) is not None:
            self._own(number, line, int(own.group(1) or 0), own.group(2).removesuffix("Stop.").strip())
            return
        stop = _STOP.match(line)
        if stop is None:
            return
        message = stop.group(3).removesuffix("Stop.").strip()
        place = self._folders.name(stop.group(1)), int(stop.group(2))
        if message.startswith(_SYNTAX):
            self._add(number, line, message, Category.SYNTAX, Stage.SYNTAX, "make can't parse the makefile", place)
        else:
            self._add(number, line, message, Category.BUILD, Stage.BUILD, "the makefile itself gives up here", place)

    def _own(self, number: int, line: str, depth: int, text: str) -> None:
        ended = _ENDED.match(text)
        if ended is not None:
            self._ended(number, line, depth, ended)
        elif (no_rule := _NO_RULE.match(text)) is not None:
            self._no_rule(number, line, text, no_rule)
        elif text.startswith(("No targets", "No makefile")):
            reason = "there is no makefile here"
            self._add(number, line, text, Category.CONFIG, Stage.BUILD, reason, (None, None))
        elif not text.startswith("Waiting for unfinished"):
            self._add(number, line, text, Category.BUILD, Stage.BUILD, "make gave up", (None, None))

    def _no_rule(self, number: int, line: str, text: str, match: re.Match[str]) -> None:
        target, parent = match.group(1), match.group(2)
        include = self._include
        if include is not None and include.group(3) == target:
            place = self._folders.name(include.group(1)), int(include.group(2))
            reason = f"the makefile includes {target}, which is not there"
            self._add(number, line, f"{text}\n{include.group()}", Category.BUILD, Stage.BUILD, reason, place)
        elif parent is None:
            reason = f"the command asks for the target {target}, which no makefile has"
            self._add(number, line, text, Category.CONFIG, Stage.BUILD, reason, (None, None))
        else:
            reason = f"{parent} needs {target}, which is neither there nor made by a rule"
            self._add(number, line, text, Category.BUILD, Stage.BUILD, reason, (None, None))

    def _ended(self, number: int, line: str, depth: int, ended: re.Match[str]) -> None:
        makefile, row, _, status, signal = ended.groups()
        is_outer = depth < self._depth
        self._depth = depth
        if (
            self._is_outage
            or is_outer
            or status in _SHELLS
            or signal in ("Killed", "Terminated", "Interrupt", "Hangup")
        ):
            return
        place: tuple[str | None, int | None] = (None, None)
        if makefile and not any(sign in makefile for sign in _GENERATED):
            place = self._folders.name(makefile), int(row)
        reason = "a command of the makefile failed; what it printed tells why"
        message = line.strip()
        self._add(number, line, message, Category.UNKNOWN, Stage.ENDING, reason, place, code=status or signal)

    def _add(
        self,
        number: int,
        line: str,
        message: str,
        category: Category,
        stage: Stage,
        reason: str,
        place: tuple[str | None, int | None],
        *,
        code: str | None = None,
    ) -> None:
        if len(self._findings) >= MAX_FINDINGS:
            return
        failure = Failure(
            tool="make", message=message, file=place[0], line=place[1], code=code, excerpt=line[:MAX_EXCERPT]
        )
        self._findings.append(Finding(failure, category, stage, (number, number), reason=reason))
