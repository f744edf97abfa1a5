"""coverage and pytest-cov: too little of the code was run."""

import re
from dataclasses import dataclass
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Reading, Stage

_TOTAL = re.compile(r"(?:ERROR: )?Coverage failure: (total of [\d.]{1,12} is less than fail-under=[\d.]{1,12})")
_PLUGIN = re.compile(r"FAIL (Required test coverage of [\d.]{1,12}% not reached.{0,80})")
_ROW = re.compile(
    r"(\S.{0,300}?) {2,400}(\d{1,9}) {1,20}(\d{1,9}) [ \d]{0,60}?(\d{1,3}(?:\.\d{1,9})?)%(?: {1,9}(\d.*))?$"
)
_NO_DATA = ("No data to report.", "No data to combine")
_MAX_FILES = 100


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    file: str
    missed: int
    missing: str

    @property
    def first_line(self) -> int | None:
        found = re.match(r"\d{1,9}", self.missing)
        return int(found.group()) if found is not None else None


class CoverageParser:
    """Reads the verdict and the table above it; one finding a file whose missing lines are shown."""

    anchors: ClassVar[tuple[str, ...]] = ("Coverage failure: ", "Required test coverage of", *_NO_DATA)

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._rows: list[_Row] = []
        self._in_table = False
        self._verdict: tuple[int, str] | None = None
        self._no_data: tuple[int, str] | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._in_table:
            self._row(number, line)
        elif line.startswith("Name ") and "Stmts" in line and "Cover" in line:
            self._in_table, self._rows = True, []
        if "verage" in line:
            found = _TOTAL.match(line) or (_PLUGIN.match(line) if self._verdict is None else None)
            if found is not None:
                self._verdict = (number, found.group(1))
        elif line in _NO_DATA:
            self._no_data = (number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        if self._verdict is None:
            return Reading((self._without_data(*self._no_data),)) if self._no_data is not None else Reading()
        number, message = self._verdict
        shown = sorted((row for row in self._rows if row.missing), key=lambda row: -row.missed)
        table = "\n".join(
            f"{row.file}: {row.missed} statements not run {row.missing}".strip() for row in self._rows if row.missed
        )
        if not shown:
            return Reading((self._finding((number, number), message, None, None, f"{message}\n{table}"),))
        return Reading(
            tuple(
                self._finding(
                    (number, number),
                    f"{message}: lines {row.missing} are not run",
                    row.file,
                    row.first_line,
                    f"{message}\n{row.file}: lines not run: {row.missing}" + (f"\n\n{table}" if not position else ""),
                )
                for position, row in enumerate(shown)
            )
        )

    def _row(self, number: int, line: str) -> None:
        if line.startswith(("TOTAL", "===")):
            self._in_table = False
        elif "%" in line and (row := _ROW.match(line)) is not None and len(self._rows) < _MAX_FILES:
            self._rows.append(_Row(number, row.group(1), int(row.group(3)), (row.group(5) or "").strip()[:300]))

    def _finding(
        self, lines: tuple[int, int], message: str, file: str | None, line: int | None, excerpt: str
    ) -> Finding:
        failure = Failure(
            tool="coverage",
            message=message,
            file=self._context.repository.name(file) if file is not None else None,
            line=line,
            code="fail-under",
            excerpt=excerpt[:MAX_EXCERPT].strip(),
        )
        # After everything that fails by itself: a failing test also lowers what is covered.
        return Finding(
            failure, Category.TEST, Stage.FORMAT, lines, reason="less code is tested than the threshold asks"
        )

    def _without_data(self, number: int, line: str) -> Finding:
        failure = Failure(tool="coverage", message=line, code="no-data", excerpt=line)
        return Finding(
            failure,
            Category.CONFIG,
            Stage.ENDING,
            (number, number),
            reason="coverage found nothing that was measured",
            advice="Run the tests under coverage before this step, and keep its data file between the steps.",
        )
