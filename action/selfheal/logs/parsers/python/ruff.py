"""ruff check, in all its output formats."""

import html
import re
from typing import ClassVar

from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading
from selfheal.logs.parsers.lint_finding import lint_finding
from selfheal.logs.parsers.python import ruff_json
from selfheal.logs.parsers.python.coded_lines import CodedLine, is_ruffs_end, read_coded_line

_FULL = re.compile(r"(?:([A-Z]{1,10}\d{1,5})|(invalid-syntax)|([a-z]+(?:-[a-z]+)+)):? (\[\*\] )?(\S.*)$")
_ARROW = re.compile(r" {1,8}--> ((?:[A-Za-z]:)?[^:]{1,500}):(\d{1,9}):(\d{1,9})$")
_GROUP = re.compile(r"(\S[^:]{0,500}\.(?:pyi?|ipynb|toml)):$")
_GROUPED = re.compile(r" {1,12}(\d{1,9}):(\d{1,9}) {1,8}(?:([A-Z]{1,10}\d{1,5})|(invalid-syntax)):? (.*)$")
_GITHUB = re.compile(
    r"::(?:error|warning) title=[Rr]uff \(([^)]{1,60})\),file=([^,]{1,1000}),"
    r"line=(\d{1,9}),(?:col=(\d{1,9}),)?[^:]{0,80}::(.*)$"
)
_AZURE = re.compile(
    r"##vso\[task\.logissue type=\w{1,10};sourcepath=([^;]{1,1000});linenumber=(\d{1,9});columnnumber=(\d{1,9});"
    r"code=([^;\]]{1,60});\](.*)$"
)
_JUNIT_FILE = re.compile(r"\s{0,12}<testsuite name=\"([^\"]{1,1000})\".{0,200}package=\"org\.ruff\"")
_JUNIT_CASE = re.compile(
    r"\s{0,16}<testcase name=\"org\.ruff\.([\w-]{1,60})\".{0,1200} line=\"(\d{1,9})\" column=\"(\d{1,9})\""
)
_JUNIT_SAID = re.compile(r"\s{0,20}<failure message=\"([^\"]{0,2000})\"")
_FORMATTER = ("unformatted",)


class RuffParser:
    """Reads ruff's reports; lines that flake8 writes too are ruff's when ruff's last line follows."""

    anchors: ClassVar[tuple[str, ...]] = (
        "-->",
        ".py:",
        ".pyi:",
        ".ipynb:",
        '"filename"',
        "::error title=",
        '"fingerprint"',
        "Found ",
        "##vso[",
        "org.ruff",
        '"ruff"',
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._pending: list[CodedLine] = []
        self._title: re.Match[str] | None = None
        self._group: str | None = None
        self._json = ruff_json.JsonCollector()
        self._suite = ""
        self._case: re.Match[str] | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        for entry in self._json.feed(line):
            self._report(number, *entry)
        coded = read_coded_line(number, line)
        if coded is not None:
            if len(self._pending) < MAX_FINDINGS:
                self._pending.append(coded)
            return
        if is_ruffs_end(line):
            self._settle(all_of_them=True)
        elif (arrow := _ARROW.match(line)) is not None:
            self._arrow(number, arrow)
        elif line.startswith("::") and (mark := _GITHUB.match(line)) is not None:
            self._github(number, mark)
        elif line.startswith("##vso") and (issue := _AZURE.match(line)) is not None:
            place = issue.group(1), int(issue.group(2)), int(issue.group(3))
            self._report(number, *place, issue.group(4), issue.group(5))
        elif "<" in line[:20]:
            self._junit(number, line)
        elif (group := _GROUP.match(line)) is not None:
            self._group = group.group(1)
        elif self._group is not None and (entry_line := _GROUPED.match(line)) is not None:
            code = entry_line.group(3) or "invalid-syntax"
            place = self._group, int(entry_line.group(1)), int(entry_line.group(2))
            self._report(number, *place, code, entry_line.group(5))
        elif not line:
            self._group = None
        self._title = _FULL.match(line)

    def finish(self) -> Reading:
        """Say what was found."""
        self._settle(all_of_them=False)
        return Reading(tuple(self._findings))

    def _arrow(self, number: int, arrow: re.Match[str]) -> None:
        title = self._title
        if title is None or title.group(3) in _FORMATTER:
            return
        code = title.group(1) or title.group(2) or title.group(3)
        self._report(number, arrow.group(1), int(arrow.group(2)), int(arrow.group(3)), code, title.group(5))

    def _github(self, number: int, mark: re.Match[str]) -> None:
        message = mark.group(5).partition("%0A")[0]
        coded = read_coded_line(number, message)
        column = int(mark.group(4)) if mark.group(4) else None
        text = coded.message if coded is not None else message
        self._report(number, mark.group(2), int(mark.group(3)), column, mark.group(1), text)

    def _junit(self, number: int, line: str) -> None:
        if (suite := _JUNIT_FILE.match(line)) is not None:
            self._suite = suite.group(1)
        elif (case := _JUNIT_CASE.match(line)) is not None:
            self._case = case
        elif self._suite and self._case is not None and (said := _JUNIT_SAID.match(line)) is not None:
            case, self._case = self._case, None
            place = self._suite, int(case.group(2)), int(case.group(3))
            self._report(number, *place, case.group(1), html.unescape(said.group(1)))

    def _settle(self, *, all_of_them: bool) -> None:
        share = sum(coded.is_ruffs for coded in self._pending)
        # flake8 too quotes with backticks, now and then: without ruff's last line, most lines must sound like ruff.
        ours = self._pending if all_of_them or (share and share * 2 >= len(self._pending)) else []
        self._pending = []
        for coded in ours:
            self._report(coded.number, coded.file, coded.line, coded.column, coded.code, coded.message)

    def _report(self, number: int, file: str, line: int | None, column: int | None, code: str, message: str) -> None:
        if len(self._findings) >= MAX_FINDINGS:
            return
        text = message.removeprefix("[*] ")
        self._findings.append(
            lint_finding(
                self._context, tool="ruff", number=number, file=file, line=line, column=column, code=code, message=text
            )
        )
