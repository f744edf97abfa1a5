"""Brackets: one that is missing, one too many, one of the wrong kind."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from selfheal.fix.syntax.damage import Damage, Repair
from selfheal.fix.syntax.tokens import BUILTINS, CLOSERS, OPENERS, Token

_REACH_LINES = 60
_REACH_PLACES = 80
_COMPARING = frozenset({
    "<", ">", "<=", ">=", "==", "!=", "in", "not", "is", "and", "or",
})  # fmt: skip


def unclosed(damage: Damage) -> Iterator[Repair]:
    """Close the bracket that stands open, where the indentation or the line's end tells, else further inside."""
    stack, _ = _stack(damage, until=None if "never closed" in damage.message else damage.line)
    said = damage.offset if "never closed" in damage.message else -1
    openers = [token for token in stack if token.start == said] or stack[-1:] + stack[:1]
    for opener in dict.fromkeys(openers):
        yield from _closings(damage, opener)
        yield from _without_double(damage, opener)


def unmatched(damage: Damage) -> Iterator[Repair]:
    """Take out the closing bracket that nothing opened, or open it."""
    _, culprit = _stack(damage, until=None)
    if culprit is None or culprit[0] is not None:
        return
    closer = culprit[1]
    yield damage.splice(
        closer.start, closer.end, "", cost=1.4, what=f"take out the superfluous `{closer.text}` in line {closer.line}"
    )
    yield from _openings(damage, closer)


def mismatched(damage: Damage) -> Iterator[Repair]:
    """A bracket is closed by one of another kind: close it first, or replace the wrong one."""
    stack, culprit = _stack(damage, until=None)
    if culprit is None or culprit[0] is None:
        return
    opener, closer = culprit[0], culprit[1]
    wanted = OPENERS[opener.text]
    is_open_below = any(OPENERS[token.text] == closer.text for token in stack[:-1])
    add = f"add the missing `{wanted}` in line"
    between = [t for t in damage.tokens if opener.start < t.start <= closer.start][-_REACH_PLACES:]
    before = damage.tokens[damage.tokens.index(closer) - 1]
    for token, following in pairwise(between):
        if token.ends_operand:
            is_last = token is before
            cost = (1.0 if is_last else 1.8 if following.text == "," else 2.2) + (0 if is_open_below else 1.5)
            yield damage.splice(token.end, token.end, wanted, cost=cost, what=f"{add} {token.line}")
    if before is opener:
        yield damage.splice(opener.end, opener.end, wanted, cost=1.2, what=f"{add} {opener.line}")
    swap = f"`{wanted}` closes the `{opener.text}` of line {opener.line}"
    yield damage.splice(closer.start, closer.end, wanted, cost=1.6 if is_open_below else 0.8, what=swap)
    fits = CLOSERS[closer.text]
    yield damage.splice(opener.start, opener.end, fits, cost=2.4, what=f"`{fits}` opens what line {closer.line} closes")
    drop = f"take out the superfluous `{closer.text}` in line {closer.line}"
    yield damage.splice(closer.start, closer.end, "", cost=1.5, what=drop)
    yield from _openings(damage, closer)


def lopsided(damage: Damage) -> Iterator[Repair]:
    """A line with a bracket too few, though the lines after it show that it is complete."""
    last = min(damage.line + 1, len(damage.lines))
    for line in range(last, max(last - _REACH_LINES, 0), -1):
        tokens = damage.tokens_in(line, line)
        if not tokens:
            continue
        stack, culprit = _stack_of(tokens)
        after = damage.line_after(line)
        deeper = after <= len(damage.lines) and len(damage.indent_of(after)) > len(damage.indent_of(line))
        if culprit is not None and tokens[0].text not in CLOSERS and culprit[0] is None:
            yield from _openings(damage, culprit[1])
        elif culprit is None and stack and not deeper and tokens[-1] is not stack[-1]:
            yield from _closings_in(damage, tokens, stack[-1])


def opener_lost(damage: Damage) -> Iterator[Repair]:
    """The lines of a bracket stand indented behind a line that should open it."""
    _, culprit = _stack(damage, until=None)
    if culprit is None or culprit[0] is not None or culprit[1].line < damage.line:
        return
    opener = CLOSERS[culprit[1].text]
    line = damage.line_before(damage.line)
    last = next((t for t in reversed(damage.tokens) if t.line == line), None)
    if last is not None:
        gap = " " if last.text in ("=", "return", "in", ",", ":") else ""
        yield damage.splice(
            last.end, last.end, gap + opener, cost=1.0, what=f"add the missing `{opener}` in line {line}"
        )


def expected_opener(damage: Damage) -> Iterator[Repair]:
    """`def` without its parentheses."""
    at = damage.offset
    for new in ("(", "()"):
        start = len(damage.text[:at].rstrip(" ")) if new == "(" else at
        yield damage.splice(start, at, new, cost=1.0, what=f"add the missing `{new}` in line {damage.line}")


def _closings_in(damage: Damage, tokens: list[Token], opener: Token) -> Iterator[Repair]:
    closer = OPENERS[opener.text]
    what = f"add the missing `{closer}` in line {opener.line}"
    inside = [token for token in tokens if token.start > opener.start]
    ends = [token for token in inside if token.ends_operand]
    for token in ends:
        following = next((t for t in inside if t.start > token.start), None)
        is_last = token is ends[-1]
        cost = 0.9 if is_last and (following is None or following.text in ",:") else 1.5
        yield damage.splice(token.end, token.end, closer, cost=cost, what=what)


def _stack(damage: Damage, *, until: int | None) -> tuple[list[Token], tuple[Token | None, Token] | None]:
    """The brackets open at a line, or at the first that does not match: with it, and what it met."""
    if until is None:
        return _stack_of(damage.tokens)
    return _stack_of(token for token in damage.tokens if token.line <= until)


def _stack_of(tokens: Iterable[Token]) -> tuple[list[Token], tuple[Token | None, Token] | None]:
    stack: list[Token] = []
    for token in tokens:
        if token.text in OPENERS and token.kind == "op":
            stack.append(token)
        elif token.text in CLOSERS and token.kind == "op":
            if not stack:
                return stack, (None, token)
            if OPENERS[stack[-1].text] != token.text:
                return stack, (stack[-1], token)
            stack.pop()
    return stack, None


def _closings(damage: Damage, opener: Token) -> Iterator[Repair]:
    closer = OPENERS[opener.text]
    what = f"add the missing `{closer}`"
    base = len(damage.indent_of(opener.line).expandtabs())
    inside = _inside(damage, opener, base)
    for number, token in enumerate(inside):
        following = inside[number + 1] if number + 1 < len(inside) else None
        if following is None and token.line > opener.line and _opens_alone(damage, opener):
            yield _on_own_line(damage, opener, token, closer)
        fits = token.ends_operand or token.text == "," or token.text == opener.text or token is opener
        if not fits or token.text == ",":
            continue
        cost = _cost(damage, token, following, opener)
        yield damage.splice(token.end, token.end, closer, cost=cost, what=f"{what} in line {token.line}")


def _inside(damage: Damage, opener: Token, base: int) -> list[Token]:
    """The tokens that may lie in the bracket: to the next statement that is not indented deeper."""
    found = []
    line = opener.line
    for token in damage.tokens:
        if token.start < opener.start:
            continue
        if token.line != line:
            line = token.line
            indent = len(damage.indent_of(line).expandtabs())
            if line > opener.line + _REACH_LINES or (indent <= base and token.text not in CLOSERS):
                break
        found.append(token)
    return found[:_REACH_PLACES]


def _opens_alone(damage: Damage, opener: Token) -> bool:
    return not any(token.line == opener.line and token.start > opener.start for token in damage.tokens)


def _on_own_line(damage: Damage, opener: Token, last: Token, closer: str) -> Repair:
    at = damage.start_of(last.line) + len(damage.code_of(last.line))
    colon = ":" if damage.code_of(opener.line).lstrip().startswith(("def ", "class ", "async def ")) else ""
    line = f"{damage.newline()}{damage.indent_of(opener.line)}{closer}{colon}"
    return damage.splice(at, at, line, cost=0.8, what=f"add the missing `{closer}` after line {last.line}")


def _cost(damage: Damage, token: Token, following: Token | None, opener: Token) -> float:
    ends_line = following is None or following.line > token.line
    ends_head = following is not None and following.text == ":" and _ends_line(damage, following)
    if ends_head or following is None:
        return 1.0
    if ends_line:
        return 1.3 if token.line == opener.line else 1.6
    if following.text in _COMPARING:
        return 1.5
    if following.text in CLOSERS or following.text in (",", "=", "for", "if", "."):
        return 1.9
    return 2.2 if token.line == opener.line else 2.6


def _ends_line(damage: Damage, token: Token) -> bool:
    rest = damage.text[token.end : damage.start_of(token.line + 1)].strip()
    return not rest or rest.startswith("#")


def _without_double(damage: Damage, opener: Token) -> Iterator[Repair]:
    at = damage.tokens.index(opener)
    neighbours = damage.tokens[max(at - 1, 0) : at] + damage.tokens[at + 1 : at + 2]
    cost = 1.4 if any(token.text == opener.text for token in neighbours) else 3.0
    what = f"take out the superfluous `{opener.text}` in line {opener.line}"
    yield damage.splice(opener.start, opener.end, "", cost=cost, what=what)


def _openings(damage: Damage, closer: Token) -> Iterator[Repair]:
    opener = CLOSERS[closer.text]
    what = f"add the missing `{opener}` in line {closer.line}"
    before = [t for t in damage.tokens if t.line == closer.line and t.start < closer.start]
    yield from _split_name(damage, before, opener, what)
    for number, token in enumerate(before):
        following = before[number + 1] if number + 1 < len(before) else closer
        gap = damage.text[token.end : following.start]
        if token.kind == "name" and gap and following.begins_operand:
            cost = 1.2 if opener != "{" else 2.0
            yield damage.splice(token.end, following.start, opener, cost=cost, what=what)
        if token.text in ("=", ",", "return", "in", ":") or token.text in OPENERS:
            yield damage.splice(following.start, following.start, opener, cost=1.5, what=what)
        elif token.kind == "name" and following.kind != "op":
            yield damage.splice(token.end, token.end, opener, cost=2.2, what=what)
        elif token.kind == "name":
            cost = 1.3 if following is closer else 2.4
            yield damage.splice(token.end, token.end, opener, cost=cost, what=what)
    if not before and (line := damage.line_before(closer.line)):
        last = next((t for t in reversed(damage.tokens) if t.line == line), None)
        if last is not None:
            yield damage.splice(last.end, last.end, opener, cost=1.6, what=what)


def _split_name(damage: Damage, before: list[Token], opener: str, what: str) -> Iterator[Repair]:
    """`lenitems)` was `len(items)`: both halves are names that the file, or Python, knows."""
    known = {token.text for token in damage.tokens if token.kind == "name"} | BUILTINS
    for token in before:
        if token.kind != "name" or len(token.text) < 3:
            continue
        for cut in range(len(token.text) - 1, 0, -1):
            head, tail = token.text[:cut], token.text[cut:]
            knows_tail = tail in known or tail.isdigit()
            if head.isidentifier() and (knows_tail or head in known):
                at = token.start + cut
                cost = 0.9 + 0.01 * len(tail) if knows_tail and head in known else 1.7 + 0.02 * len(tail)
                yield damage.splice(at, at, opener, cost=cost, what=what)
