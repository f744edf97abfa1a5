"""Tell whether two edits would do the same on whatever values, where the inputs at hand can't tell them apart.

Of two statements that differ, the expressions are reckoned with made-up numbers in the place of what they ask: names,
attributes, calls, elements. `i < n + 1` and `i <= n` come out alike each time; `a or b` and `a and b` do not, though no
test may ever have come to where they differ.
"""

import ast
import operator
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

_TRIES = 60
_VALUES = (-2, -1, 0, 1, 2, 3)
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARING: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.eq,
    ast.IsNot: operator.ne,
}


def are_equivalent(one: str, other: str) -> bool:
    """True where two versions of a file differ in expressions alone that come to the same with all values tried.

    Whatever else differs does so for all that is known.
    """
    try:
        pairs = list(_differences(ast.parse(one), ast.parse(other)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(
        isinstance(mine, ast.expr) and isinstance(theirs, ast.expr) and _come_to_the_same(mine, theirs)
        for mine, theirs in pairs
    )


def _differences(one: ast.AST | None, other: ast.AST | None) -> Iterator[tuple[ast.AST | None, ast.AST | None]]:
    """The outermost expressions that differ, and any other nodes of which one lacks its like."""
    if one is not None and other is not None and ast.dump(one) == ast.dump(other):
        return
    is_leaf = one is None or other is None or type(one) is not type(other) or isinstance(one, ast.expr)
    if is_leaf or not _are_alike_apart_from_nodes(one, other):
        yield one, other
        return
    assert one is not None
    assert other is not None
    for mine, theirs in zip_longest(ast.iter_child_nodes(one), ast.iter_child_nodes(other)):
        yield from _differences(mine, theirs)


def _are_alike_apart_from_nodes(one: ast.AST | None, other: ast.AST | None) -> bool:
    def plain(node: ast.AST | None) -> list[Any]:
        values = [value for _, value in ast.iter_fields(node)] if node is not None else []
        return [len(value) if isinstance(value, list) else value for value in values if not isinstance(value, ast.AST)]

    return plain(one) == plain(other)


def _come_to_the_same(one: ast.expr, other: ast.expr) -> bool:
    known = {*_numbers(one), *_numbers(other)}
    made_up = _MadeUp(sorted({*_VALUES, *(near for value in known for near in (value - 1, value, value + 1))}))
    for _ in range(_TRIES):
        made_up.forget()
        if made_up.result(one) != made_up.result(other):
            return False
    return True


def _numbers(expression: ast.expr) -> Iterator[float]:
    for node in ast.walk(expression):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            yield node.value


class _MadeUp:
    """Reckons expressions with one made-up number for each thing that they ask."""

    def __init__(self, numbers: Sequence[float]) -> None:
        self._numbers = numbers
        self._chance = random.Random(0)  # noqa: S311 - the same each time
        self._values: dict[str, float] = {}

    def forget(self) -> None:
        """Make up others from here on."""
        self._values = {}

    def result(self, node: ast.expr) -> tuple[str, Any]:
        """What it comes to, as kind and value: truth and numbers are not the same, and neither is an error."""
        try:
            found = self._of(node)
        except (ArithmeticError, TypeError, ValueError) as error:
            return "error", type(error).__name__
        return type(found).__name__, found

    def _of(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int() | float() | None as value):
                return value
            case ast.BoolOp(op=junction, values=parts):
                found: Any = None
                for part in parts:
                    found = self._of(part)
                    if bool(found) == isinstance(junction, ast.Or):
                        break
                return found
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self._of(operand)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._of(operand)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _BINARY:
                return _BINARY[type(sign)](self._of(left), self._of(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._of(body) if self._of(test) else self._of(orelse)
            case ast.Compare() if all(type(one) in _COMPARING for one in node.ops):
                return self._compared(node)
            case _:
                key = ast.dump(node)
                if key not in self._values:
                    self._values[key] = self._chance.choice(self._numbers)
                return self._values[key]

    def _compared(self, node: ast.Compare) -> bool:
        left = self._of(node.left)
        for sign, comparator in zip(node.ops, node.comparators, strict=True):
            right = self._of(comparator)
            if not _COMPARING[type(sign)](left, right):
                return False
            left = right
        return True
