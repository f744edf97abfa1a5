"""The shell's own words: command not found, permission denied, killed, no space left."""

import re
from dataclasses import dataclass
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage

_SHELL = r"(?:/\S{0,200}/)?(?:ba|da|z|k|a)?sh(?:: line \d{1,9}|: \d{1,9})?: "
_NOT_FOUND = (
    re.compile(rf"{_SHELL}(?:line \d{{1,9}}: )?(\S{{1,200}}): (?:command )?not found$"),
    re.compile(r"\S{1,300}: line \d{1,9}: (\S{1,200}): command not found$"),
    re.compile(r"zsh: command not found: (\S{1,200})$"),
    re.compile(r"(?:make(?:\[\d+\])?|g?make): (\S{1,200}): (?:No such file or directory|Command not found)$"),
    re.compile(r"(?:/usr/bin/)?env: [‘'\"]?([^’'\"\s:]{1,200})[’'\"]?: No such file or directory$"),
    re.compile(r"error: Failed to spawn: `([^`]{1,200})`$"),
)
_DENIED = re.compile(r"(?:\S{1,300}: )(?:line \d{1,9}: |\d{1,9}: )?(\S{1,300}): Permission denied$")
_MAKE_DENIED = re.compile(r"make(?:\[\d+\])?: (\S{1,300}): Permission denied$")
_STATUS = re.compile(
    r"(?:Error: )?Process completed with exit code (\d{1,3})\.$"
    r"|make(?:\[\d+\])?: \*\*\* \[.{0,300}\] Error (\d{1,3})$"
)
_KILLED = re.compile(
    r"(?:\S{1,300}: line \d{1,9}: +\d+ )?Killed(?: .{0,200})?$|.{0,200}Out of memory: Killed process|oom-kill:"
)


@dataclass(frozen=True, slots=True)
class _Ending:
    code: str
    message: str
    category: Category
    reason: str
    advice: str


_KILLED_ENDING = _Ending(
    "137",
    "the command was killed (SIGKILL, exit status 137)",
    Category.INFRA,
    "something outside the command killed it, most often for want of memory",
    "Give the job more memory or run fewer workers at once; look in the runner's log for the out-of-memory killer.",
)


class ShellParser:
    """Reads how commands ended. What it finds is the last resort: it stands after every other finding."""

    anchors: ClassVar[tuple[str, ...]] = ()

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._status: int | None = context.exit_code
        self._last = 0
        self._is_killed = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        self._last = number
        if "ot found" in line or "No such file" in line or "Failed to spawn" in line:
            self._not_found(number, line)
        elif "Permission denied" in line and (denied := _MAKE_DENIED.match(line) or _DENIED.match(line)) is not None:
            name = denied.group(1)
            self._add(
                number,
                _Ending(
                    "126",
                    f"no permission to run {name}",
                    Category.ENVIRONMENT,
                    "the shell was not allowed to run a file",
                    f"Make {name} executable (`git update-index --chmod=+x`) or call it through its interpreter.",
                ),
                line,
            )
        elif "illed" in line or "oom-kill" in line:
            self._is_killed = self._is_killed or _KILLED.match(line) is not None
        elif "exit code " in line or "*** [" in line:
            status = _STATUS.match(line)
            if status is not None and self._context.exit_code is None:
                self._status = int(status.group(1) or status.group(2))

    def finish(self) -> Reading:
        """Say what was found."""
        if self._status == 137 or (self._is_killed and self._status not in (0, 1)):
            self._add(self._last, _KILLED_ENDING, "")
        elif self._status in (139, 134, 136):
            signal = {139: "SIGSEGV", 134: "SIGABRT", 136: "SIGFPE"}[self._status]
            ending = _Ending(
                str(self._status),
                f"the command crashed ({signal}, exit status {self._status})",
                Category.UNKNOWN,
                "native code crashed; the log names no place in the repository",
                "Run it again with `python -X faulthandler` (or under a debugger) to see where it crashes.",
            )
            self._add(self._last, ending, "")
        elif self._status == 127 and not self._findings:
            ending = self._missing("a command")
            self._add(self._last, ending, "")
        return Reading(tuple(self._findings))

    def _not_found(self, number: int, line: str) -> None:
        for pattern in _NOT_FOUND:
            match = pattern.match(line)
            if match is not None:
                self._add(number, self._missing(match.group(1)), line)
                return

    def _missing(self, name: str) -> _Ending:
        return _Ending(
            "127",
            f"{name} is not installed here or not on PATH",
            Category.ENVIRONMENT,
            "the shell found no such command (exit status 127)",
            f"Install {name} in the job before this step, or put it on PATH.",
        )

    def _add(self, number: int, ending: _Ending, line: str) -> None:
        if len(self._findings) >= MAX_FINDINGS:
            return
        failure = Failure(tool="shell", message=ending.message, code=ending.code, excerpt=line or ending.message)
        self._findings.append(
            Finding(
                failure,
                ending.category,
                Stage.ENDING,
                (number, number),
                reason=ending.reason,
                advice=ending.advice,
            )
        )
