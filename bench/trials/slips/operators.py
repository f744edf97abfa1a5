"""Wrong operators, constants and bounds."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from planting.source import Source, Splice
from trials.slips.scope import inside_functions, text_between

BOUNDARIES = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")}
TURNED = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Lt: ("<", ">"),
    ast.Gt: (">", "<"),
}
SIGNS = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "//"),
    ast.Div: ("/", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}


def boundary(source: Source) -> Iterator[Splice]:
    """`<` for `<=` and the like."""
    yield from _compared(source, BOUNDARIES)


def comparison(source: Source) -> Iterator[Splice]:
    """The opposite comparison."""
    yield from _compared(source, TURNED)


def arithmetic(source: Source) -> Iterator[Splice]:
    """Another sign."""
    for node in inside_functions(source):
        if isinstance(node, ast.BinOp) and not _is_text(node.left) and not _is_text(node.right):
            old, new = SIGNS.get(type(node.op), ("", ""))
            yield from text_between(source, node.left, node.right, old, new)


def connective(source: Source) -> Iterator[Splice]:
    """`or` for `and`."""
    for node in inside_functions(source):
        if isinstance(node, ast.BoolOp):
            old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in pairwise(node.values):
                yield from text_between(source, left, right, old, new)


def lost_condition(source: Source) -> Iterator[Splice]:
    """One part of a condition is forgotten."""
    for node in inside_functions(source):
        if isinstance(node, ast.BoolOp) and source.is_one_line(node):
            kept = [source.of(value) for value in node.values]
            word = " and " if isinstance(node.op, ast.And) else " or "
            for number in range(len(kept)):
                yield source.swap(node, word.join(kept[:number] + kept[number + 1 :]))


def lost_not(source: Source) -> Iterator[Splice]:
    """A negation is forgotten."""
    for node in inside_functions(source):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield source.swap(node, source.of(node.operand))


def off_by_one(source: Source) -> Iterator[Splice]:
    """A number is one too high or too low."""
    for node in inside_functions(source):
        if isinstance(node, ast.Constant) and type(node.value) is int and source.of(node).isdecimal():
            yield source.swap(node, str(node.value + 1))
            if node.value:
                yield source.swap(node, str(node.value - 1))


def slice_bound(source: Source) -> Iterator[Splice]:
    """A slice begins or ends one place off."""
    for node in inside_functions(source):
        if isinstance(node, ast.Slice):
            for bound in (node.lower, node.upper):
                if bound is not None and not isinstance(bound, ast.Constant) and source.is_one_line(bound):
                    yield source.swap(bound, f"{source.of(bound)} + 1")
                    yield source.swap(bound, f"{source.of(bound)} - 1")


def truth(source: Source) -> Iterator[Splice]:
    """`True` for `False`."""
    for node in inside_functions(source):
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield source.swap(node, str(not node.value))


def _compared(source: Source, table: dict[type[ast.cmpop], tuple[str, str]]) -> Iterator[Splice]:
    for node in inside_functions(source):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            old, new = table.get(type(node.ops[0]), ("", ""))
            yield from text_between(source, node.left, node.comparators[0], old, new)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
