"""go vet: its findings, under a `# [package]` line, or under none as Go 1.25 and newer print them."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.golang.sections import Report, SectionReader
from selfheal.logs.parsers.golang.sources import GoSources
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage

# What vet's own analysers say. Without a section nothing else tells vet's lines from those of other programs.
_WORDS = re.compile(
    r".{0,300}(?:format %|Printf format|formatting directive|passes lock by value|copies lock|unreachable code"
    r"|struct field tag|struct field \S{1,80} repeats|self-assignment|possible misuse of|unkeyed fields"
    r"|should have signature|result of .{1,100} call not used|is not used$|never used|lostcancel"
    r"|the cancel function|might be leaked|should be of the form|has malformed name|refers to unknown|loop variable"
    r"|captured by func literal|suspect or|suspect and|redundant or|redundant and|impossible |unusable|unused result"
    r"|using .{1,100} before checking for errors|unbuffered|call to .{1,60} from (?:a )?non-test goroutine"
    r"|WaitGroup\.|invalid struct tag|wrong type|missing argument|reads arg|call has|call needs|too small for shift"
    r"|\+build|go:build|misplaced|nil dereference|comparison of function|is always (?:true|false)|%w|newline"
    r"|conversion from .{1,60} to string|unmarshal|non-pointer|non-constant format string|deferr?ed|defer )"
)
_LINTER = re.compile(r".{0,2000}\([A-Za-z0-9_-]{2,40}\)$")
_SOURCE = re.compile(r"\d{1,9}\t")


class GoVetParser:
    """Reads vet's findings. What does not compile is the build parser's, also where vet reports it."""

    anchors: ClassVar[tuple[str, ...]] = (".go:",)

    def __init__(self, context: LogContext) -> None:
        self._sources = GoSources(context.repository)
        self._reader = SectionReader()
        self._findings: list[Finding] = []
        self._seen: set[tuple[str, int, int | None, str]] = set()

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        report, rest = self._reader.feed(number, line)
        if report is not None:
            self._report(report, number - 1)
        if rest and self._findings and rest[0].isdigit() and _SOURCE.match(rest) is not None:
            self._join(number, rest)

    def finish(self) -> Reading:
        """Say what was found."""
        report = self._reader.end()
        if report is not None:
            self._report(report, report.number)
        return Reading(tuple(self._findings), tuple(one.lines for one in self._findings))

    def _report(self, report: Report, last: int) -> None:
        if report.section == "build" or report.is_vet_prefixed or report.column is None or not report.message:
            return
        if report.section == "" and (_WORDS.match(report.message) is None or _LINTER.match(report.message) is not None):
            return
        file = self._sources.path(report.file)
        key = (file, report.line, report.column, report.message)
        if key in self._seen or len(self._findings) >= MAX_FINDINGS:
            return
        self._seen.add(key)
        failure = Failure(
            tool="go vet",
            message=report.text,
            file=file,
            line=report.line,
            column=report.column,
            excerpt=f"{file}:{report.line}:{report.column}: {report.text}"[:MAX_EXCERPT],
        )
        lines = (report.number, max(report.number, last))
        self._findings.append(Finding(failure, Category.LINT, Stage.LINT, lines, reason="go vet reports it"))

    def _join(self, number: int, line: str) -> None:
        """Join a line of source, as `go vet -c=N` prints them, to the finding before it."""
        before = self._findings[-1]
        if before.lines[1] < number - 1 or number - before.lines[0] > 20:
            return
        excerpt = f"{before.failure.excerpt}\n{line}"[:MAX_EXCERPT]
        failure = before.failure.model_copy(update={"excerpt": excerpt})
        lines = (before.lines[0], number)
        self._findings[-1] = Finding(failure, before.category, before.stage, lines, reason=before.reason)
