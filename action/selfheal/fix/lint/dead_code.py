"""Code that stands in a comment: version control keeps it."""

import re

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Source

_KEPT = re.compile(r"#\s*(?:noqa|type:|pragma|pylint:|ruff:|fmt:|mypy:|region|endregion|TODO|FIXME|XXX|[-=#!])")

_MOST_LINES = 20


def _commented(spot: Spot) -> tuple[Rewrite, ...]:
    """The line goes; behind code, the comment alone."""
    source, number = spot.source, spot.finding.line
    text = source.line(number)
    at = source.place(number, spot.finding.column)
    end = source.line_start(number) + len(text.encode())
    comment = source.between(at, end)
    if not comment.lstrip().startswith("#") or _KEPT.match(comment.lstrip()):
        return ()
    why = "code in a comment goes: version control keeps it"
    head = source.between(source.line_start(number), at)
    if not head.strip() and text.lstrip().startswith("#"):
        last = _last_line(source, number)
        return (Rewrite((source.splice(source.line_start(number), source.line_start(last + 1), ""),), why),)
    start = at - len(head.encode()) + len(head.rstrip().encode())
    return (Rewrite((source.splice(start, end, ""),), why),)


def _last_line(source: Source, number: int) -> int:
    """The line on which a statement that began in a comment closes its brackets; its own where none does."""
    depth = 0
    for line in range(number, number + _MOST_LINES):
        text = source.line(line).lstrip()
        if not text.startswith("#"):
            return number
        depth += sum((sign in "([{") - (sign in ")]}") for sign in text)
        if depth <= 0:
            return line
    return number


RULES: tuple[Rule, ...] = (rule("ERA001 E800", _commented),)
