"""What the slips share: which nodes are a function's doing, and how to find an operator between two operands."""

import ast
from collections.abc import Iterator

from planting.source import Source, Splice

UNTOUCHED = frozenset({"__repr__", "__str__", "__rich_repr__"})


def inside_functions(source: Source) -> Iterator[ast.AST]:
    """Every node of a function's body; what stands in annotations, decorators and error texts is none."""
    for function in source.functions:
        if function.name in UNTOUCHED:
            continue
        for statement in function.body:
            yield from _below(statement)


def _below(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Raise | ast.Assert | ast.JoinedStr):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if hasattr(node, "lineno"):
        yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _below(child)


def text_between(source: Source, left: ast.expr, right: ast.expr, old: str, new: str) -> Iterator[Splice]:
    """Put `new` where `old` stands between two operands; nothing where it does not stand there just once."""
    start, end = source.span(left)[1], source.span(right)[0]
    gap = source.text[start:end]
    if old and gap.replace("(", " ").replace(")", " ").split() == old.split():
        at = start + gap.index(old)
        yield Splice(at, at + len(old), new)
