"""Indentation: a line too deep or not deep enough, tabs among spaces, a body that is missing."""

import re
from collections.abc import Iterator

from selfheal.fix.syntax.damage import Damage, Repair

_MOST_LINES = 60


def unexpected(damage: Damage) -> Iterator[Repair]:
    """A line is indented for no reason: bring it, and those that go with it, back; or its neighbour forth."""
    before = damage.line_before(damage.line)
    levels = _levels_above(damage, damage.line)
    for number, level in enumerate(levels):
        yield from _shifted(damage, level, cost=1.0 + 0.4 * number)
    if before and len(damage.indent_of(before)) < len(damage.indent_of(damage.line)):
        here = damage.indent_of(damage.line)
        first = before
        yield _reindented(damage, first, before, here, cost=1.2)
        while (above := damage.line_before(first)) and damage.indent_of(above) == damage.indent_of(before):
            first = above
            if damage.line - first > _MOST_LINES:
                return
            yield _reindented(damage, first, before, here, cost=1.8)


def unindent(damage: Damage) -> Iterator[Repair]:
    """A line's indentation is that of no block around it: bring it to the nearest one that is."""
    own = len(damage.indent_of(damage.line).expandtabs())
    levels = sorted(_levels_above(damage, damage.line), key=lambda level: abs(len(level.expandtabs()) - own))
    for number, level in enumerate(levels):
        yield from _shifted(damage, level, cost=1.0 + 0.4 * number)


def body(damage: Damage) -> Iterator[Repair]:
    """A head without its body: indent what follows, as much of it as belongs there; `pass` where nothing does."""
    head = damage.line_before(damage.line)
    said = re.search(r"on line (\d+)", damage.message)
    head = int(said[1]) if said else head
    if not head:
        return
    first = damage.line_after(max(head, damage.line - 1))
    unit = unit_of(damage)
    deeper = damage.indent_of(head) + unit
    ends = _block_ends(damage, first, head) if first <= len(damage.lines) else []
    for number, last in enumerate(ends):
        yield _reindented(damage, first, last, deeper, cost=1.0 + 0.3 * number)
    last_head = max(head, damage.line_before(first))
    new = f"{deeper}pass{damage.newline()}"
    if last_head and not damage.lines[last_head - 1].endswith("\n"):
        new = damage.newline() + new
    what = f"the block of line {head} is empty: `pass`"
    cost = 1.1 if not ends else 3.5
    yield damage.with_lines(last_head + 1, last_head, [new], cost=cost, what=what, needs_human=True)


def tabs(damage: Damage) -> Iterator[Repair]:
    """Tabs among spaces in the file's indentation: all of them in the way that most lines have it."""
    indents = [damage.indent_of(n) for n in range(1, len(damage.lines) + 1) if damage.code_of(n).strip()]
    tabbed = sum("\t" in indent for indent in indents)
    spaced = sum(" " in indent for indent in indents)
    unit = unit_of(damage)
    for width, cost in ((4, 1.0), (8, 1.1), (2, 1.5)):
        lines = [_expanded(line, width) for line in damage.lines]
        what = "the indentation mixes tabs and spaces: spaces throughout"
        yield Repair("".join(lines), cost + (0.5 if tabbed > spaced else 0), what)
    if tabbed >= spaced:
        wide = len(unit) if unit.startswith(" ") else 4
        lines = [_tabbed(line, wide) for line in damage.lines]
        yield Repair("".join(lines), 1.0, "the indentation mixes tabs and spaces: tabs throughout")


def outside(damage: Damage) -> Iterator[Repair]:
    """`return` outside a function, `break` outside a loop: the line belongs to the block above it."""
    own = damage.indent_of(damage.line)
    before = damage.line_before(damage.line)
    seen = 0
    while before and seen < 40:
        level = damage.indent_of(before)
        if len(level) > len(own):
            yield from _shifted(damage, level, cost=1.0 + 0.1 * seen)
            own = level
        before, seen = damage.line_before(before), seen + 1


def unit_of(damage: Damage) -> str:
    """One step of the file's indentation."""
    widths: dict[str, int] = {}
    last = ""
    for number in range(1, min(len(damage.lines), 2_000) + 1):
        if not damage.code_of(number).strip():
            continue
        indent = damage.indent_of(number)
        if indent.startswith(last) and len(indent) > len(last):
            step = indent[len(last) :]
            widths[step] = widths.get(step, 0) + 1
        last = indent
    likely = {step: times for step, times in widths.items() if step == "\t" or step in ("  ", "    ", "   ", " " * 8)}
    return max(likely, key=lambda step: likely[step]) if likely else "    "


def _levels_above(damage: Damage, line: int) -> list[str]:
    """The indentations that the line could have: of the line above and of each block around it, innermost first."""
    found: list[str] = []
    at = damage.line_before(line)
    deepest = None
    while at and line - at < 400:
        indent = damage.indent_of(at)
        if deepest is None or len(indent) < len(deepest):
            found.append(indent)
            deepest = indent
            if not indent:
                break
        at = damage.line_before(at)
    before = damage.line_before(line)
    if before and damage.code_of(before).rstrip().endswith(":"):
        found.insert(0, damage.indent_of(before) + unit_of(damage))
    return list(dict.fromkeys(found))


def _shifted(damage: Damage, level: str, *, cost: float) -> Iterator[Repair]:
    """The line at another level: with all that goes with it, and alone."""
    own = damage.indent_of(damage.line)
    if level == own:
        return
    last = damage.line
    at = damage.line_after(last)
    while at <= len(damage.lines) and at - damage.line < _MOST_LINES and len(damage.indent_of(at)) >= len(own) and own:
        last = at
        at = damage.line_after(at)
    together = _moved(damage, damage.line, last, own, level, cost=cost)
    yield together
    if last != damage.line:
        yield _moved(damage, damage.line, damage.line, own, level, cost=cost + 0.15)


def _moved(damage: Damage, first: int, last: int, own: str, level: str, *, cost: float) -> Repair:
    lines = [
        level + line[len(own) :] if line.startswith(own) and line.strip() else line
        for line in damage.lines[first - 1 : last]
    ]
    where = f"line {first}" if first == last else f"lines {first} to {last}"
    weight = min(0.02 * (last - first), 0.6)
    return damage.with_lines(first, last, lines, cost=cost + weight, what=f"{where} stood at the wrong indentation")


def _reindented(damage: Damage, first: int, last: int, level: str, *, cost: float) -> Repair:
    own = damage.indent_of(first)
    return _moved(damage, first, last, own, level, cost=cost)


def _block_ends(damage: Damage, first: int, head: int) -> list[int]:
    """Where the body that begins in `first` may end: the likeliest first."""
    own, outer = damage.indent_of(first), damage.indent_of(head)
    if len(own) < len(outer) or re.match(r"\s*(?:def|class|@|async def)", damage.code_of(first)):
        return []
    ends: list[int] = []
    last, at = first, damage.line_after(first)
    while at <= len(damage.lines) and at - first < _MOST_LINES:
        if len(damage.indent_of(at)) < len(own):
            break
        if damage.indent_of(at) == own:
            ends.append(last)
            if re.match(r"(?:def|class|@|async def|if __name__)", damage.code_of(at).lstrip()):
                break
        last, at = at, damage.line_after(at)
    else:
        ends.append(last)
    if last not in ends:
        ends.append(last)
    after = damage.line_after(ends[0])
    if after <= len(damage.lines) and len(damage.indent_of(after)) > len(own):
        return ends
    blank = next((end for end in ends if end + 1 <= len(damage.lines) and not damage.code_of(end + 1).strip()), None)
    return list(dict.fromkeys([ends[-1], *([blank] if blank else []), *ends]))


def _expanded(line: str, width: int) -> str:
    code = line.lstrip(" \t")
    indent = line[: len(line) - len(code)]
    return indent.expandtabs(width) + code if "\t" in indent else line


def _tabbed(line: str, width: int) -> str:
    code = line.lstrip(" \t")
    indent = line[: len(line) - len(code)]
    if " " not in indent:
        return line
    columns = len(indent.replace("\t", " " * width))
    return "\t" * (columns // width) + " " * (columns % width) + code
