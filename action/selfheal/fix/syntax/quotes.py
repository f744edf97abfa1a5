"""Quotes: a string whose beginning or end is lost, a quote inside a string, a docstring that goes on."""

import re
from collections.abc import Iterator

from selfheal.fix.syntax.damage import Damage, Repair

_STOPS = frozenset(",)]}:+% ")
_CODE = re.compile(
    r"\s*(?:(?:def|class|return|import|from|if|for|while|with|try|raise|assert|async def|@\w)\b.*|@\w.*|self\.\w.*"
    r"|[\w.\[\]\"']+(?:, [\w.]+)* [-+*/|&]?= .*|[\w.]+\(.*\)?)$"
)
_TRIPLE = re.compile(r'"""|\'\'\'')
_MOST_LINES = 80


def unterminated(damage: Damage) -> Iterator[Repair]:
    """Close the string on its line, open it, or free the quote inside it."""
    line = damage.code_of(damage.line)
    start = damage.start_of(damage.line)
    at = damage.column - 1
    if at >= len(line):
        return
    at = next((i for i in range(at, len(line)) if line[i] in "'\""), at)
    quote = line[at]
    if quote not in "'\"":
        return
    yield from _close(damage, line, start, at, quote)
    yield from _open(damage, line, start, at, quote)
    yield from _close_earlier(damage, line, start, at)
    yield from _free_inner(damage, line, start, at, quote)
    what = f"take out the stray quote in line {damage.line}"
    yield damage.splice(start + at, start + at + 1, "", cost=2.6, what=what)


def _close(damage: Damage, line: str, start: int, at: int, quote: str) -> Iterator[Repair]:
    what = f"close the string in line {damage.line}"
    rest = line[at + 1 :]
    if line[at - 1 : at] == "\\":
        rest = line[at + 1 :]
    other = "'" if quote == '"' else '"'
    if rest.endswith(other):
        yield damage.splice(start + len(line) - 1, start + len(line), quote, cost=0.9, what=what)
    end = len(line.rstrip())
    tail = len(rest) - len(rest.rstrip(")]},: "))
    for place in range(at + 1, end + 1):
        following = line[place] if place < end else ""
        if place == end:
            cost = 1.0 if not tail else 2.2
        elif following not in _STOPS:
            continue
        elif line[place - 1] in " ,":
            continue
        else:
            in_tail = place >= end - tail
            first_tail = place == end - tail
            cost = 1.0 if first_tail else 1.6 if in_tail else 1.3 if following in ",]" else 1.7 if following in ":)}" else 2.4
        yield damage.splice(start + place, start + place, quote, cost=cost, what=what)


def _close_earlier(damage: Damage, line: str, start: int, at: int) -> Iterator[Repair]:
    """The quote that stays open is the last of the line, the one that was lost lies before it."""
    what = f"close the string in line {damage.line}"
    for number, char in enumerate(line[:at]):
        if char not in "'\"":
            continue
        stop = next((i for i in range(number + 1, at) if line[i] in ",)]}:=\"'"), None)
        if stop is not None and line[stop] not in "'\"" and stop > number + 1:
            yield damage.splice(start + stop, start + stop, char, cost=1.4, what=what)


def _open(damage: Damage, line: str, start: int, at: int, quote: str) -> Iterator[Repair]:
    """The quote found is the end of a string whose beginning is lost."""
    what = f"open the string in line {damage.line}"
    first = len(line) - len(line.lstrip())
    for place in range(at - 1, first - 1, -1):
        before = line[place - 1] if place else ""
        if line[place] == " " or before not in ("", " ", "(", "[", "{", "=", ",", ":", "+"):
            continue
        word = line[:place].rstrip().rpartition(" ")[2]
        is_start = before in "([{=" or word in ("return", "in", "==", "=", "+=", "!=", "import") or word.endswith((",", ":"))
        cost = 1.0 if is_start else 2.1
        yield damage.splice(start + place, start + place, quote, cost=cost, what=what)
        if before and before in "([{":
            break


def _free_inner(damage: Damage, line: str, start: int, at: int, quote: str) -> Iterator[Repair]:
    """`'don't'`: the quote in the middle of a word belongs to the string."""
    other = "'" if quote == '"' else '"'
    places = [i for i, char in enumerate(line[: at + 1]) if char == quote]
    what = f"the quote inside the string in line {damage.line} is part of it"
    for place in places:
        if not (line[place - 1 : place].isalnum() and line[place + 1 : place + 2].isalnum()):
            continue
        opened = max((i for i in places if i < place), default=-1)
        if opened >= 0 and other not in line[opened:at]:
            body = line[opened + 1 : at]
            yield damage.splice(start + opened, start + at + 1, f"{other}{body}{other}", cost=0.7, what=what)
        yield damage.splice(start + place, start + place, "\\", cost=0.9, what=what)


def triple(damage: Damage) -> Iterator[Repair]:
    """A triple-quoted string that has lost an end: closed where prose stops and code begins."""
    marks = [match for match in _TRIPLE.finditer(damage.text) if not _is_escaped(damage.text, match.start())]
    if len(marks) % 2 == 0:
        return
    for number, mark in enumerate(marks):
        if mark.start() > damage.offset + 3 and "unterminated" not in damage.message:
            break
        if number % 2 == 0:
            end = marks[number + 1].start() if number + 1 < len(marks) else len(damage.text)
            yield from _close_triple(damage, mark.start(), mark[0], end)
    yield from _open_triple(damage)
    for mark in marks:
        line = damage.text.count("\n", 0, mark.start()) + 1
        if abs(line - damage.line) <= 1 or "unterminated" in damage.message:
            what = f"take out the stray triple quote in line {line}"
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


def _close_triple(damage: Damage, opened: int, mark: str, end: int) -> Iterator[Repair]:
    first = damage.text.count("\n", 0, opened) + 1
    last = damage.text.count("\n", 0, end) + 1
    indent = damage.indent_of(first)
    what = "close the docstring that begins in line"
    head = damage.code_of(first)
    if head.strip() != mark and damage.line_after(first) <= len(damage.lines):
        at = damage.start_of(first) + len(head.rstrip())
        following = damage.code_of(first + 1)
        cost = 0.9 if not following.strip() or _CODE.match(following) else 1.8
        is_prose = not following.strip() and _is_prose(damage.code_of(damage.line_after(first)))
        yield damage.splice(at, at, mark, cost=cost + (1.2 if is_prose else 0), what=f"{what} {first}")
    for line in range(first + 1, min(last + 1, first + _MOST_LINES)):
        code = damage.code_of(line)
        if not code.strip() or len(damage.indent_of(line)) > len(indent) or _is_prose(code):
            continue
        before = damage.line_before_text(line)
        new = f"{indent}{mark}{damage.newline()}"
        yield damage.with_lines(before + 1, before, [new], cost=1.0, what=f"{what} {first}")
        return


def _open_triple(damage: Damage) -> Iterator[Repair]:
    for line in (damage.line, damage.line_before(damage.line)):
        code = damage.code_of(line)
        if not code.strip() or _TRIPLE.match(code.strip()):
            continue
        mark = next((m[0] for m in _TRIPLE.finditer(damage.text, damage.start_of(line))), None)
        if mark is None:
            continue
        at = damage.start_of(line) + len(damage.indent_of(line))
        what = f"open the docstring in line {line}"
        yield damage.splice(at, at, mark, cost=1.1, what=what)


def _is_prose(code: str) -> bool:
    return bool(code.strip()) and _CODE.match(code) is None


def _is_escaped(text: str, at: int) -> bool:
    return at > 0 and text[at - 1] == "\\"
