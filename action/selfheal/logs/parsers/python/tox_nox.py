"""tox and nox: which environment failed, and what they refuse to run at all."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import Finding, LogContext, Reading, Stage

_TOX_END = re.compile(
    r"  (\S{1,200}): (?:FAIL code (\d{1,9})|FAIL|ERROR)\b.{0,200}$|ERROR: {1,9}(\S{1,200}): (.{0,60}failed.{0,60})$"
)
_TOX_WHY = re.compile(r"(\S{1,200}): (?:failed with|skipped because|internal error) (.{1,500})$")
_TOX_UNKNOWN = re.compile(r"ROOT: HandledError\| (.{1,300})$|ERROR: unknown environment '([^']{1,200})'")
_TOX_RUN = re.compile(r"(\S{1,200}): (?:commands(?:_pre|_post)?\[\d{1,4}\]> |exit \d{1,9} \()(.{1,500})$")
_NOX = re.compile(r"nox > (\S.*)$")
_NOX_FAILED = re.compile(r"Session (\S{1,200}) (?:failed(?:: (.{1,300}))?|raised exception (.{1,500}))\.?$")
_NOX_COMMAND = re.compile(r"Command (.{1,1000}) failed(?: with exit code (-?\d{1,9}))?:?$")
_INTERPRETER = re.compile(
    r".{0,200}(?:could not find python interpreter|InterpreterNotFound|interpreter .{1,60} not found)"
)
_MAX = 100


class ToxNoxParser:
    """Gives the environment that failed as an echo of what failed in it."""

    anchors: ClassVar[tuple[str, ...]] = (
        ": FAIL",
        "ROOT: HandledError|",
        "failed with ",
        "evaluation failed :(",
        "ERROR: unknown environment",
        "nox > ",
        "commands failed",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._found: dict[tuple[str, str], Finding] = {}
        self._said: dict[str, str] = {}
        self._unknown: tuple[int, str] | None = None
        self._command = ""

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._unknown is not None:
            (start, said), self._unknown = self._unknown, None
            self._refused("tox", "unknown-env", start, f"{said} {line.strip()}" if said.endswith(":") else said)
        if line.startswith("nox > "):
            self._nox(number, line)
        elif "FAIL" in line or line.startswith("ERROR: "):
            if (refused := _TOX_UNKNOWN.match(line)) is not None:
                self._refused("tox", "unknown-env", number, line.removeprefix("ERROR: "))
            elif (end := _TOX_END.match(line)) is not None:
                self._tox_end(number, end, line)
        elif ": " in line:
            if (refused := _TOX_UNKNOWN.match(line)) is not None:
                self._unknown = (number, refused.group(1))
            elif ": failed with " in line and (why := _TOX_WHY.match(line)) is not None:
                self._tox_why(number, why)
            elif (run := _TOX_RUN.match(line)) is not None and len(self._said) < _MAX:
                self._said.setdefault(run.group(1), "")
                if "> " in line:
                    self._said[run.group(1)] = line.partition("> ")[2]

    def finish(self) -> Reading:
        """Say what was found."""
        if self._unknown is not None:
            self._refused("tox", "unknown-env", *self._unknown)
        return Reading(tuple(self._found.values()))

    def _tox_end(self, number: int, end: re.Match[str], line: str) -> None:
        name = end.group(1) or end.group(3)
        if ("tox", name) in self._found:
            return
        command = self._said.get(name, "")
        message = f"the environment {name} failed" + (f" in: {command}" if command else "")
        self._echo("tox", name, number, message, line)

    def _tox_why(self, number: int, why: re.Match[str]) -> None:
        name, said = why.group(1), why.group(2)
        if _INTERPRETER.match(said) is not None:
            self._interpreter("tox", name, number, said)
            return
        is_allowlist = "allowlist_externals" in said
        failure = Failure(
            tool="tox",
            message=said,
            file="tox.ini" if is_allowlist else None,
            code=name,
            excerpt=why.group(0),
        )
        category = (
            Category.CONFIG if is_allowlist else Category.ENVIRONMENT if "No such file" in said else Category.UNKNOWN
        )
        stage = Stage.COLLECTION if is_allowlist else Stage.ENDING
        self._add(name, Finding(failure, category, stage, (number, number), reason="tox does not run the command"))

    def _nox(self, number: int, line: str) -> None:
        match = _NOX.match(line)
        said = match.group(1) if match is not None else ""
        if said.startswith(("Sessions not found", "Pattern(s) ", "No sessions")):
            self._refused("nox", "unknown-session", number, said)
        elif (command := _NOX_COMMAND.match(said)) is not None:
            self._command = command.group(1)
        elif (failed := _NOX_FAILED.match(said)) is not None:
            name, why = failed.group(1), failed.group(2) or failed.group(3) or ""
            if _INTERPRETER.match(why) is not None:
                self._interpreter("nox", name, number, why)
            elif ("nox", name) not in self._found:
                message = f"the session {name} failed" + (
                    f": {why}" if why else f" in: {self._command}" if self._command else ""
                )
                self._echo("nox", name, number, message, line)
                self._command = ""

    def _interpreter(self, tool: str, name: str, number: int, said: str) -> None:
        failure = Failure(tool=tool, message=f"{name}: {said}", code="missing-interpreter", excerpt=said)
        finding = Finding(
            failure,
            Category.ENVIRONMENT,
            Stage.COLLECTION,
            (number, number),
            reason="the Python that the environment asks for is not installed",
            advice=f"Install the interpreter of {name} in the job, or leave {name} out.",
        )
        self._found[tool, name] = finding

    def _refused(self, tool: str, code: str, number: int, said: str) -> None:
        failure = Failure(tool=tool, message=said, code=code, excerpt=said)
        advice = "Correct the name that the job asks for, or add it to the configuration."
        reason = f"{tool} knows no such environment" if tool == "tox" else "the noxfile has no such session"
        finding = Finding(failure, Category.CONFIG, Stage.COLLECTION, (number, number), reason=reason, advice=advice)
        self._found[tool, code] = finding

    def _echo(self, tool: str, name: str, number: int, message: str, line: str) -> None:
        failure = Failure(tool=tool, message=message, code=name, excerpt=line.strip())
        finding = Finding(
            failure, Category.UNKNOWN, Stage.ENDING, (number, number), reason=f"{tool} says which part failed"
        )
        self._add(name, finding)

    def _add(self, name: str, finding: Finding) -> None:
        if len(self._found) < _MAX:
            self._found.setdefault((finding.failure.tool, name), finding)
