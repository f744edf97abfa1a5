"""mypy: its lines in every format, notes joined to the error before them."""

import json
import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage

_LINE = re.compile(
    r"((?:[A-Za-z]:)?[^:\s][^:]{0,500}\.(?:pyi?|ipynb)):(?:(\d{1,9}):)?(?:(\d{1,9}):)?(?:\d{1,9}:\d{1,9}:)? "
    r"(error|note): (.*)$"
)
_CODE = re.compile(r"(.*?)  \[([a-z][a-z0-9-]{0,60})\]$")
_LONE_CODE = re.compile(r"\[[a-z][a-z0-9-]{0,60}\]$")
_BARE = re.compile(r"mypy: (?:error: )?(can't read file .*|error: .*)$")
_CONFIG_FILE = re.compile(
    r"((?:[^:\s]{0,500}/)?(?:\.?mypy\.ini|setup\.cfg|pyproject\.toml)):(?:(\d{1,9}):)? error: (.*)$"
)
_START = re.compile(r"Duplicate module named|Source file found twice|Cannot read file|Can't read file")
_WRAPPED = 8
_DEPENDENCY_CODES = ("import-not-found", "import-untyped", "import")
_MISSING = re.compile(r'(?:module named|stubs not installed for) "([\w.]+)"')


class MypyParser:
    """Reads mypy's errors; with --pretty a message may go on over several lines."""

    anchors: ClassVar[tuple[str, ...]] = ("error: ", "error:", '"severity": "error"', "mypy: ")

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._wrapped: list[str] = []
        self._open: tuple[int, re.Match[str]] | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._open is not None:
            start = self._open
            is_more = bool(line) and not line.startswith((" ", "Found ")) and _LINE.match(line) is None
            if is_more and len(self._wrapped) < _WRAPPED:
                # The code may have been wrapped onto a line of its own.
                self._wrapped.append(f" {line}" if _LONE_CODE.match(line) is not None else line)
                text = " ".join(part.rstrip() for part in (start[1].group(5), *self._wrapped))
                if _CODE.match(text) is not None:
                    self._close(start, text, number)
                return
            self._close(start, start[1].group(5), number)
        if line.startswith('{"file":'):
            self._json(number, line)
            return
        if (bare := _BARE.match(line)) is not None:
            failure = Failure(tool="mypy", message=bare.group(1).removeprefix("error: "), code="usage", excerpt=line)
            self._add(
                Finding(failure, Category.CONFIG, Stage.COLLECTION, (number, number), reason="mypy could not start")
            )
            return
        match = _LINE.match(line)
        if match is None:
            if " error: " in line and (config := _CONFIG_FILE.match(line)) is not None:
                self._config(number, config)
            return
        if match.group(4) == "note":
            self._note(match)
        elif _CODE.match(match.group(5)) is not None:
            self._close((number, match), match.group(5), number)
        else:
            self._open, self._wrapped = (number, match), []

    def finish(self) -> Reading:
        """Say what was found."""
        if self._open is not None:
            self._close(self._open, self._open[1].group(5), self._open[0])
        return Reading(tuple(self._findings))

    def _close(self, start: tuple[int, re.Match[str]], text: str, last: int) -> None:
        self._open = None
        number, match = start
        found = _CODE.match(text)
        message, code = (found.group(1), found.group(2)) if found is not None else (text, None)
        line = int(match.group(2)) if match.group(2) else None
        column = int(match.group(3)) if match.group(3) else None
        self._error(match.group(1), line, column, message, code, (number, last))

    def _config(self, number: int, config: re.Match[str]) -> None:
        failure = Failure(
            tool="mypy",
            message=config.group(3),
            file=self._context.repository.name(config.group(1)),
            line=int(config.group(2)) if config.group(2) else None,
            code="config",
            excerpt=config.group(0)[:1_500],
        )
        reason = "mypy refuses its configuration"
        self._add(Finding(failure, Category.CONFIG, Stage.COLLECTION, (number, number), reason=reason))

    def _json(self, number: int, line: str) -> None:
        try:
            entry = json.loads(line)
            if entry.get("severity") != "error":
                return
            message = str(entry["message"]) + (f"\n{entry['hint']}" if entry.get("hint") else "")
            place = str(entry["file"]), int(entry["line"]), int(entry["column"]) + 1
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        self._error(*place, message, str(entry.get("code") or "") or None, (number, number))

    def _error(
        self, file: str, line: int | None, column: int | None, message: str, code: str | None, lines: tuple[int, int]
    ) -> None:
        name = self._context.repository.name(file)
        failure = Failure(
            tool="mypy",
            message=message,
            file=name,
            line=line,
            column=column,
            code=code,
            excerpt=f"{name}:{line}: {message}  [{code}]"[:1_500],
        )
        category, reason = self._category(message, code)
        stage = Stage.SYNTAX if category is Category.SYNTAX else Stage.TYPES
        self._add(Finding(failure, category, stage, lines, reason=reason))

    def _category(self, message: str, code: str | None) -> tuple[Category, str]:
        if code == "syntax":
            return Category.SYNTAX, "mypy can't parse the file"
        if _START.match(message) is not None:
            return Category.CONFIG, "mypy can't start on the files that it was given"
        missing = _MISSING.search(message)
        if code in _DEPENDENCY_CODES and missing is not None:
            top = missing.group(1).partition(".")[0]
            is_own = self._context.repository.has_module(top)
            return (
                (Category.TYPES, f"mypy can't find the repository's own {top}")
                if is_own
                else (Category.DEPENDENCY, f"mypy finds no module or stubs for {missing.group(1)}")
            )
        return Category.TYPES, "mypy reports a type error"

    def _note(self, match: re.Match[str]) -> None:
        """Join a note to the error before it when both are about the same line."""
        if not self._findings:
            return
        last = self._findings[-1]
        line = int(match.group(2)) if match.group(2) else None
        if last.failure.file != self._context.repository.name(match.group(1)) or last.failure.line != line:
            return
        message = f"{last.failure.message}\nnote: {match.group(5)}"
        if len(message) < 2_000:
            excerpt = f"{last.failure.excerpt}\nnote: {match.group(5)}"[:1_500]
            failure = last.failure.model_copy(update={"message": message, "excerpt": excerpt})
            self._findings[-1] = Finding(failure, last.category, last.stage, last.lines, reason=last.reason)

    def _add(self, finding: Finding) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)
