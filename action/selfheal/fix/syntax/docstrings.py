"""Triple-quoted strings that have lost an end: prose and code tell where it stood."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from selfheal.fix.syntax.damage import Damage, Repair

_TRIPLE = re.compile(r'"""|\'\'\'')
_HEAD = re.compile(r"(?:(?:async )?def|class|@\w|if|for|while|with|try|else|elif|except|finally)\b.*[:(,]$|@\w[\w.]*")
_OPENING_LINE = re.compile(r".*[(\[{]$|[)\]}]")
_MOST_LINES = 150
_MOST_MARKS = 60
_MOST_ENDS = 4


def triple(damage: Damage) -> Iterator[Repair]:
    """Close the string where prose stops and code begins, or open it where prose begins."""
    marks = [match for match in _TRIPLE.finditer(damage.text) if damage.text[match.start() - 1 : match.start()] != "\\"]
    if len(marks) % 2 == 0:
        return
    # Behind the lost mark all others are read the wrong way round: the string that seems to open last before the
    # error, or one of those before it, is the damaged one.
    before = [n for n in range(0, len(marks), 2) if marks[n].start() <= damage.offset + 3]
    for far, number in enumerate(reversed(before[-_MOST_MARKS:])):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(damage.text)
        yield from _closed(damage, marks[number], end, far)
        yield from _opened(damage, marks[number], far)
    later = [n for n in range(0, len(marks), 2) if marks[n].start() > damage.offset + 3]
    for number in later[:1]:
        yield from _opened(damage, marks[number], 0)
    nearest = sorted(marks, key=lambda mark: abs(mark.start() - damage.offset))[:4]
    for mark in nearest:
        what = f"take out the stray triple quote in line {_line_of(damage, mark.start())}"
        yield damage.splice(mark.start(), mark.end(), "", cost=4.0, what=what)


def half_triple(damage: Damage) -> Iterator[Repair]:
    '''`"""text""` and `""text"""`: one quote of three is lost.'''
    for line in range(max(damage.line - 1, 1), damage.line + 2):
        code, start = damage.code_of(line), damage.start_of(line)
        for match in re.finditer(r"(?<!['\"])(\"\"|'')(?!['\"])", code):
            what = f"complete the triple quote in line {line}"
            at = start + match.end()
            yield damage.splice(at, at, match[1][0], cost=1.3, what=what)
    if "unterminated triple" in damage.message:
        for match in re.finditer(r"(?<!['\"])(\"\"|'')(?=\s*$)", damage.text, re.MULTILINE):
            line = damage.text.count("\n", 0, match.end()) + 1
            what = f"complete the triple quote in line {line}"
            yield damage.splice(match.end(), match.end(), match[1][0], cost=0.9, what=what)


def _closed(damage: Damage, mark: re.Match[str], end: int, far: int) -> Iterator[Repair]:
    """The mark opens, and its string runs into code: close it in front of that."""
    first, last = _line_of(damage, mark.start()), _line_of(damage, end)
    indent = damage.indent_of(first)
    head = damage.code_of(first)
    what = f"close the string that begins in line {first}"
    cost = 1.0 + 0.02 * far
    if head.strip() != mark[0] and mark.end() < damage.start_of(first) + len(head.rstrip()):
        at = damage.start_of(first) + len(head.rstrip())
        after = damage.line_after(first)
        is_short = not is_prose(damage.code_of(after)) or after > len(damage.lines)
        yield damage.splice(at, at, mark[0], cost=cost + (0.0 if is_short else 1.5), what=what)
    ends = 0
    for line in range(first + 1, min(last, first + _MOST_LINES, len(damage.lines)) + 1):
        code = damage.code_of(line)
        if not code.strip() or is_prose(code) or len(damage.indent_of(line)) > len(indent):
            continue
        before = damage.line_before_text(line)
        if before <= first and head.strip() != mark[0]:
            continue
        new = f"{indent}{mark[0]}{damage.newline()}"
        gap = before + 1
        is_blank_left = damage.code_of(gap) == indent and indent != "" and gap < line
        yield damage.with_lines(gap, gap if is_blank_left else before, [new], cost=cost + 0.1 + 0.3 * ends, what=what)
        ends += 1
        if ends == _MOST_ENDS:
            return


def _opened(damage: Damage, mark: re.Match[str], far: int) -> Iterator[Repair]:
    """The mark closes, and nothing opened its string: open it where the prose above it begins."""
    last = _line_of(damage, mark.start())
    own = damage.text[damage.start_of(last) : mark.start()]
    places: list[int] = [last] if own.strip() else []
    line = last - 1
    while line > 0 and last - line < _MOST_LINES:
        code = damage.code_of(line)
        if code.strip() and not is_prose(code) and (code.rstrip().endswith(":") or len(places) > _MOST_ENDS):
            break
        if code.strip() and (not is_prose(damage.code_of(line - 1)) or not damage.code_of(line - 1).strip()):
            places.append(line)
        line -= 1
    is_headed = line > 0 and damage.code_of(line).rstrip().endswith(":")
    ordered = list(reversed(places)) if is_headed else places
    for number, place in enumerate(dict.fromkeys(ordered)):
        what = f"open the string in line {place}"
        cost = 1.0 + 0.02 * far + 0.3 * number
        above = damage.code_of(place - 1)
        if above and not above.strip() and damage.code_of(place - 2).rstrip().endswith(":"):
            yield damage.splice(
                damage.start_of(place - 1),
                damage.start_of(place - 1) + len(above),
                damage.indent_of(place) + mark[0],
                cost=cost,
                what=what,
            )
        at = damage.start_of(place) + len(damage.indent_of(place))
        yield damage.splice(at, at, mark[0], cost=cost + 0.05, what=what)


def is_prose(code: str) -> bool:
    """Tell whether a line is no code: what parses, and what begins a statement, is code."""
    stripped = code.strip()
    return bool(stripped) and not stripped.startswith("#") and not _is_code(stripped)


@lru_cache(maxsize=4096)
def _is_code(stripped: str) -> bool:
    if _HEAD.fullmatch(stripped) or _OPENING_LINE.match(stripped):
        return True
    try:
        body = ast.parse(f"{stripped}\n    pass" if stripped.endswith(":") else stripped).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return not all(
        isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call | ast.Await | ast.Yield) for node in body
    )


def _line_of(damage: Damage, offset: int) -> int:
    return damage.text.count("\n", 0, offset) + 1
