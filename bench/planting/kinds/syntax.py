"""Files that do not parse: what slips while typing, and what a merge leaves behind."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from planting.kinds.plant import Plant, Slip
from planting.source import Function, Source, Splice

_COMMANDS = (
    ("pytest", "{tests}"),
    ("ruff", "ruff check {source}"),
    ("compileall", "python -m compileall -q {source}"),
    ("ruff", "ruff check {source}"),
)


def _lines(source: Source, pattern: str) -> Iterator[tuple[int, re.Match[str]]]:
    """The lines of code, outside of strings over several lines, that match; with the offset of their start."""
    quoted: set[int] = set()
    for node in source.nodes:
        if isinstance(node, ast.Constant | ast.JoinedStr) and not source.is_one_line(node):
            quoted.update(range(node.lineno, (node.end_lineno or 0) + 1))
    for number, line in enumerate(source.lines, 1):
        found = re.search(pattern, line)
        if found and number not in quoted and not line.lstrip().startswith("#"):
            yield source.at(number), found


def _cut(source: Source, pattern: str) -> Iterator[Splice]:
    """Take the pattern's first group out."""
    for start, found in _lines(source, pattern):
        yield Splice(start + found.start(1), start + found.end(1), "")


def lost_colon(source: Source) -> Iterator[Splice]:
    """A block's head without its colon."""
    yield from _cut(source, r"^\s*(?:def|class|if|elif|else|for|while|try|except|with)\b.*(:)\n")


def lost_round_bracket(source: Source) -> Iterator[Splice]:
    """A call that is not closed."""
    yield from _cut(source, r"^\s*(?:return |\w[\w.]* = ).*\w\((?:[^()]*)(\))\n")


def lost_closing_line(source: Source) -> Iterator[Splice]:
    """The line with the closing bracket alone is gone."""
    yield from _cut(source, r"^(\s*[)\]}],?\n)")


def lost_square_bracket(source: Source) -> Iterator[Splice]:
    """A subscript or a list that is not closed."""
    yield from _cut(source, r"^\s*\S.*\[[^\[\]]*(\])")


def extra_bracket(source: Source) -> Iterator[Splice]:
    """One closing bracket too many."""
    for start, found in _lines(source, r"^\s*(?:return |\w[\w.]* = ).*\)(\n)"):
        yield Splice(start + found.start(1), start + found.start(1), ")")


def lost_quote(source: Source) -> Iterator[Splice]:
    """A string that is not closed."""
    for start, found in _lines(source, r'^[^"]*"[^"\\\']+(")[^"]*\n'):
        yield Splice(start + found.start(1), start + found.end(1), "")


def dedented_line(source: Source) -> Iterator[Splice]:
    """A line of a block that stands a bit too far left or right."""
    for function in source.functions:
        for node in function.body[1:]:
            if source.is_one_line(node):
                yield Splice(source.at(node.lineno), source.at(node.lineno), "  ")


def lost_indentation(source: Source) -> Iterator[Splice]:
    """The only line of a block at the level of its head."""
    for _, node in source.bodies():
        if isinstance(node, ast.If | ast.For) and len(node.body) == 1 and source.is_one_line(node.body[0]):
            start = source.at(node.body[0].lineno)
            if node.body[0].lineno > node.lineno:
                yield Splice(start, start + 4, "")


def tab_indentation(source: Source) -> Iterator[Splice]:
    """A tab where the lines around have spaces."""
    for function in source.functions:
        for node in function.body[1:]:
            pad = source.indent(node)
            if source.is_one_line(node) and pad:
                start = source.at(node.lineno)
                yield Splice(start, start + len(pad), "\t" * (len(pad) // 4))


def keyword_typo(source: Source) -> Iterator[Splice]:
    """A keyword with a slip of the fingers."""
    typos = {"return": "retrun", "def": "dfe", "elif": "elsif", "while": "whlie", "raise": "rasie", "else": "esle"}
    for start, found in _lines(source, rf"^\s*({'|'.join(typos)})\b"):
        yield Splice(start + found.start(1), start + found.end(1), typos[found[1]])


def lost_comma(source: Source) -> Iterator[Splice]:
    """No comma between two elements on lines of their own."""
    yield from _cut(source, r'^\s+(?:"[^"]*"|\w+=\w+|\w+)(,)\n')


def assigned_condition(source: Source) -> Iterator[Splice]:
    """`=` in a condition."""
    for start, found in _lines(source, r"^\s*(?:if|elif|while) .* (==) "):
        yield Splice(start + found.start(1), start + found.end(1), "=")


def conflict_ours(source: Source) -> Iterator[Splice]:
    """Markers of a merge; the first side is right."""
    yield from _conflict(source, is_ours=True)


def conflict_theirs(source: Source) -> Iterator[Splice]:
    """Markers of a merge; the second side is right."""
    yield from _conflict(source, is_ours=False)


def _conflict(source: Source, *, is_ours: bool) -> Iterator[Splice]:
    """The other side is an older state: a comparison that was mended since, or an argument that was not there."""
    for function in source.functions:
        for node in function.body[1:]:
            inner = next(
                (one for one in ast.walk(node) if isinstance(one, ast.Compare) and source.is_one_line(one)), None
            )
            text = "".join(source.lines[node.lineno - 1 : node.end_lineno])
            if inner is None or len(text.splitlines()) > 8:
                continue
            old = _older(source.of(inner))
            if old is not None and source.of(inner) in text:
                sides = (text, text.replace(source.of(inner), old, 1))
                first, second = sides if is_ours else sides[::-1]
                marked = f"<<<<<<< HEAD\n{first}=======\n{second}>>>>>>> feature/older\n"
                yield Splice(source.at(node.lineno), source.at((node.end_lineno or 0) + 1), marked)


def _older(comparison: str) -> str | None:
    for now, old in ((" <= ", " < "), (" >= ", " > "), (" not in ", " in "), (" != ", " == "), (" is not ", " is ")):
        if now in comparison:
            return comparison.replace(now, old, 1)
    for now, old in ((" < ", " > "), (" > ", " < "), (" == ", " != "), (" is ", " is not "), (" in ", " not in ")):
        if now in comparison:
            return comparison.replace(now, old, 1)
    return None


def conflict_both(source: Source) -> Iterator[Splice]:
    """Markers of a merge around two functions that were both added."""
    body = [node for node in source.tree.body if isinstance(node, Function) and not node.decorator_list]
    for first, second in pairwise(body):
        between = source.text[source.span(first)[1] : source.span(second)[0]]
        is_short = (second.end_lineno or 0) - first.lineno < 40
        if is_short and not between.strip():
            texts = source.of(first), source.of(second)
            marked = f"<<<<<<< HEAD\n{texts[0]}\n=======\n{texts[1]}\n>>>>>>> feature/new\n"
            yield Splice(source.span(first)[0], source.at((second.end_lineno or 0) + 1), marked)


EXPECTED = r"(?i)syntax|indent|invalid|expected|never closed|unmatched|unterminated"

SLIPS: tuple[tuple[str, Slip, int], ...] = (
    ("lost-colon", lost_colon, 2),
    ("lost-round-bracket", lost_round_bracket, 2),
    ("lost-closing-line", lost_closing_line, 1),
    ("lost-square-bracket", lost_square_bracket, 2),
    ("extra-bracket", extra_bracket, 1),
    ("lost-quote", lost_quote, 2),
    ("dedented-line", dedented_line, 1),
    ("lost-indentation", lost_indentation, 1),
    ("tab-indentation", tab_indentation, 1),
    ("keyword-typo", keyword_typo, 2),
    ("lost-comma", lost_comma, 1),
    ("assigned-condition", assigned_condition, 1),
    ("conflict-ours", conflict_ours, 1),
    ("conflict-theirs", conflict_theirs, 2),
    ("conflict-both", conflict_both, 1),
)


def plants() -> tuple[Plant, ...]:
    """Seen by the tests, the linter and the compiler in turn; which side of a merge is right the tests alone know."""
    found = []
    for number, (name, slip, cases) in enumerate(SLIPS):
        tool, command = _COMMANDS[0 if name.startswith("conflict") else number % len(_COMMANDS)]
        plant = Plant("syntax", f"{tool}-{name}", "ruff", slip, command, EXPECTED, cases=cases, is_one=False)
        found.append(plant)
    return tuple(found)
