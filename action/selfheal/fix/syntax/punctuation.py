"""Colons, commas and operators between two things that stand side by side."""

import re
from collections.abc import Iterator
from itertools import pairwise

from selfheal.fix.syntax.damage import Damage, Repair
from selfheal.fix.syntax.tokens import CLOSERS, OPENERS

_REACH_LINES = 12
"""A missing comma is told where the first of the two expressions begins, which may be long."""
_HEAD = re.compile(
    r"\s*(?:(?:async\s+)?(?:def|for|with)|class|if|elif|else|while|try|except|finally|match|case)\b(?!.*:\s*(?:#.*)?$)"
)


def colon(damage: Damage) -> Iterator[Repair]:
    """Put the colon where the parser misses it, at the end of the head, or in place of what stands there."""
    what = f"add the missing `:` in line {damage.line}"
    if "expected ':'" in damage.message or "':' expected" in damage.message:
        at = len(damage.text[: damage.offset].rstrip(" ")) if "dictionary" not in damage.message else damage.offset
        yield damage.splice(at, at, ":", cost=1.2, what=what)
        if damage.text[damage.offset : damage.offset + 1] in (";", ",", ".", "{", "="):
            yield damage.splice(damage.offset, damage.offset + 1, ":", cost=0.9, what=what)
        if "dictionary" in damage.message:
            last = next((t for t in reversed(damage.tokens) if t.end <= damage.offset), None)
            if last is not None:
                yield damage.splice(last.end, last.end, ":", cost=0.9, what=what)
    for line in (damage.line, damage.line_before(damage.line)):
        code = damage.code_of(line)
        if not _HEAD.match(code):
            continue
        last = next((t for t in reversed(damage.tokens) if t.line == line), None)
        if last is None:
            continue
        what = f"add the missing `:` in line {line}"
        yield damage.splice(last.end, last.end, ":", cost=1.0, what=what)
        if last.text in (";", ",", ".", "{", "="):
            yield damage.splice(last.start, last.end, ":", cost=0.9, what=what)


def side_by_side(damage: Damage) -> Iterator[Repair]:
    """Two operands without anything between: a comma in brackets, else a dot, an equals sign or an operator."""
    first = damage.line_before(damage.line) or damage.line
    tokens = damage.tokens_in(first, damage.line + _REACH_LINES)
    depth = _depth_at(damage, tokens[0].start if tokens else 0)
    for token, following in pairwise(tokens):
        depth = _after(depth, token.text)
        if not (token.ends_operand and following.begins_operand):
            continue
        if token.line > damage.line and (not depth or following.line == token.line):
            continue
        gap = damage.text[token.end : following.start]
        if not gap and following.text in OPENERS:
            continue
        is_near = token.start <= damage.offset <= following.end
        far = 0.0 if is_near else 0.3
        is_broken_line = following.line > token.line
        if depth:
            what = f"add the missing comma in line {token.line}"
            is_key = token.kind == "string" and depth[-1:] == "{" and not is_broken_line
            new = "," if gap else ", "
            if not (following.text in OPENERS and token.kind == "name" and not is_broken_line):
                cost = (1.0 if is_broken_line else 1.2) + far + (0.5 if is_key else 0)
                yield damage.splice(token.end, token.end, new, cost=cost, what=what)
            if is_key or (depth[-1:] == "{" and not is_broken_line):
                what = f"add the missing `:` in line {token.line}"
                yield damage.splice(token.end, token.end, ":", cost=1.3 + far, what=what)
            if token.kind == "name" and depth[-1:] == "(" and not is_broken_line:
                what = f"add the missing `=` in line {token.line}"
                yield damage.splice(token.end, following.start, "=", cost=1.9 + far, what=what)
        elif not is_broken_line and gap:
            starts_line = token.start == damage.start_of(token.line) + len(damage.indent_of(token.line))
            what = f"add the missing `=` in line {token.line}"
            if token.kind == "name" or token.text == "]":
                yield damage.splice(
                    token.end, following.start, " = ", cost=(1.2 if starts_line else 2.0) + far, what=what
                )
            what = f"add the missing comma in line {token.line}"
            yield damage.splice(token.end, token.end, ",", cost=1.6 + far, what=what)
        if not is_broken_line and token.kind == "name" and following.kind == "name" and gap:
            what = f"add the missing dot in line {token.line}"
            yield damage.splice(token.end, following.start, ".", cost=2.3 + far, what=what)
            for operator, cost in ((" in ", 2.4), (" as ", 2.4), (" == ", 2.5), (" + ", 3.0)):
                what = f"add the missing `{operator.strip()}` in line {token.line}"
                yield damage.splice(token.end, following.start, operator, cost=cost + far, what=what)


def superfluous(damage: Damage) -> Iterator[Repair]:
    """Take out one token that stands twice, or where none may stand."""
    near = [t for t in damage.tokens if damage.line - 1 <= t.line <= damage.line and t.end > damage.offset - 40]
    for number, token in enumerate(near[:40]):
        is_at = token.start <= damage.offset < token.end or token.end == damage.offset
        before = near[number - 1] if number else None
        is_double = before is not None and before.text == token.text
        if token.kind == "string" or (token.kind == "name" and not is_double and not is_at):
            continue
        cost = (1.6 if token.kind == "name" else 1.1) if is_double else 2.8 if is_at else 3.6
        if token.kind == "error" and is_at:
            cost = 1.0
        if token.text in OPENERS or token.text in CLOSERS:
            cost += 0.3
        what = f"take out the superfluous `{token.text}` in line {token.line}"
        end = token.end
        if token.kind == "name" and damage.text[end : end + 1] == " ":
            end += 1
        start = token.start
        if is_double and damage.text[start - 1 : start] == " ":
            start -= 1
        yield damage.splice(start, end, "", cost=cost, what=what)


def _depth_at(damage: Damage, offset: int) -> str:
    depth = ""
    for token in damage.tokens:
        if token.start >= offset:
            break
        depth = _after(depth, token.text)
    return depth


def _after(depth: str, text: str) -> str:
    if text in OPENERS:
        return depth + text
    return depth[:-1] if text in CLOSERS else depth
