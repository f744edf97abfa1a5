"""Quotes: a string whose beginning or end is lost, a quote inside a string."""

from collections.abc import Iterator

from selfheal.fix.syntax.damage import Damage, Repair

_STOPS = frozenset(",)]}:+% ")


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
    other = "'" if quote == '"' else '"'
    if rest.endswith(other):
        yield damage.splice(start + len(line) - 1, start + len(line), quote, cost=0.9, what=what)
    end = len(line.rstrip())
    tail = len(rest) - len(rest.rstrip(")]},: "))
    for place in range(at + 1, end + 1):
        following = line[place] if place < end else ""
        if place == end:
            cost = 1.0 if not tail else 2.2
        elif following not in _STOPS or line[place - 1] in " ,":
            continue
        else:
            in_tail = place >= end - tail
            first_tail = place == end - tail
            cost = (
                1.0
                if first_tail
                else 1.6
                if in_tail
                else 1.3
                if following in ",]"
                else 1.7
                if following in ":)}"
                else 2.4
            )
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
        is_start = (
            before in "([{=" or word in ("return", "in", "==", "=", "+=", "!=", "import") or word.endswith((",", ":"))
        )
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
