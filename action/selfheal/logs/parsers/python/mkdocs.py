"""MkDocs: warnings that fail a strict build, and a configuration that it refuses."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage

_LINE = re.compile(r"(WARNING|ERROR) {1,6}- {1,4}(\S.{0,900})$")
_PAGE = re.compile(r"Doc file '([^']{1,300})'|page '([^']{1,300})'")
_NAV = re.compile(r"(?:A reference to|The following).{1,400}'nav' configuration")
_VALUE = re.compile(r"Config value '([^']{1,100})'")
_BROKEN = re.compile(r"Error: MkDocs encountered an error parsing the configuration file: (.{1,500})$")
_PLACE = re.compile(r"\s+in \"([^\"]{1,300})\", line (\d{1,9}), column (\d{1,9})")
_KINDS = (
    (re.compile(r"does not contain an anchor"), "anchor"),
    (re.compile(r"contains a(?:n? \w+)? link"), "link"),
    (_NAV, "nav"),
    (_VALUE, "config"),
    (re.compile(r"Error building page|Error reading page"), "page"),
)


class MkdocsParser:
    """Keeps warnings until the log shows that they stopped the build."""

    anchors: ClassVar[tuple[str, ...]] = (
        "in strict mode!",
        "with a configuration error",
        "with a BuildError",
        "MkDocs encountered an error",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._warnings: list[Finding] = []
        self._broken: tuple[int, str] | None = None
        self._is_aborted = False
        self._findings: list[Finding] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._broken is not None and (place := _PLACE.match(line)) is not None:
            self._end_broken(number, place)
        elif "Aborted with " in line:
            self._is_aborted = True
        elif (broken := _BROKEN.match(line)) is not None:
            self._broken = (number, broken.group(1))
        elif (found := _LINE.search(line)) is not None and len(self._warnings) < MAX_FINDINGS:
            self._warnings.append(self._finding(number, found.group(2)))

    def finish(self) -> Reading:
        """Say what was found."""
        if self._broken is not None:
            self._end_broken(self._broken[0], None)
        findings = (*self._findings, *(self._warnings if self._is_aborted else ()))
        return Reading(findings, tuple(finding.lines for finding in findings))

    def _finding(self, number: int, message: str) -> Finding:
        code = next((code for pattern, code in _KINDS if pattern.search(message)), None)
        is_config = code == "config"
        page = _PAGE.search(message)
        file = self._page(page.group(1) or page.group(2)) if page is not None else None
        if code in ("nav", "config"):
            file = self._context.repository.name("mkdocs.yml")
        failure = Failure(tool="mkdocs", message=message, file=file, code=code, excerpt=message[:MAX_EXCERPT])
        reason = "MkDocs refuses its configuration" if is_config else "MkDocs builds strictly"
        category, stage = (Category.CONFIG, Stage.COLLECTION) if is_config else (Category.BUILD, Stage.LINT)
        return Finding(failure, category, stage, (number, number), reason=reason)

    def _page(self, name: str) -> str:
        """The page's path in the repository: MkDocs names it from its folder of documents."""
        return self._context.repository.name(f"docs/{name}")

    def _end_broken(self, number: int, place: re.Match[str] | None) -> None:
        (first, message), self._broken = self._broken or (0, ""), None
        failure = Failure(
            tool="mkdocs",
            message=message,
            file=self._context.repository.name(place.group(1) if place is not None else "mkdocs.yml"),
            line=int(place.group(2)) if place is not None else None,
            column=int(place.group(3)) if place is not None else None,
            code="config",
            excerpt=message[:MAX_EXCERPT],
        )
        reason = "MkDocs can't read its configuration"
        self._findings.append(Finding(failure, Category.CONFIG, Stage.SYNTAX, (first, number), reason=reason))
