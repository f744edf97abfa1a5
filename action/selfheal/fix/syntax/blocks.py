"""`try` without a handler, and decorators and clauses that have lost their partner."""

from collections.abc import Iterator

from selfheal.fix.syntax.damage import Damage, Repair

_MOST_LINES = 80


def handlerless(damage: Damage) -> Iterator[Repair]:
    """A `try` with no handler left does what its body does; what it was to catch nobody can tell, so a person looks."""
    line = damage.line_before(damage.line + (not damage.code_of(damage.line).strip()))
    while line and damage.code_of(line).strip() != "try:":
        line = damage.line_before(line)
    if not line or damage.line - line > _MOST_LINES:
        return
    outer = damage.indent_of(line)
    last, at = line, damage.line_after(line)
    while at <= len(damage.lines) and len(damage.indent_of(at)) > len(outer):
        last, at = at, damage.line_after(at)
    if last == line:
        return
    step = len(damage.indent_of(damage.line_after(line))) - len(outer)
    lines = [text[step:] if text[:step].isspace() else text for text in damage.lines[line:last]]
    what = f"the `try` of line {line} has no handler: its body stands for itself"
    yield damage.with_lines(line, last, lines, cost=4.5, what=what, needs_human=True)


def coroutine(damage: Damage) -> Iterator[Repair]:
    """`await` in a function that is not `async`."""
    at = damage.line
    own = len(damage.indent_of(at))
    while at := damage.line_before(at):
        if len(damage.indent_of(at)) < own and damage.code_of(at).lstrip().startswith("def "):
            place = damage.start_of(at) + len(damage.indent_of(at))
            what = f"the function of line {at} awaits, so it is `async`"
            yield damage.splice(place, place, "async ", cost=1.0, what=what, needs_human=True)
            return
        own = min(own, len(damage.indent_of(at)) or own)
