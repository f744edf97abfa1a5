"""Checkers that run as pytest's items, pytest-mypy and pytest-ruff: their blocks hold the checker's own output."""

from collections.abc import Sequence

from selfheal.logs.parsers.interface import Finding, LogContext
from selfheal.logs.parsers.python.mypy import MypyParser
from selfheal.logs.parsers.python.ruff import RuffParser


def is_status_of_checker(title: str, lines: Sequence[str]) -> bool:
    """True for the item with which pytest-mypy says once more that there were errors."""
    return title == "test session" and any(line.startswith("mypy exited with status ") for line in lines[:3])


def read_checker(context: LogContext, title: str, first: int, lines: Sequence[str]) -> tuple[Finding, ...]:
    """The checker's findings in a block of that title, or none."""
    if title.startswith("[mypy] "):
        mypy = MypyParser(context)
        file = title.removeprefix("[mypy] ")
        for number, line in enumerate(lines, start=first + 1):
            mypy.feed(number, f"{file}:{line}" if line[:1].isdigit() else line)
        return mypy.finish().findings
    if title == "test session" and any(line.startswith(" --> ") for line in lines):
        ruff = RuffParser(context)
        for number, line in enumerate(lines, start=first + 1):
            ruff.feed(number, line)
        return ruff.finish().findings
    return ()
