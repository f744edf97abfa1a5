"""golangci-lint: text, tab and JSON output, typecheck errors, and refused configurations; staticcheck too."""

import json
import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.golang.build import PARSING
from selfheal.logs.parsers.golang.sources import GoSources
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage

_PLACE = r"((?:[A-Za-z]:)?[^\s:][^:]{0,500}\.(?:go|mod)):(\d{1,9}):(?:(\d{1,9}):?)? ?"
_TEXT = re.compile(_PLACE + r"(.*?) ?\(([A-Za-z][\w-]{1,40})\)$")
_OPEN = re.compile(_PLACE + r"(.*)$")
_TAB = re.compile(
    r"((?:[A-Za-z]:)?[^\s:][^:]{0,500}\.go):(\d{1,9})(?::(\d{1,9}))? {2,}([a-z][\w-]{1,40})(?:/\S{1,40})? {2,}(\S.*)$"
)
_COMMAND = re.compile(
    r"::(?:error|warning) (?:title=[^,:]{0,200},)?file=([^,]{1,500}),line=(\d{1,9})(?:,col=(\d{1,9}))?::"
    r"(.*?) \((\S{2,40})\)$"
)
_REFUSED = re.compile(
    r"(?:Error: |level=error msg=\"|ERRO |The command is terminated due to an error: )"
    r"(can't load config.{0,500}|unknown linters?: .{0,500}|the configuration contains invalid elements.{0,200}"
    r"|.{0,200}the Go language version .{1,60} used to build golangci-lint is lower than .{0,200}"
    r"|unknown flag: .{0,200}|.{0,40}no go files to analyze.{0,300}|build linters: .{0,500}"
    r"|.{0,100}unsupported version of the .{0,300}"
    r"|Timeout exceeded: .{0,200}|.{0,300}can't combine options.{0,200})"
)
_FORMATTERS = ("gofmt", "gofumpt", "goimports", "gci", "golines", "swaggo")
_STATICCHECK = re.compile(r"(?:SA|ST|QF|S|U)\d{4}$")
_MAX_SOURCE = 6
_MAX_BLOCK = 100


class GolangciParser:
    """Reads issues: a place and a message that ends in the linter's name, with its source lines below."""

    anchors: ClassVar[tuple[str, ...]] = (
        ".go:",
        '"FromLinter":"',
        "go.mod:",
        "can't load config",
        "unknown linters",
        "used to build golangci-lint",
        "no go files to analyze",
        "file=",
        "golangci-lint",
    )

    def __init__(self, context: LogContext) -> None:
        self._sources = GoSources(context.repository)
        self._findings: list[Finding] = []
        self._seen: set[tuple[str, int, int | None, str]] = set()
        self._typecheck: list[tuple[int, str]] = []
        self._wanted = 0
        self._refused = ""

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if ".go:" in line or line.startswith("go.mod:"):
            self._place(number, line)
        elif '"FromLinter":"' in line and line.startswith("{"):
            self._json(number, line)
        elif line.startswith("::") and (command := _COMMAND.match(line)) is not None:
            file, at, column, message, linter = command.groups()
            self._issue((number, number), file, int(at), int(column or 0) or None, message, linter)
        elif line.startswith(("Error: ", "level=error", "ERRO ", "The command is")):
            self._refuse(number, line)
        elif self._wanted and line:
            self._source(number, line)
        if line and not line[0].isspace() and ".go:" not in line:
            self._typecheck = self._typecheck if line.startswith("# ") else []

    def finish(self) -> Reading:
        """Say what was found."""
        return Reading(tuple(self._findings), tuple(one.lines for one in self._findings))

    def _place(self, number: int, line: str) -> None:
        self._wanted = 0
        # A compiler's whole output is one issue: `main.go:1: : # package`, its lines, `(typecheck)` after the last.
        if line.endswith(" (typecheck)") and self._typecheck:
            lines, self._typecheck = [*self._typecheck, (number, line.removesuffix(" (typecheck)"))], []
            for start, printed in lines:
                self._compiler(start, printed)
            return
        if (tab := _TAB.match(line)) is not None:
            file, at, column, linter, message = tab.groups()
            self._issue((number, number), file, int(at), _number(column), message, linter)
        elif line.endswith(")") and (text := _TEXT.match(line)) is not None and not text.group(4).endswith("("):
            file, at, column, message, linter = text.groups()
            if message or linter != "typecheck":
                self._issue((number, number), file, int(at), _number(column), message, linter)
                self._wanted = _MAX_SOURCE
        elif len(self._typecheck) < _MAX_BLOCK and (self._typecheck or ": : # " in line):
            self._typecheck.append((number, line))

    def _compiler(self, number: int, line: str) -> None:
        match = _OPEN.match(line)
        if match is not None and ": : # " not in line and match.group(4):
            file, at, column, message = match.groups()
            self._issue((number, number), file, int(at), _number(column), message, "typecheck")

    def _json(self, number: int, line: str) -> None:
        try:
            for issue in json.loads(line)["Issues"][:MAX_FINDINGS]:
                place = issue["Pos"]
                self._issue(
                    (number, number),
                    str(place["Filename"]),
                    int(place["Line"]),
                    int(place.get("Column", 0)) or None,
                    str(issue["Text"]),
                    str(issue["FromLinter"]),
                    [str(text) for text in (issue.get("SourceLines") or ())[:_MAX_SOURCE]],
                )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # Cleaning cuts long lines in the middle: the issues before the cut still tell what failed.
            for match in _ISSUE.finditer(line):
                linter, message, file, at, column = match.groups()
                self._issue((number, number), file, int(at), int(column), _unquoted(message), linter)

    def _issue(
        self,
        lines: tuple[int, int],
        printed: str,
        line: int,
        column: int | None,
        message: str,
        linter: str,
        source: list[str] | None = None,
    ) -> None:
        file = self._sources.path(printed)
        key = (file, line, column, linter)
        if key in self._seen or len(self._findings) >= MAX_FINDINGS:
            return
        self._seen.add(key)
        failure = Failure(
            tool="staticcheck" if _STATICCHECK.match(linter) else "golangci-lint",
            message=message[:2_000],
            file=file,
            line=line,
            column=column,
            code=linter,
            excerpt="\n".join((f"{file}:{line}:{column or ''} {message} ({linter})", *(source or ())))[:MAX_EXCERPT],
        )
        category, stage, reason = Category.LINT, Stage.LINT, f"{linter} reports it"
        if linter == "typecheck":
            is_syntax = PARSING.match(message) is not None or message.startswith(("missing ", "expected "))
            category, stage = (Category.SYNTAX, Stage.SYNTAX) if is_syntax else (Category.BUILD, Stage.BUILD)
            reason = "the linters can't read code that does not compile"
        elif linter in _FORMATTERS:
            category, stage, reason = Category.FORMAT, Stage.FORMAT, f"{linter} would rewrite the file"
        self._findings.append(Finding(failure, category, stage, lines, reason=reason))

    def _source(self, number: int, line: str) -> None:
        """Join the source lines below an issue to it, up to the caret."""
        self._wanted = 0 if line.strip() == "^" else self._wanted - 1
        before = self._findings[-1] if self._findings else None
        if before is None or before.lines[1] != number - 1 or line.endswith(" issues:"):
            self._wanted = 0
            return
        excerpt = f"{before.failure.excerpt}\n{line}"[:MAX_EXCERPT]
        failure = before.failure.model_copy(update={"excerpt": excerpt})
        self._findings[-1] = Finding(
            failure, before.category, before.stage, (before.lines[0], number), reason=before.reason
        )

    def _refuse(self, number: int, line: str) -> None:
        match = _REFUSED.match(line)
        if match is None or self._refused == match.group(1).rstrip('"'):
            return
        self._refused = match.group(1).rstrip('"')
        advice = ""
        if "used to build golangci-lint is lower" in line:
            advice = "Install a golangci-lint that was built with the Go version of go.mod, or a newer one."
        failure = Failure(tool="golangci-lint", message=self._refused, excerpt=line[:MAX_EXCERPT])
        reason = "golangci-lint refuses its configuration"
        self._findings.append(
            Finding(failure, Category.CONFIG, Stage.COLLECTION, (number, number), reason=reason, advice=advice)
        )


_ISSUE = re.compile(
    r'\{"FromLinter":"([\w-]{1,40})","Text":"((?:[^"\\]|\\.){0,2000})".{0,3000}?"Filename":"([^"]{1,500})",'
    r'"Offset":\d{1,12},"Line":(\d{1,9}),"Column":(\d{1,9})'
)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
