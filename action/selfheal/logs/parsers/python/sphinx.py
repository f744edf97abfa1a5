"""Sphinx: warnings that fail the build, broken configuration and extensions, documented examples."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.python.sphinx_crash import CRASH, Crash

_WARNING = re.compile(
    r"(?:((?:[A-Za-z]:)?[^:]{1,500}?)(?::docstring of ([\w.]{1,300}))?:(?:(\d{1,9}|<autosummary>|None):)? ?)?"
    r"(WARNING|ERROR|CRITICAL|SEVERE): (\S.*)$"
)
_OLD = re.compile(r"((?:[A-Za-z]:)?[^:]{1,500}?)(?::docstring of ([\w.]{1,300}))?:(\d{1,9}):(?:WARNING: )?(\S.*)$")
_KIND = re.compile(r" \[([a-z_]{1,40}(?:\.[\w:-]{1,60})?)\]$")
_MISSING = re.compile(r"No module named '([\w.]{1,200})'")
_DOCUMENTED = re.compile(r"autodoc: failed to import .{0,300}?module '([\w.]{1,200})'")
_EXAMPLE = re.compile(r"File \"([^\"]{1,300})\", line (\d{1,9}|\?+), in (.{1,200})$")
_TREATED = "(with warnings treated as errors)"
_BLOCK = 60
_INVENTORY = "intersphinx inventory "
_UNREACHED = re.compile(r"NameResolution|ConnectionError|ConnectTimeout|Timeout|Max retries|\b50[234] ")
_DOCUMENTS = (".rst", ".md", ".txt", ".ipynb", ".inc")
_RUNNING = (
    "looking for now-outdated",
    "writing output",
    "pickling environment",
    "build ",
    "building [",
    "generating indices",
    "checking ",
)


class SphinxParser:
    """Keeps warnings until the log shows that they failed the build."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Running Sphinx",
        ".rst:",
        ".md:",
        "docstring of ",
        "Warning, treated as error",
        "treated as errors",
        "onfiguration error",
        "xtension error",
        "heme error",
        "Exception occurred:",
        "sphinx",
        "Failed example:",
        "autodoc: failed to import",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._warnings: list[Finding] = []
        self._findings: list[Finding] = []
        self._claimed: list[tuple[int, int]] = []
        self._open: tuple[int, re.Match[str], bool] | None = None
        self._block: list[str] = []
        self._crash: Crash | None = None
        self._example: tuple[int, re.Match[str]] | None = None
        self._is_treated = self._is_clean = self._is_next_old = self._is_sphinx = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._crash is not None:
            if not self._crash.feed(number, line):
                self._end_crash()
            return
        if self._open is not None and self._goes_on(line):
            self._block.append(line)
            return
        self._close(number - 1)
        if line.startswith("Running Sphinx"):
            self._is_sphinx = True
        elif _TREATED in line:
            self._is_treated = True
        elif line.startswith("build succeeded"):
            self._is_clean = True
        elif line == "Warning, treated as error:":
            self._is_next_old = True
        elif self._is_next_old:
            self._is_next_old = False
            self._start(number, _WARNING.match(line) or _OLD.match(line), is_error=True)
        elif line.endswith(("!", ":")) and (title := CRASH.match(line)) is not None:
            self._crash = Crash(self._context, number, title)
        elif ("WARNING: " in line or "ERROR: " in line or "CRITICAL: " in line) and (found := _WARNING.match(line)):
            self._start(number, found if self._is_ours(found) else None, is_error=False)
        elif self._is_sphinx and line.startswith('File "') and (example := _EXAMPLE.match(line)) is not None:
            self._example, self._block = (number, example), []
            self._open = (number, example, False)

    def finish(self) -> Reading:
        """Say what was found."""
        self._close(0)
        self._end_crash()
        is_failing = self._is_treated or (not self._is_clean and self._context.exit_code != 0)
        warnings = self._warnings if is_failing else []
        lines = [finding.lines for finding in warnings]
        return Reading((*self._findings, *warnings), (*self._claimed, *lines))

    def _start(self, number: int, found: re.Match[str] | None, *, is_error: bool) -> None:
        if found is not None:
            self._open, self._block = (number, found, is_error), []

    def _is_ours(self, found: re.Match[str]) -> bool:
        """Other tools write `WARNING: ` too: a warning is Sphinx's about a document, or while Sphinx runs."""
        file = found.group(1) or ""
        is_document = bool(found.group(3)) and file.endswith(_DOCUMENTS)
        is_documented = found.group(5).startswith("autodoc: failed to import")
        return self._is_sphinx or found.group(2) is not None or is_document or is_documented

    def _goes_on(self, line: str) -> bool:
        """A warning's text goes on to its kind in brackets, an example's to the next rule of stars."""
        if self._open is None or len(self._block) >= _BLOCK:
            return False
        if self._example is not None:
            return not line.startswith("*****")
        text = self._block[-1] if self._block else self._open[1].group(self._open[1].lastindex or 0)
        if _KIND.search(text) is not None or line.startswith(_RUNNING) or _WARNING.match(line) is not None:
            return False
        return (
            bool(self._block)
            or not line.strip()
            or text.endswith(":")
            or line.startswith(("Traceback ", " ", ".. ", _INVENTORY))
        )

    def _close(self, last: int) -> None:
        if self._open is None:
            return
        (number, found, is_error), self._open = self._open, None
        example, self._example = self._example, None
        if example is not None:
            self._documented(number, found, last)
            return
        groups = found.groups()
        text = "\n".join((groups[-1], *self._block)).strip()
        kind = _KIND.search(text)
        message = text[: kind.start()].strip() if kind is not None else groups[-1]
        headline = message.split("\n")[0]
        missing = _MISSING.search(message)
        top = missing.group(1).partition(".")[0] if missing is not None else ""
        documented = _DOCUMENTED.search(headline)
        # The very module that a page documents is no dependency: the page names it wrongly.
        is_named = documented is not None and documented.group(1).partition(".")[0] == top
        is_foreign = bool(top) and not is_named and not self._context.repository.has_module(top)
        where = f" (line {groups[2]} of the docstring of {groups[1]})" if groups[1] else ""
        line = int(groups[2]) if groups[2] and groups[2].isdigit() and not groups[1] else None
        name = self._context.repository.name(groups[0]) if groups[0] else None
        failure = Failure(
            tool="sphinx",
            message=f"{headline}{where}",
            file=name,
            line=line,
            code=kind.group(1) if kind is not None else None,
            excerpt=f"{name or ''}:{groups[2] or ''}: {message}{where}"[:MAX_EXCERPT],
        )
        category, reason = Category.DEPENDENCY if is_foreign else Category.BUILD, "Sphinx treats warnings as errors"
        if _INVENTORY in text and _UNREACHED.search(text) is not None:
            category, reason = Category.INFRA, "another project's documentation can't be reached"
        finding = Finding(failure, category, Stage.LINT, (number, max(number, last)), reason=reason)
        if len(self._warnings) < MAX_FINDINGS:
            self._warnings.append(finding)
        self._is_treated = self._is_treated or is_error

    def _documented(self, number: int, found: re.Match[str], last: int) -> None:
        line = int(found.group(2)) if found.group(2).isdigit() else None
        said = "\n".join(self._block).strip()
        failure = Failure(
            tool="sphinx",
            message=f"the documented example does not print what it should\n{said}"[:2_000],
            file=self._context.repository.name(found.group(1)),
            line=line,
            code="doctest",
            excerpt=said[:MAX_EXCERPT],
        )
        if len(self._findings) < MAX_FINDINGS:
            span = (number, max(number, last))
            self._findings.append(Finding(failure, Category.TEST, Stage.RUN, span, reason="a documented example fails"))

    def _end_crash(self) -> None:
        crash, self._crash = self._crash, None
        if crash is not None:
            self._findings.append(crash.finding())
            self._claimed.append(self._findings[-1].lines)
