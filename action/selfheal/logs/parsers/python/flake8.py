"""flake8 and pycodestyle in their default format."""

from typing import ClassVar

from selfheal.logs.parsers.interface import MAX_FINDINGS, LogContext, Reading
from selfheal.logs.parsers.lint_finding import lint_finding
from selfheal.logs.parsers.python.coded_lines import CodedLine, is_ruffs_end, read_annotation, read_coded_line
from selfheal.logs.parsers.python.pylint import PYLINT_CODE, PYLINT_SYMBOL


class Flake8Parser:
    """Takes the coded lines that are neither ruff's nor pylint's."""

    anchors: ClassVar[tuple[str, ...]] = (".py:", ".pyi:", ".ipynb:", ".py\x1b[", "::error file=")

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._pending: list[CodedLine] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if is_ruffs_end(line):
            self._pending = []
            return
        coded = read_coded_line(number, line)
        if coded is None:
            coded = read_annotation(number, line)
            if coded is not None and PYLINT_CODE.match(coded.code) is not None:
                return
        if coded is not None and len(self._pending) < MAX_FINDINGS and not _is_pylints(coded):
            self._pending.append(coded)

    def finish(self) -> Reading:
        """Say what was found."""
        ruffs = sum(coded.is_ruffs for coded in self._pending)
        if ruffs and ruffs * 2 >= len(self._pending):
            return Reading()
        return Reading(
            tuple(
                lint_finding(
                    self._context,
                    tool="flake8",
                    number=coded.number,
                    file=coded.file,
                    line=coded.line,
                    column=coded.column,
                    code=coded.code,
                    message=coded.message,
                )
                for coded in self._pending
            )
        )


def _is_pylints(coded: CodedLine) -> bool:
    """True for a code of pylint's length before one of its names; flake8's E701 ends in a bracket too."""
    return PYLINT_CODE.match(coded.code) is not None and PYLINT_SYMBOL.search(coded.message[-80:]) is not None
