"""gcc, clang and clang's companions: errors with the notes, source lines and includes that belong to them."""

import re
from dataclasses import dataclass, field
from typing import ClassVar

from selfheal.contract.diagnosis import Failure, Frame
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading
from selfheal.logs.parsers.native.diagnostic import Diagnostic, read_diagnostic
from selfheal.logs.parsers.native.driver import read_driver
from selfheal.logs.parsers.native.folders import Folders
from selfheal.logs.parsers.native.verdicts import judge_diagnostic

_INCLUDED = re.compile(r"(?:In file included| {10,40})\s?from ([^:]{1,500}):(\d{1,7})(?::\d{1,7})?[:,]$")
_REQUIRED = re.compile(r"([^:\s][^:]{0,500}):(\d{1,7}):(?:\d{1,7}:)? {2,4}(?:recursively )?required (?:from|by) ")
_CLANG_WORDS = re.compile(r"use of undeclared|file not found$|no member named '|\[-Werror,")
_MAX_EXTRA = 12


@dataclass(slots=True)
class _Error:
    """`origins` are what led to the place, innermost first: instantiations, then includes."""

    diagnostic: Diagnostic
    own: Frame
    origins: list[Frame]
    excerpt: list[str]
    lines: tuple[int, int]
    tool: str
    requested: list[Frame] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    saw_caret: bool = False
    is_open: bool = True


class CompilerParser:
    """Reads compile errors. An error inside a system header points at the repository's line that led there."""

    anchors: ClassVar[tuple[str, ...]] = ("error: ", ": error C", "Killed signal terminated")

    def __init__(self, context: LogContext) -> None:
        self._repository = context.repository
        self._folders = Folders(context.repository)
        self._errors: list[_Error] = []
        self._unsure: list[_Error] = []
        self._seen: set[tuple[str, int, int | None, str]] = set()
        self._driver: list[Finding] = []
        self._includes: list[Frame] = []
        self._required: list[Frame] = []
        self._is_clang = False
        self._keeps_notes = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if "error" in line or "note: " in line or "warning: " in line:
            diagnostic = read_diagnostic(line)
            if diagnostic is not None:
                self._diagnostic(number, line, diagnostic)
                return
            if " generated." in line:
                self._settle(is_clang=True)
            elif len(self._driver) < MAX_FINDINGS and (found := read_driver(number, line)) is not None:
                self._driver.append(found)
        if " directory " in line:
            self._folders.follow(line)
        elif " from " in line:
            self._origin(line)
        if ": In " in line or line == "compilation terminated." or "treated as error" in line:
            # Only gcc says where it is, and only gcc sums up like this.
            self._settle(is_clang=False)
        if self._errors and self._errors[-1].is_open:
            self._source(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        self._settle(is_clang=self._is_clang)
        broken: set[str] = set()
        formatted: set[str] = set()
        findings: list[Finding] = []
        for error in self._errors:
            if error.tool == "clang-format":
                # It tells each place that it would change; one a file is enough.
                if error.own.file in formatted:
                    continue
                formatted.add(error.own.file)
            findings.append(self._finding(error, is_first=error.own.file not in broken))
            broken.add(error.own.file)
        return Reading((*findings, *self._driver))

    def _diagnostic(self, number: int, line: str, diagnostic: Diagnostic) -> None:
        origins = [*self._required, *self._includes]
        self._required, self._includes = [], []
        if diagnostic.kind == "note":
            self._note(number, diagnostic)
            return
        if self._errors:
            self._errors[-1].is_open = False
        key = (diagnostic.file, diagnostic.line, diagnostic.column, diagnostic.message)
        is_linkers = diagnostic.message.startswith(("undefined reference to", "multiple definition of"))
        self._keeps_notes = False
        if is_linkers or not diagnostic.is_error or key in self._seen or len(self._errors) >= MAX_FINDINGS:
            return
        self._keeps_notes = True
        self._seen.add(key)
        own = self._frame(diagnostic.file, diagnostic.line)
        error = _Error(diagnostic, own, origins, [line], (number, number), diagnostic.companion)
        self._errors.append(error)
        self._unsure.append(error)
        if diagnostic.is_clang or _CLANG_WORDS.search(line) is not None:
            self._settle(is_clang=True)
        elif "‘" in diagnostic.message or "[-Werror=" in line:
            self._settle(is_clang=False)

    def _note(self, number: int, note: Diagnostic) -> None:
        # Notes of a warning, or of an error that was told before, are none of the last error's.
        if not self._errors or not self._keeps_notes or note.message.startswith("each undeclared identifier"):
            return
        error = self._errors[-1]
        error.lines, error.is_open = (error.lines[0], number), False
        if len(error.notes) < _MAX_EXTRA:
            error.notes.append(note.message)
        if note.message.endswith("requested here") and len(error.requested) < _MAX_EXTRA:
            error.requested.append(self._frame(note.file, note.line))

    def _source(self, number: int, line: str) -> None:
        """Keep the quoted source: gcc's ` 5 | text`, or clang's bare lines up to the fix below the caret."""
        error = self._errors[-1]
        is_quote = " | " in line[:12] or line.endswith(" |")
        is_bare = bool(line.strip()) and len(error.excerpt) < 4 and (not error.saw_caret or line.startswith(" "))
        if not (is_quote or is_bare) or len(error.excerpt) > _MAX_EXTRA:
            error.is_open = False
            return
        error.saw_caret = error.saw_caret or not line.strip(" ~^")
        error.excerpt.append(line)
        error.lines = (error.lines[0], number)

    def _origin(self, line: str) -> None:
        if (included := _INCLUDED.match(line)) is not None and len(self._includes) < _MAX_EXTRA:
            # clang prints a line each, outermost first; gcc one sentence, innermost first.
            position = 0 if line.startswith("In") else len(self._includes)
            self._includes.insert(position, self._frame(included.group(1), int(included.group(2))))
        elif (required := _REQUIRED.match(line)) is not None and len(self._required) < _MAX_EXTRA:
            self._required.append(self._frame(required.group(1), int(required.group(2))))

    def _settle(self, *, is_clang: bool) -> None:
        """The log has told which compiler wrote the errors since it last did."""
        self._is_clang = is_clang
        for error in self._unsure:
            error.tool = error.tool or ("clang" if is_clang else "gcc")
        self._unsure = []

    def _frame(self, file: str, line: int) -> Frame:
        return Frame(file=self._folders.name(file), line=line)

    def _finding(self, error: _Error, *, is_first: bool) -> Finding:
        diagnostic = error.diagnostic
        chain = [error.own, *error.requested, *error.origins]
        place = next((one for one in chain if self._repository.relative(one.file) is not None), error.own)
        is_own = place is error.own
        verdict = judge_diagnostic(diagnostic, self._repository, tool=error.tool, is_first=is_first)
        notes = [f"note: {note}" for note in error.notes]
        led = [] if is_own else [f"{place.file}:{place.line}: this line led to an error in a header:"]
        failure = Failure(
            tool=error.tool,
            message="\n".join([diagnostic.message, *notes])[:2_000],
            file=place.file,
            line=place.line,
            column=diagnostic.column if is_own else None,
            code=verdict.code or None,
            frames=tuple(reversed(chain)) if len(chain) > 1 else (),
            excerpt="\n".join([*led, *error.excerpt, *notes])[:MAX_EXCERPT],
        )
        return Finding(
            failure, verdict.category, verdict.stage, error.lines, reason=verdict.reason, advice=verdict.advice
        )
