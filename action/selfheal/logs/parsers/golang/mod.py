"""go mod: modules that are missing, unknown or out of step, and go.mod files that don't parse."""

import re
from dataclasses import dataclass
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.golang.sections import PLACE
from selfheal.logs.parsers.golang.sources import GoSources, read_event
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage

_MISSING = re.compile(
    r"no required module provides package \S{1,300}|missing go\.sum entry|cannot find (?:module|package)"
    r"|module \S{1,300} provides package .{1,300} and is replaced|ambiguous import|missing module for import"
    r"|module .{1,300} found(?: \(.{1,300}\))?, but does not contain package|package \S{1,300} imported from implicitly"
    r"|(?:reading )?\S{1,300}.{0,100}: (?:unknown revision|invalid version)|\S{1,300}@v\S{1,100}: reading "
)
# The import is as it should be; the version that go.mod asks for is not to be had.
_NO_VERSION = re.compile(
    r"(\S{1,300}@v\S{1,100}): (?:reading \S{1,500}: (?:40[34]|410) |invalid version|.{0,100}unknown revision)"
)
_DEPENDENCY = re.compile(
    r"go: (?:\S{1,300}: )?(?:updates to go\.(?:mod|sum|work) needed|inconsistent vendoring in|missing go\.sum entry"
    r"|finding module for package .{1,300}: |module .{1,300} found .{0,200}but does not contain"
    r"|.{0,300}(?:unknown revision|no matching versions for query|requires .{1,300}but .{1,300}(?:is required|$)"
    r"|invalid version: (?!git |Get )|invalid pseudo-version|does not match"
    r"|ambiguous import|cannot find module providing"
    r"|parsing go\.mod|module declares its path as|retracted|conflicts with"
    r"|should be v[01], not v|version \"[^\"]{1,100}\" invalid))"
    r"|verifying \S{1,300}: checksum mismatch|SECURITY ERROR"
    r"|go: \S{1,300}@v\S{1,100}: reading "
    r"|go: (?:module )?\S{1,300}: (?:no matching versions|not a known dependency|no such module)"
)
_TOO_NEW = re.compile(
    r"go: (?:errors parsing \S{1,300}: ?)?(?:\S{1,300}:\d{1,6}: )?(?:module )?"
    r"(\S{1,300}) requires go >= (\S{1,40}) \(running go (\S{1,40})"
)
_CONFIG = re.compile(
    r"go: go\.mod file not found in|go: cannot find main module|go: no modules? (?:specified|were found)"
    r"|pattern \S{1,300}: directory prefix \S{1,300} does not contain|go: no such tool"
    r"|go: unknown (?:environment|GOEXPERIMENT)"
    r"|go: 'go install' requires a version|go: malformed (?:module path|import path)|go: -mod may only be set"
    r"|go: cannot (?:load|use) "
    r"|go: .{0,100}go\.work .{0,100}(?:requires go|lists go|but )|flag provided but not defined: -mod"
    r"|go: .{0,200}is not in (?:your|the) go\.work|go: module \S{1,300} listed in go\.work"
)
_PARSING = re.compile(r"go: errors? parsing (\S{1,300}):$")
_PARSED = re.compile(
    r"(?:go: errors? parsing \S{1,300}: )?((?:\S{1,300}/)?go\.(?:mod|work|sum)):(\d{1,9})(?::(\d{1,9}))?: (.*)$"
)
_IMPORTS = re.compile(r"go: (\S{1,300}) imports$")
_DIFF = re.compile(r"\+\+\+ tidy/(\S{0,300}go\.(?:mod|sum))$")
# What keeps the module from being fetched is the network's or the credentials' doing.
_UNREACHABLE = re.compile(
    r".{0,600}(?:dial tcp|connection refused|i/o timeout|TLS handshake|no such host|connection reset|proxyconnect"
    r"|50[0234] |unexpected EOF|could not read Username|terminal prompts disabled|Permission denied|429 )"
)
_STARTS = ("go: ", "pattern ", "verifying ", "flag ", "SECURITY")
_MAX_MORE = 25


@dataclass(slots=True)
class _Open:
    number: int
    kind: str
    file: str | None
    line: int | None
    column: int | None
    lines: list[str]


class GoModParser:
    """Reads what the go command says about modules."""

    anchors: ClassVar[tuple[str, ...]] = (
        "go.mod",
        "go.sum",
        "go.work",
        "cannot find main module",
        "is not in a module",
        "malformed module path",
        "no required module provides",
        "/@v/v",
        "cannot find module",
        "cannot find package",
        "but does not contain package",
        "unknown revision",
        "no matching versions for query",
        "invalid version: ",
        "inconsistent vendoring",
        "ambiguous import",
        "does not contain main module",
        "does not contain modules listed",
        "checksum mismatch",
        "(running go ",
        "module declares its path as",
        " tidy/go.",
    )

    def __init__(self, context: LogContext) -> None:
        self._sources = GoSources(context.repository)
        self._findings: list[Finding] = []
        self._seen: set[tuple[str | None, int | None, str]] = set()
        self._open: _Open | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if line.startswith('{"') and (event := read_event(line)) is not None:
            line = event.output
        is_more = line.startswith(("\t", " ", "@@", "-", "+")) if self._is_diff() else line.startswith("\t")
        if self._open is not None and (is_more or not line.strip()) and len(self._open.lines) < _MAX_MORE:
            self._open.lines.append(line)
            return
        if self._open is not None and self._open.kind == "parsing" and (at := _PARSED.match(line)) is not None:
            self._open.file, self._open.line = at.group(1), int(at.group(2))
            self._open.lines.append(line)
            self._open.kind = "parsed"
            return
        self._close(number - 1)
        self._begin(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        self._close(self._open.number + len(self._open.lines) - 1 if self._open is not None else 0)
        return Reading(tuple(self._findings), tuple(one.lines for one in self._findings))

    def _is_diff(self) -> bool:
        return self._open is not None and self._open.kind == "diff"

    def _begin(self, number: int, line: str) -> None:
        kind, file, at, column = "", None, None, None
        if line.startswith("+++ tidy/") and (diff := _DIFF.match(line)) is not None:
            kind, file = "diff", diff.group(1)
        elif ".go:" in line and (place := PLACE.match(line)) is not None:
            if _MISSING.match(place.group(5)) is not None:
                kind, file, at = "missing", place.group(2), int(place.group(3))
                column = int(place.group(4)) if place.group(4) else None
                if _NO_VERSION.match(place.group(5)) is not None:
                    kind, file, at, column = "no-version", "go.mod", None, None
        elif line.startswith(_STARTS) or "go.mod:" in line or "go.work:" in line:
            kind, file, at = self._kind(line)
        if kind:
            self._open = _Open(number, kind, file, at, column, [line])

    def _kind(self, line: str) -> tuple[str, str | None, int | None]:
        at = _PARSED.match(line)
        if at is not None and not at.group(1).endswith("go.sum"):
            return "parsed", at.group(1), int(at.group(2))
        if (parsing := _PARSING.match(line)) is not None:
            return "parsing", parsing.group(1), None
        if (new := _TOO_NEW.match(line)) is not None:
            own = new.group(1) == "go.mod" or new.group(1).endswith("/go.mod")
            return "too-new", new.group(1) if own else "go.mod", None
        if _CONFIG.match(line) is not None:
            return "config", None, None
        if _IMPORTS.match(line) is not None:
            return "imports", None, None
        if _DEPENDENCY.match(line) is not None:
            return "dependency", "go.mod", None
        return "", None, None

    def _close(self, last: int) -> None:
        one, self._open = self._open, None
        if one is None:
            return
        text = "\n".join(one.lines).rstrip()
        is_unreachable = _UNREACHABLE.match(text.replace("\n", " ")) is not None
        if one.kind == "imports" and "does not contain" not in text and "cannot find" not in text:
            return
        if is_unreachable and one.kind in ("dependency", "imports", "missing", "no-version"):
            return
        if one.file and "/pkg/mod/" in one.file:
            # A module's own file can't be mended; what the repository requires can.
            one.file, one.line, one.column = "go.mod", None, None
        file = self._sources.path(one.file) if one.file else None
        message = text
        if one.column is not None or one.kind in ("missing", "parsed"):
            message = "\n".join(line.strip() for line in one.lines)
            for line in one.lines:
                if (place := _PARSED.match(line) or PLACE.match(line)) is not None:
                    message = message.replace(line.strip(), place.group(place.lastindex or 0), 1)
            message = re.sub(r"^go: errors? parsing \S{1,300}:\n", "", message)
        elif one.kind == "no-version":
            message = text[text.index(": ") + 2 :]
        elif one.kind == "diff":
            message = f"go mod tidy would change {one.file}"
        self._add(one, text, message.removeprefix("go: "), file, last)

    def _add(self, one: _Open, text: str, message: str, file: str | None, last: int) -> None:
        category, reason, advice = _judged(one.kind, text)
        key = (file, one.line, message)
        if key in self._seen or len(self._findings) >= MAX_FINDINGS:
            return
        self._seen.add(key)
        failure = Failure(
            tool="go mod",
            message=message[:2_000],
            file=file,
            line=one.line,
            column=one.column,
            excerpt=text[:MAX_EXCERPT],
        )
        lines = (one.number, max(one.number, last))
        self._findings.append(Finding(failure, category, Stage.BUILD, lines, reason=reason, advice=advice))


def _judged(kind: str, text: str) -> tuple[Category, str, str]:
    if kind == "missing" and "go.sum" in text:
        return (
            Category.DEPENDENCY,
            "go.sum lacks a module that the code imports",
            "Run `go mod tidy` and commit go.sum.",
        )
    if kind == "no-version":
        advice = "Ask for a version that exists (`go list -m -versions MODULE`), or give the job access to the module."
        return Category.DEPENDENCY, "the version that go.mod asks for can't be had", advice
    if kind in ("missing", "imports"):
        return Category.DEPENDENCY, "no module in go.mod provides an imported package", ""
    if kind == "too-new":
        advice = "Set the job's Go to the version that go.mod asks for, or lower the `go` line."
        return Category.CONFIG, "go.mod asks for a newer Go than runs here", advice
    if kind in ("parsing", "parsed"):
        return Category.CONFIG, "go.mod can't be parsed", ""
    if kind == "config":
        return Category.CONFIG, "the go command finds no module or refuses its options", ""
    return Category.DEPENDENCY, "go.mod, go.sum or vendor don't fit what the code needs", ""
