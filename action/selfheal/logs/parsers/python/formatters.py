"""Formatters in their checking modes: black, ruff format and isort."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage

_WOULD = re.compile(r"([Ww])ould reformat:? (\S.{0,1000})$")
_ISORT = re.compile(r"ERROR: (\S.{0,1000}?) Imports are incorrectly sorted")
_CANNOT = re.compile(
    r"error: cannot (?:format|parse):? (\S.{0,500}?): "
    r"(?:Cannot parse(?: for target version [^:]{1,60})?: )?(\d{1,9}):(\d{1,9})(?:: (.*))?$"
)
_CANNOT_PARSE = re.compile(r"error: cannot parse: (\S.{0,500}?):(\d{1,9}):(\d{1,9})()$")
_RUFF_CANNOT = re.compile(r"error: Failed to parse (\S.{0,500}?):(\d{1,9}):(\d{1,9}): (.*)$")
_UNFORMATTED = re.compile(r"unformatted: ")
_ARROW = re.compile(r" {1,8}--> ((?:[A-Za-z]:)?[^:]{1,500}):(\d{1,9}):(\d{1,9})$")
_DIFF = re.compile(r"--- (\S.{0,1000}?)(?:\t\d{4}-.*)?$")
_SUMMARY = re.compile(r"\d+ files? would be reformatted")


class FormatterParser:
    """Reads the names of the files that a formatter would rewrite."""

    anchors: ClassVar[tuple[str, ...]] = (
        "ould reformat",
        "Imports are incorrectly sorted",
        "cannot format",
        "cannot parse",
        "Failed to parse",
        "unformatted",
        "would be reformatted",
        "+++ ",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._found: dict[tuple[str, str], Finding] = {}
        self._errors: list[Finding] = []
        self._previous = ""
        self._diffs: list[tuple[int, str, str]] = []
        self._header = ""

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        previous, self._previous = self._previous, line
        if (would := _WOULD.match(line)) is not None:
            self._add(number, "ruff" if would.group(1) == "W" else "black", would.group(2).rstrip(":"))
        elif (isort := _ISORT.match(line)) is not None:
            self._add(number, "isort", isort.group(1))
        elif (cannot := _CANNOT_PARSE.match(line) or _CANNOT.match(line)) is not None:
            self._broken(number, "black", cannot)
        elif (broken := _RUFF_CANNOT.match(line)) is not None:
            self._broken(number, "ruff", broken)
        elif _UNFORMATTED.match(previous) is not None and (arrow := _ARROW.match(line)) is not None:
            self._add(number, "ruff", arrow.group(1), int(arrow.group(2)))
        elif line.startswith("+++ ") and (old := _DIFF.match(previous)) is not None:
            if len(self._diffs) < MAX_FINDINGS:
                self._diffs.append((number, old.group(1), line[4:].partition("\t")[0]))
        elif _SUMMARY.match(line) is not None and not self._found:
            self._from_diffs("ruff")

    def finish(self) -> Reading:
        """Say what was found."""
        if not self._found and not self._errors and self._diffs and self._context.exit_code in (None, 1):
            self._from_diffs("black")
        return Reading((*self._errors, *self._found.values()))

    def _from_diffs(self, tool: str) -> None:
        """A formatter that only shows what it would change: old and new file have one name."""
        for number, old, new in self._diffs:
            if old == new:
                self._add(number, tool, old)
        self._diffs = []

    def _add(self, number: int, tool: str, file: str, line: int | None = None) -> None:
        name = self._context.repository.name(file)
        if (tool, name) in self._found or len(self._found) >= MAX_FINDINGS:
            return
        message = "imports are not sorted" if tool == "isort" else "the file is not formatted"
        failure = Failure(
            tool=tool, message=message, file=name, line=line, code="unformatted", excerpt=f"{name}: {message}"
        )
        reason = f"{tool} would rewrite the file"
        self._found[tool, name] = Finding(failure, Category.FORMAT, Stage.FORMAT, (number, number), reason=reason)

    def _broken(self, number: int, tool: str, match: re.Match[str]) -> None:
        if len(self._errors) >= MAX_FINDINGS:
            return
        name = self._context.repository.name(match.group(1))
        message = f"can't parse the file: {match.group(4) or 'syntax error'}"
        failure = Failure(
            tool=tool,
            message=message,
            file=name,
            line=int(match.group(2)),
            column=int(match.group(3)),
            code="invalid-syntax",
            excerpt=f"{name}:{match.group(2)}: {message}"[:1_500],
        )
        self._errors.append(
            Finding(failure, Category.SYNTAX, Stage.SYNTAX, (number, number), reason=f"{tool} can't parse the file")
        )
