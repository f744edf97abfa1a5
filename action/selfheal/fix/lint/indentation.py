"""How far lines stand in: blocks by four blanks, continued lines under, or one step behind, their bracket."""

import ast
import io
import tokenize
from dataclasses import dataclass

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Source, Splice
from selfheal.fix.lint.statements import string_lines

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_UNREADABLE = (tokenize.TokenError, SyntaxError, ValueError)
_STEP = 4


@dataclass(frozen=True, slots=True)
class Bracket:
    """An open bracket: its line, and the column of what follows it there, None where nothing does."""

    line: int
    visual: int | None


def _tokens(source: Source) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.tokenize(io.BytesIO(source.raw).readline))
    except _UNREADABLE:
        return []


def _continued(spot: Spot) -> tuple[Rewrite, ...]:
    """Move one continued line to where its bracket wants it."""
    source, number = spot.source, spot.finding.line
    bracket, indent = _open_at(source, number), source.indent(number)
    if bracket is None or "\t" in indent or number in string_lines(source):
        return ()
    base = len(source.indent(bracket.line))
    closes = source.line(number).lstrip()[:1] in _CLOSING
    hanging = base if closes else base + _STEP
    wanted = hanging if bracket.visual is None else bracket.visual
    if spot.finding.code in ("E125", "E129"):
        wanted = len(indent) + _STEP
    if wanted == len(indent):
        return ()
    start = source.line_start(number)
    why = "a continued line stands where its bracket says"
    return (Rewrite((source.splice(start, start + len(indent), " " * wanted),), why),)


def _open_at(source: Source, number: int) -> Bracket | None:
    """The innermost bracket that is open where a line starts."""
    stack: list[Bracket] = []
    tokens = _tokens(source)
    for index, token in enumerate(tokens):
        if token.start[0] >= number:
            return stack[-1] if stack else None
        if token.type != tokenize.OP:
            continue
        if token.string in _OPENING:
            following = tokens[index + 1] if index + 1 < len(tokens) else token
            has_more = following.start[0] == token.start[0] and following.type not in (tokenize.NL, tokenize.COMMENT)
            stack.append(Bracket(token.start[0], following.start[1] if has_more else None))
        elif token.string in _CLOSING and stack:
            stack.pop()
    return None


def _blocks(spot: Spot) -> tuple[Rewrite, ...]:
    """All blocks of the file by four blanks a level; continued lines and comments move with them."""
    source = spot.source
    shifts = _shifts(source)
    inside = string_lines(source)
    splices: list[Splice] = []
    for number, shift in shifts.items():
        indent = source.indent(number)
        if not shift or number in inside or "\t" in indent or not source.line(number).strip():
            continue
        start = source.line_start(number)
        splices.append(source.splice(start, start + len(indent), " " * max(len(indent) + shift, 0)))
    if not splices:
        return ()
    return (Rewrite(tuple(splices), "blocks stand in by four blanks"),)


def _shifts(source: Source) -> dict[int, int]:
    """By how much each line moves: as much as the statement that it belongs to, a comment as the next one."""
    shifts: dict[int, int] = {}
    depth, shift, waiting, is_start = 0, 0, [], True
    for token in _tokens(source):
        if token.type in (tokenize.INDENT, tokenize.DEDENT):
            depth += 1 if token.type == tokenize.INDENT else -1
        elif token.type == tokenize.COMMENT and is_start:
            waiting.append(token.start[0])
        elif token.type == tokenize.NEWLINE:
            is_start = True
        elif token.type not in (tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER):
            if is_start:
                shift = depth * _STEP - token.start[1]
                for line in waiting:
                    column = len(source.indent(line))
                    goes_along = column == token.start[1] or column % _STEP
                    shifts[line] = depth * _STEP - column if goes_along else 0
                waiting, is_start = [], False
            for line in range(token.start[0], token.end[0] + 1):
                shifts.setdefault(line, shift)
    return shifts


def _aligned(spot: Spot) -> tuple[Rewrite, ...]:
    """A backslash inside brackets does nothing."""
    source, number = spot.source, spot.finding.line
    text = source.line(number)
    if not text.rstrip().endswith("\\") or _open_at(source, number + 1) is None:
        return ()
    start = source.line_start(number) + len(text.rstrip()[:-1].rstrip().encode())
    end = source.line_start(number) + len(text.encode())
    splice = Splice(start, end, b"")
    if any(n.lineno <= number < (n.end_lineno or 0) for n in source.nodes(ast.Constant)):
        return ()
    return (Rewrite((splice,), "a bracket goes on over the line's end by itself"),)


def _comment(spot: Spot) -> tuple[Rewrite, ...]:
    """A comment stands in as far as the code that follows it."""
    source, number = spot.source, spot.finding.line
    after = range(number + 1, len(source.lines) + 1)
    code = next((n for n in after if source.line(n).strip() and not source.line(n).lstrip().startswith("#")), None)
    indent = source.indent(number)
    if code is None or number in string_lines(source) or not source.line(number).lstrip().startswith("#"):
        return ()
    wanted = source.indent(code)
    if wanted == indent:
        return ()
    start = source.line_start(number)
    why = "a comment stands where the code stands that it is about"
    return (Rewrite((source.splice(start, start + len(indent), wanted),), why),)


RULES: tuple[Rule, ...] = (
    rule("E111 E114 E117 W0311", _blocks),
    rule("E115 E116", _comment),
    rule("E121 E122 E123 E124 E125 E126 E127 E128 E129 E131", _continued),
    rule("E502", _aligned),
)
