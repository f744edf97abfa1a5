"""The shell's own words: command not found, permission denied, killed, a script that can't be parsed."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.system.shell_lines import Ending, missing, read_line

_STATUS = re.compile(
    r"(?:Error: )?Process completed with exit code (-?\d{1,3})\.$"
    r"|make(?:\[\d+\])?: \*\*\* \[.{0,300}\] Error (\d{1,3})$"
    r"|(?:ERROR: Job failed: )?(?:command terminated with )?exit code (\d{1,3})$"
)
_STATUS_LINES = ("exit code ", "Process completed", "Error: Process", "command terminated")
_KILLED = re.compile(
    r"(?:\S{1,300}: line \d{1,9}: +\d+ )?Killed(?: .{0,200})?$|.{0,200}Out of memory: Killed process|oom-kill:"
)
_NEEDLES = (
    "ot found",
    "No such file",
    "Failed to spawn",
    "ermission denied",
    "bad interpreter",
    "yntax error",
    "parse error",
    "unexpected E",
    "unterminated ",
    "conditional binary",
    "an't open ",
    "cannot open ",
    "unbound variable",
    "not set",
    ": is ",
    "not recognized as ",
    "Unknown command",
)
_OWN_FAULTS = ("unbound-variable", "line-ends", "syntax")
_EXPLAINED = ("heap out of memory", "error while loading shared libraries")
"""What says more than the status that follows from it, and is read by another parser."""

_NEAR_THE_END = 25
_KILLED_ENDING = Ending(
    "137",
    "the command was killed (SIGKILL, exit status 137)",
    Category.INFRA,
    "something outside the command killed it, most often for want of memory",
    "Give the job more memory or run fewer workers at once; look in the runner's log for the out-of-memory killer.",
)
_TERMINATED = Ending(
    "143",
    "the command was told to end (SIGTERM, exit status 143)",
    Category.INFRA,
    "the runner or somebody ended the command",
    "Look whether the job was cancelled, ran into its time limit or lost its machine; then run it again.",
)
_TIMED_OUT = Ending(
    "124",
    "the command did not end in the time that `timeout` gave it (exit status 124)",
    Category.UNKNOWN,
    "a time limit of the step was reached: the command hangs, or is slower than the limit allows",
    "Look which command ran last and what it waited for.",
)
_SIGNALS = {139: "SIGSEGV", 134: "SIGABRT", 136: "SIGFPE", 132: "SIGILL", 135: "SIGBUS"}


class ShellParser:
    """Reads how commands ended. Most of what it finds is the last resort: it stands after every other finding."""

    anchors: ClassVar[tuple[str, ...]] = ()

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._weak: list[Finding] = []
        self._status: int | None = context.exit_code
        self._last = 0
        self._is_killed = False
        self._is_explained = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        self._last = number
        if ":" not in line:
            if "illed" in line:
                self._is_killed = self._is_killed or _KILLED.match(line) is not None
            elif line.startswith(_STATUS_LINES):
                self._note_status(line)
            if "not recognized as " not in line:
                return
        if "illed" in line or "oom-kill" in line:
            self._is_killed = self._is_killed or _KILLED.match(line) is not None
        elif any(reason in line for reason in _EXPLAINED):
            self._is_explained = True
        elif "*** [" in line or "exit code " in line:
            self._note_status(line)
        if len(line) < 1_000 and any(needle in line for needle in _NEEDLES):
            ending = read_line(line, self._context.repository)
            if ending is not None:
                self._add(number, ending, line)

    def finish(self) -> Reading:
        """Say what was found."""
        status = self._status
        if status == 137 or (self._is_killed and status not in (0, 1)):
            self._add(self._last, _KILLED_ENDING, "")
        elif status == 143:
            self._add(self._last, _TERMINATED, "")
        elif status == 124:
            self._add(self._last, _TIMED_OUT, "")
        elif status in _SIGNALS and not self._is_explained:
            ending = Ending(
                str(status),
                f"the command crashed ({_SIGNALS[status]}, exit status {status})",
                Category.UNKNOWN,
                "native code crashed; the log names no place in the repository",
                "Run it again with `python -X faulthandler` (or under a debugger) to see where it crashes.",
            )
            self._add(self._last, ending, "")
        is_told = status in (126, 127)
        weak = [one for one in self._weak if is_told or one.lines[0] > self._last - _NEAR_THE_END]
        if status == 127 and not self._findings and not weak and not self._is_explained:
            self._add(self._last, missing("a command"), "")
        # Where the script itself is at fault, no sign of the environment may be read from the same line.
        own = tuple(one.lines for one in self._findings if one.failure.code in _OWN_FAULTS)
        return Reading((*self._findings, *weak), own)

    def _note_status(self, line: str) -> None:
        status = _STATUS.match(line)
        if status is not None and self._context.exit_code is None:
            self._status = int(next(group for group in status.groups() if group))

    def _add(self, number: int, ending: Ending, line: str) -> None:
        kept = self._weak if ending.is_weak else self._findings
        if len(kept) >= MAX_FINDINGS:
            return
        failure = Failure(
            tool="shell",
            message=ending.message,
            file=ending.file,
            line=ending.line,
            code=ending.code,
            excerpt=line or ending.message,
        )
        # A script that can't be parsed is a cause; everything else is how something ended.
        stage = Stage.SYNTAX if ending.category is Category.SYNTAX else Stage.ENDING
        kept.append(
            Finding(failure, ending.category, stage, (number, number), reason=ending.reason, advice=ending.advice)
        )
