"""A Python tool that refuses its command line or its configuration file."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Reading, Stage

_TOOLS = (
    "bandit",
    "black",
    "coverage",
    "flake8",
    "isort",
    "nox",
    "pre-commit",
    "pylint",
    "pyright",
    "ruff",
    "sphinx-build",
    "tox",
)
_ARGPARSE = re.compile(rf"({'|'.join(_TOOLS)})(?:\.py)?: error: (.{{1,500}})$")
_USAGE = re.compile(rf"Usage: ({'|'.join(_TOOLS)}) ")
_CLAP = re.compile(r"error: (?:unexpected argument|invalid value|unrecognized subcommand|the argument) .{1,300}$")
_CAUSE = re.compile(r"  Cause: (.{1,500})")
_RUFF_FILE = re.compile(
    r"Failed to (?:parse|load|read)(?: configuration)?:? `?(\S{1,300}?\.toml)`?|from `(\S{1,300}?\.toml)`"
)
_TOML = re.compile(r"TOML parse error at line (\d{1,9}), column (\d{1,9})")
_FIELD = re.compile(r"unknown field|unknown variant|invalid type|missing field|invalid value")
_PYRIGHT = (
    (re.compile(r"Config(?:uration)? file \"([^\"]{1,300})\" could not be parsed\."), "config"),
    (re.compile(r"File or directory \"(?:file://)?([^\"]{1,300})\" does not exist"), "missing-path"),
    (re.compile(r"()No source files found\.$"), "no-files"),
)
_KEPT = 30
_MESSAGE = 6_000
"""A refused key is followed by all keys that there are; the longest such list has about 3,000 characters."""


class CheckerConfigParser:
    """Reads usage errors in the ways of argparse, click and clap, and what ruff and pyright say of their files."""

    anchors: ClassVar[tuple[str, ...]] = (
        *(f"{tool}: error: " for tool in _TOOLS),
        *(f"Usage: {tool} " for tool in _TOOLS),
        "ruff failed",
        "could not be parsed. Verify that",
        'File or directory "',
        "No source files found.",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._ruff: tuple[int, list[str]] | None = None
        self._clap: tuple[int, str] | None = None
        self._click = ""

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._ruff is not None:
            if line.strip() and len(self._ruff[1]) < _KEPT:
                self._ruff[1].append(line)
                return
            self._end_ruff()
        if line == "ruff failed":
            self._ruff = (number, [])
        elif line.startswith("error: ") and _CLAP.match(line) is not None:
            self._clap = (number, line.removeprefix("error: "))
        elif line.startswith("Usage: "):
            usage = _USAGE.match(line)
            self._click = usage.group(1) if usage is not None else ""
            if usage is not None and self._clap is not None and number - self._clap[0] < 8:
                self._refused(usage.group(1), self._clap[1], (self._clap[0], number))
            self._clap = None
        elif self._click and line.startswith("Error: "):
            self._refused(self._click, line.removeprefix("Error: "), (number, number))
            self._click = ""
        elif ": error: " in line and (refused := _ARGPARSE.match(line)) is not None:
            self._refused(refused.group(1), refused.group(2), (number, number))
        elif line.startswith(("Config", "File or dir", "No source")):
            self._pyright(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        if self._ruff is not None:
            self._end_ruff()
        return Reading(tuple(self._findings), tuple(finding.lines for finding in self._findings))

    def _end_ruff(self) -> None:
        (number, lines), self._ruff = self._ruff or (0, []), None
        causes = [found.group(1) for line in lines if (found := _CAUSE.match(line)) is not None]
        text = "\n".join(lines)
        file, place = _RUFF_FILE.search(text), _TOML.search(text)
        is_syntax = place is not None and _FIELD.search(text) is None
        name = (file.group(1) or file.group(2)) if file is not None else None
        failure = Failure(
            tool="ruff",
            message=f"{causes[-1] if causes else 'ruff failed'}: {lines[-1].strip()}"[:_MESSAGE]
            if lines
            else "ruff failed",
            file=self._context.repository.name(name) if name is not None else None,
            line=int(place.group(1)) if place is not None else None,
            column=int(place.group(2)) if place is not None else None,
            code="config",
            excerpt=text[:MAX_EXCERPT],
        )
        self._add(failure, (number, number + len(lines)), is_syntax=is_syntax)

    def _pyright(self, number: int, line: str) -> None:
        for pattern, code in _PYRIGHT:
            found = pattern.match(line)
            if found is not None:
                file = self._context.repository.name(found.group(1)) if found.group(1) else None
                failure = Failure(tool="pyright", message=line, file=file, code=code, excerpt=line)
                self._add(failure, (number, number))

    def _refused(self, tool: str, message: str, lines: tuple[int, int]) -> None:
        self._add(Failure(tool=tool, message=message, code="usage", excerpt=message), lines)

    def _add(self, failure: Failure, lines: tuple[int, int], *, is_syntax: bool = False) -> None:
        if len(self._findings) >= _KEPT:
            return
        category = Category.SYNTAX if is_syntax else Category.CONFIG
        reason = f"{failure.tool} can't parse its configuration" if is_syntax else f"{failure.tool} refuses to start"
        stage = Stage.SYNTAX if is_syntax else Stage.COLLECTION
        self._findings.append(Finding(failure, category, stage, lines, reason=reason))
