"""Lines that are too long: the comment goes above, texts are cut at a blank, code is laid out at its brackets."""

import ast
import io
import re
import textwrap
import tokenize

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.long_code import laid_out
from selfheal.fix.lint.source import Source, Splice
from selfheal.fix.lint.statements import docstring

_LIMIT = re.compile(r"\(\d+\s*(?:>|/)\s*(\d+)")
_PRAGMA = re.compile(
    r"#\s*(?:noqa|type:|pylint:|pragma|fmt:|nosec|ruff:|isort:|mypy:|pyright:|!|-\*-|region|endregion)", re.IGNORECASE
)
_TRIPLE = ('"""', "'''")
_BULLET = re.compile(r"\s*(?:[-*+•]\s+|\d+[.)]\s+|:\w+(?: [\w*]+)*:\s+|@\w+(?: \w+)?:?\s+|[\w*]+(?: \([^)]*\))?:\s+)?")
_VERBATIM = re.compile(r"\s*(?:>>>|\.\.\.|\.\. |\||\+[-=]|[-=~^]{4,})")


def _repair(spot: Spot) -> tuple[Rewrite, ...]:
    source, number = spot.source, spot.finding.line
    match = _LIMIT.search(spot.finding.message)
    text = source.line(number)
    if match is None or not text.strip():
        return ()
    new = shorter(source, number, int(match.group(1)))
    return (Rewrite(*new),) if new is not None else ()


def shorter(source: Source, number: int, limit: int) -> tuple[tuple[Splice, ...], str] | None:
    """The edits that make a line fit, and what they do; None where none would leave the rest as it is."""
    text = source.line(number)
    if text.lstrip().startswith("#"):
        return _comment(source, number, limit)
    inside = _text_around(source, number)
    if inside is not None:
        return _docstring_line(source, inside, number, limit)
    comment = _trailing_comment(source, number)
    if comment is not None:
        return _comment_above(source, number, comment, limit)
    code = laid_out(source, number, limit)
    return (code, "a long line is laid out over several; nothing else changes") if code else None


def _span_of_line(source: Source, number: int) -> tuple[int, int]:
    start = source.line_start(number)
    return start, start + len(source.line(number).encode())


def _comment(source: Source, number: int, limit: int) -> tuple[tuple[Splice, ...], str] | None:
    """A comment's line over as many lines as it needs; a word that is longer than a line stays."""
    text = source.line(number)
    match = re.match(r"(\s*#+:?\s?)(\s*)(.*)$", text)
    if match is None or _PRAGMA.match(text.lstrip()):
        return None
    sign, more, words = match.groups()
    bullet = _BULLET.match(words)
    hang = " " * len(bullet.group(0)) if bullet and re.match(r"[-*+\d]", words) else ""
    lines = _wrapped(words, limit, f"{sign}{more}", f"{sign}{more}{hang}")
    return _placed(source, number, lines, "a long comment goes over several lines")


def _wrapped(words: str, limit: int, first: str, further: str) -> list[str] | None:
    lines = textwrap.wrap(
        words,
        width=limit,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines if len(lines) > 1 and all(len(line) <= limit for line in lines) else None


def _placed(source: Source, number: int, lines: list[str] | None, why: str) -> tuple[tuple[Splice, ...], str] | None:
    if lines is None:
        return None
    new = source.newline.join(lines).encode()
    return (Splice(*_span_of_line(source, number), new),), why


def _trailing_comment(source: Source, number: int) -> int | None:
    """The column, in characters, at which a comment behind code starts."""
    try:
        for token in tokenize.tokenize(io.BytesIO(source.raw).readline):
            if token.type == tokenize.COMMENT and token.start[0] == number:
                return token.start[1]
    except (tokenize.TokenError, SyntaxError, ValueError):
        return None
    return None


def _comment_above(source: Source, number: int, column: int, limit: int) -> tuple[tuple[Splice, ...], str] | None:
    text = source.line(number)
    comment, code = text[column:], text[:column].rstrip()
    if _PRAGMA.match(comment):
        return None
    indent = source.indent(number)
    words = comment.lstrip("#").strip()
    lines = [f"{indent}{comment}"]
    if len(lines[0]) > limit:
        wrapped = _wrapped(words, limit, f"{indent}# ", f"{indent}# ")
        if wrapped is None:
            return None
        lines = wrapped
    first = re.match(r"\s*(?:elif|else|except|finally|case)\b", text)
    if first is not None or len(code) > limit:
        return None
    return _placed(source, number, [*lines, code], "the comment stands above what it is about")


def _text_around(source: Source, number: int) -> ast.Constant | None:
    """The text of several lines that a line is a part of."""
    for node in source.nodes(ast.Constant):
        ends = node.end_lineno or node.lineno
        is_docstring = isinstance(source.parent(node), ast.Expr)
        is_long = node.lineno <= number <= ends and (ends > node.lineno or is_docstring)
        if is_long and isinstance(node.value, str) and source.text(node)[-3:] in _TRIPLE:
            return node
    return None


def _docstring_line(
    source: Source, node: ast.Constant, number: int, limit: int
) -> tuple[tuple[Splice, ...], str] | None:
    """A docstring's line is wrapped at its own indentation; another text's content may not change."""
    holder = source.parent(node)
    scope = source.parent(holder) if holder is not None else None
    if not isinstance(holder, ast.Expr) or scope is None or docstring(scope) is not holder:
        return None
    text = source.line(number)
    if _VERBATIM.match(text) or "|" in text or "::" in text:
        return None
    indent = source.indent(number)
    words = text[len(indent) :]
    tail: list[str] = []
    quotes = source.text(node)[-3:]
    if number == node.end_lineno and words.rstrip().endswith(quotes):
        body = words.rstrip()[:-3].rstrip()
        words, tail = body, [f"{indent}{quotes}"]
    if words.endswith("\\"):
        return None
    hang = ""
    if not words.startswith(quotes):
        match = _BULLET.match(words)
        is_item = match is not None and bool(match.group(0).strip())
        hang = _hanging(source, number, indent) if is_item else ""
    lines = _by_sentences(source, node, number, words, limit) or _wrapped(words, limit, indent, indent + hang)
    if lines is None:
        return None
    return _placed(source, number, [*lines, *tail], "a long line of the docstring goes over several")


def _by_sentences(source: Source, node: ast.Constant, number: int, words: str, limit: int) -> list[str] | None:
    """The first line of a docstring stays one sentence: what follows it goes below a blank line."""
    first, sign, rest = words.partition(". ")
    indent = source.indent(number)
    if number != node.lineno or not sign or len(f"{indent}{first}.") > limit:
        return None
    below = textwrap.wrap(rest, limit, initial_indent=indent, subsequent_indent=indent, break_long_words=False)
    spare = [""] if source.line(number + 1).strip() and number != node.end_lineno else []
    fits = all(len(line) <= limit for line in below)
    return [f"{indent}{first}.", "", *below, *spare] if fits and not spare else None


def _hanging(source: Source, number: int, indent: str) -> str:
    """How much deeper an item's further lines stand: as the next line does, else four blanks."""
    following = source.line(number + 1)
    deeper = len(source.indent(number + 1)) - len(indent)
    return " " * deeper if following.strip() and 0 < deeper <= 8 else "    "


RULES: tuple[Rule, ...] = (rule("E501 C0301 W505 B950", _repair),)
