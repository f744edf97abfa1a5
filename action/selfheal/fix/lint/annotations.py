"""Annotations that the code itself proves."""

import ast

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.returns import own
from selfheal.fix.lint.source import FunctionNode, Source

_KNOWN = {
    "__init__": "None",
    "__str__": "str",
    "__repr__": "str",
    "__len__": "int",
    "__bool__": "bool",
    "__hash__": "int",
}


def _result(spot: Spot) -> tuple[Rewrite, ...]:
    """`-> None` for a function that gives nothing back, the known type for a special method."""
    source = spot.source
    function = next((n for n in source.nodes(ast.stmt, line=spot.finding.line) if isinstance(n, FunctionNode)), None)
    if function is None or function.returns is not None:
        return ()
    gives = [n for n in own(function, (ast.Return,)) if isinstance(n, ast.Return) and n.value is not None]
    yields = own(function, (ast.Yield, ast.YieldFrom))
    known = _KNOWN.get(function.name)
    if known is None and (gives or yields or _only_raises(function)):
        return ()
    colon = _colon(source, function)
    if colon is None:
        return ()
    return (
        Rewrite((source.insert(colon, f" -> {known or 'None'}"),), f"{function.name} gives {known or 'None'} back"),
    )


def _only_raises(function: FunctionNode) -> bool:
    """A function that always raises, or is empty, says nothing about what it gives."""
    last = function.body[-1]
    is_empty = isinstance(last, ast.Pass) or (isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant))
    return isinstance(last, ast.Raise) or (is_empty and bool(function.decorator_list))


def _colon(source: Source, function: FunctionNode) -> int | None:
    """The place behind the closing bracket of a function's arguments."""
    start = source.raw.find(b"(", source.span(function)[0])
    every = [n for n in ast.walk(function.args) if hasattr(n, "end_lineno")]
    after = max([start + 1, *(source.span(n)[1] for n in every)])
    closing = source.raw.find(b")", after)
    return closing + 1 if 0 < closing < source.span(function.body[0])[0] else None


def _optional(spot: Spot) -> tuple[Rewrite, ...]:
    """`x: int = None` as `x: int | None = None`."""
    source = spot.source
    for annotated in source.nodes(ast.arg):
        held = annotated.annotation
        if held is None or not held.lineno <= spot.finding.line <= (held.end_lineno or 0):
            continue
        start, end = source.span(held)
        column = source.place(spot.finding.line, spot.finding.column)
        if spot.finding.column is not None and not start <= column < end:
            continue
        uses_optional = any(a.name == "Optional" for n in source.nodes(ast.ImportFrom) for a in n.names)
        text = source.text(held)
        new = f"Optional[{text}]" if uses_optional else f"{text} | None"
        return (Rewrite((source.replace(held, new),), f"{annotated.arg} may be None, and says so"),)
    return ()


RULES: tuple[Rule, ...] = (
    rule("ANN201 ANN202 ANN204 ANN205 ANN206", _result),
    rule("RUF013", _optional),
)
