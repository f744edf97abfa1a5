"""A statement that is missing beside its sister: the same with the names of the other of two things."""

import ast
import re
import textwrap
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from selfheal.fix.search.site import Change, Site

_MOST_PAIRINGS = 12
_LONGEST = 100
_LIMIT_OF_ITSELF = re.compile(r"\b(?:min|max)\((\w+), \1\)")
_MOST_LINES = 3


def sisters(site: Site, node: ast.AST) -> Iterator[Change]:
    """A copy of a simple statement behind it and before it, with `right` for `left` and `j` for `i`.

    A short `if` of a loop is copied behind the loop: what is left at its end is often forgotten.
    """
    if isinstance(node, ast.For | ast.While):
        yield from _after_loop(site, node)
    if not isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) or node.lineno != node.end_lineno:
        return
    text = site.source(node)
    line = site.line_text(node.lineno)
    if len(text) > _LONGEST or line.strip() != text:
        return
    at, end = site.line_span(node.lineno, node.lineno)
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    indent = site.indent_of(node.lineno)
    for pairing in _pairings(site):
        if not names & set(pairing):
            continue
        sister = _renamed(text, pairing)
        if sister != text and sister not in site.text:
            yield Change(end, end, f"{indent}{sister}\n", node.lineno, 1.0)
            yield Change(at, at, f"{indent}{sister}\n", node.lineno, 0.5)


def _after_loop(site: Site, loop: ast.For | ast.While) -> Iterator[Change]:
    last = loop.end_lineno or loop.lineno
    _, end = site.line_span(last, last)
    if not site.text[:end].endswith("\n"):
        return
    for node in loop.body:
        is_short = isinstance(node, ast.If) and not node.orelse and len(node.body) == 1
        if not is_short and not isinstance(node, ast.Expr | ast.Assign | ast.AugAssign):
            continue
        first_line, last_line = node.lineno, node.end_lineno or node.lineno
        start, stop = site.line_span(first_line, last_line)
        inner = site.indent_of(first_line)
        text = textwrap.indent(textwrap.dedent(site.text[start:stop]), site.indent_of(loop.lineno))
        if not site.text[start:stop].startswith(inner) or text.count("\n") > _MOST_LINES:
            continue
        # The loop's head, which ran in any case: its last line may be one that the failing test never reached.
        yield Change(end, end, text, loop.lineno, 0.7)
        used = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        inside = sorted(used & {one.id for one in ast.walk(loop) if isinstance(one, ast.Name) and _is_stored(one)})
        for one in inside[:3]:
            for other in [name for name in site.names if name != one][:8]:
                yield Change(end, end, _renamed(text, {one: other}), loop.lineno, 0.5)


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


@lru_cache(maxsize=32)
def _pairings(site: Site) -> tuple[dict[str, str], ...]:
    """Names that stand for each other: of expressions that are alike but for their names, then of parameters."""
    found: dict[tuple[tuple[str, str], ...], None] = {}
    shapes: dict[str, list[list[str]]] = {}
    for node in site.nodes:
        if isinstance(node, ast.Subscript | ast.Compare | ast.Attribute | ast.Call | ast.AugAssign):
            names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
            shape = re.sub(r"id='\w+'", "id=''", ast.dump(node))
            shapes.setdefault(shape, []).append(names)
    for alike in shapes.values():
        for one, other in combinations(alike, 2):
            pairs = tuple(dict.fromkeys((a, b) for a, b in zip(one, other, strict=True) if a != b))
            if pairs and len(dict(pairs)) == len(pairs):
                found[pairs] = None
                found[tuple((b, a) for a, b in pairs)] = None
    for one_name, other_name in combinations(site.parameters[:4], 2):
        found[((one_name, other_name),)] = None
        found[((other_name, one_name),)] = None
    # What pairs most names says most.
    return tuple(dict(pairs) for pairs in sorted(found, key=lambda one: -len(one))[:_MOST_PAIRINGS])


def _renamed(text: str, pairing: dict[str, str]) -> str:
    renamed = re.sub(r"(?<![\w.])[A-Za-z_]\w*", lambda match: pairing.get(match[0], match[0]), text)
    return _LIMIT_OF_ITSELF.sub(r"\1", renamed) if renamed != text else text
