"""What happens where a condition does not hold, and is missing: an `else`, or what stands behind the last `or`."""

import ast
from collections.abc import Iterator

from selfheal.fix.search.forgotten import uses_elsewhere
from selfheal.fix.search.sister_functions import borrowable
from selfheal.fix.search.site import Change, Site, everything_in, is_bare_value

_FIRST_VALUES = ("0", "[]", "{}", "''", "None", "False", "True", "1", "set()")
_MOST_TEXTS, _MOST_AT_CRASH = 40, 140
_LONGEST = 12
"""Characters of a text that is tried."""
_RARER = 0.05
"""By how much each further value counts less."""
_UNBOUND = 8.0
"""What it is worth to give the name a value that the failure says has none; chosen."""
_REPEATED = 0.3
_STEP = "    "


def other_branches(site: Site, node: ast.AST) -> Iterator[Change]:
    """An `else` for an `if` without one, with something that is done elsewhere, here or beside."""
    if isinstance(node, ast.If):
        for statement in uses_elsewhere(site):
            yield from _else(site, node, statement, 1.0)
        for statement in _others(site, node):
            yield from _else(site, node, statement, _REPEATED)
        for rank, statement in enumerate(borrowable(site)):
            yield from _else(site, node, statement, _REPEATED / (1.0 + _RARER * rank))


def other_values(site: Site, node: ast.AST) -> Iterator[Change]:
    """An `else` for an `if` without one: another value for the name that the `if` alone gives one."""
    if not isinstance(node, ast.If):
        return
    for name, value in _given(site, node).items():
        worth = _UNBOUND if name == site.hints.unbound else 1.0
        like = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
        texts = _texts(site, like=like)[: _MOST_AT_CRASH if worth > 1.0 else _MOST_TEXTS]
        others = dict.fromkeys((*_FIRST_VALUES, *site.parameters, *texts))
        if any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in ast.walk(value)):
            others = dict.fromkeys((*texts, *others))
        others.pop(site.source(value), None)
        for rank, other in enumerate(others):
            yield from _else(site, node, f"{name} = {other}", worth / (1.0 + _RARER * rank))


def alternatives(site: Site, node: ast.AST) -> Iterator[Change]:
    """`this and "-" or "+"`: the value where the condition does not hold."""
    match node:
        case ast.BoolOp(op=ast.And(), values=[*_, ast.Constant(value=str(text))]):
            parent = site.parent(node)
            if not isinstance(parent, ast.BoolOp | ast.If | ast.While | ast.IfExp):
                for rank, other in enumerate(_texts(site, like=text)[:_MOST_TEXTS]):
                    yield site.swap(node, f"({site.source(node)}) or {other}", weight=1.0 / (1.0 + _RARER * rank))


def _else(site: Site, node: ast.If, statement: str, weight: float) -> Iterator[Change]:
    at = site.line_span(node.lineno, node.end_lineno or node.lineno)[1]
    if not node.orelse and site.is_own_line(node) and site.text[:at].endswith("\n"):
        indent = site.indent_of(node.lineno)
        yield Change(at, at, f"{indent}else:\n{indent}{_STEP}{statement}\n", node.lineno, weight)


def _given(site: Site, node: ast.If) -> dict[str, ast.expr]:
    """The names that its body gives a value, with that; of those that have none otherwise, or none by the failure."""
    found = {}
    for one in node.body:
        match one:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
    inside = frozenset(ast.walk(node))
    stored = (one for one in site.nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
    elsewhere = {one.id for one in stored if one not in inside} | set(site.parameters)
    return {name: value for name, value in found.items() if name == site.hints.unbound or name not in elsewhere}


def _others(site: Site, node: ast.If) -> Iterator[str]:
    """What the function does elsewhere, on one line each."""
    inside = frozenset(ast.walk(node))
    for one in site.nodes:
        kinds = ast.Expr | ast.Assign | ast.AugAssign | ast.Return | ast.Raise
        if isinstance(one, kinds) and one not in inside and not is_bare_value(one):
            text = site.source(one)
            if "\n" not in text and len(text) <= 80:
                yield text


def _texts(site: Site, *, like: str | None) -> list[str]:
    """Short texts of the function, then of the file; where one is known, those first that are as long."""
    nodes = (*everything_in(site.function), *everything_in(site.module))
    held = (one.value for one in nodes if isinstance(one, ast.Constant))
    short = [repr(text) for text in held if isinstance(text, str) and len(text) <= _LONGEST]
    texts = list(dict.fromkeys(("''", *short)))
    if like is not None:
        own = repr(like)
        texts = sorted((one for one in texts if one != own), key=lambda one: abs(len(one) - len(own)))
    return texts
