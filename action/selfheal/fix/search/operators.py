"""Wrong operators: comparison, arithmetic, boolean, identity, and operands in the wrong order or too many."""

import ast
from collections.abc import Iterator

from selfheal.fix.search.site import Change, Site

_COMPARED: dict[type[ast.cmpop], tuple[str, dict[str, float]]] = {
    ast.Lt: ("<", {"<=": 1.0, ">=": 0.7, ">": 0.6, "!=": 0.15}),
    ast.LtE: ("<=", {"<": 1.0, ">": 0.7, ">=": 0.6, "==": 0.2}),
    ast.Gt: (">", {">=": 1.0, "<=": 0.7, "<": 0.6, "!=": 0.15}),
    ast.GtE: (">=", {">": 1.0, "<": 0.7, "<=": 0.6, "==": 0.2}),
    ast.Eq: ("==", {"!=": 1.0, ">=": 0.25, "<=": 0.25, "in": 0.15}),
    ast.NotEq: ("!=", {"==": 1.0, ">": 0.2, "<": 0.2, "not in": 0.1}),
    ast.Is: ("is", {"is not": 1.0, "==": 0.5}),
    ast.IsNot: ("is not", {"is": 1.0, "!=": 0.5}),
    ast.In: ("in", {"not in": 1.0, "==": 0.2}),
    ast.NotIn: ("not in", {"in": 1.0, "!=": 0.2}),
}
_COMPUTED: dict[type[ast.operator], tuple[str, dict[str, float]]] = {
    ast.Add: ("+", {"-": 1.0, "*": 0.3, "|": 0.1}),
    ast.Sub: ("-", {"+": 1.0, "*": 0.1}),
    ast.Mult: ("*", {"+": 0.5, "/": 0.5, "**": 0.4, "//": 0.2}),
    ast.Div: ("/", {"//": 1.0, "*": 0.5, "%": 0.2}),
    ast.FloorDiv: ("//", {"/": 1.0, "%": 0.6, "*": 0.2}),
    ast.Mod: ("%", {"//": 0.8, "/": 0.3}),
    ast.Pow: ("**", {"*": 0.8}),
    ast.BitAnd: ("&", {"|": 1.0, "^": 0.3}),
    ast.BitOr: ("|", {"&": 1.0, "^": 0.4}),
    ast.BitXor: ("^", {"|": 0.6, "&": 0.6}),
    ast.LShift: ("<<", {">>": 1.0}),
    ast.RShift: (">>", {"<<": 1.0}),
}
_ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


def comparisons(site: Site, node: ast.AST) -> Iterator[Change]:
    """Another comparison."""
    if not isinstance(node, ast.Compare):
        return
    left = node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        old, others = _COMPARED[type(operator)]
        yield from _between(site, left, right, old, others)
        left = right


def computations(site: Site, node: ast.AST) -> Iterator[Change]:
    """Another arithmetic or bit operator, also where it assigns."""
    if isinstance(node, ast.BinOp) and type(node.op) in _COMPUTED:
        yield from _between(site, node.left, node.right, *_COMPUTED[type(node.op)])
    elif isinstance(node, ast.AugAssign) and type(node.op) in _COMPUTED:
        old, others = _COMPUTED[type(node.op)]
        yield from _between(site, node.target, node.value, f"{old}=", {f"{new}=": w for new, w in others.items()})
        yield from _between(site, node.target, node.value, f"{old}=", {"=": 0.3})
    elif (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name | ast.Subscript)
    ):
        yield from _between(site, node.targets[0], node.value, "=", {"+=": 0.3, "-=": 0.1, "|=": 0.05})


def operand_order(site: Site, node: ast.AST) -> Iterator[Change]:
    """Operands the other way round."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (*_ORDERED, ast.Add)):
        first, last = site.span(node)
        _, left_end = site.span(node.left)
        right_start, _ = site.span(node.right)
        gap = site.text[left_end:right_start]
        if "(" in gap or ")" in gap:
            return
        weight = 1.0 if isinstance(node.op, _ORDERED) else 0.4
        yield Change(first, last, f"{site.held(node.right)}{gap}{site.held(node.left)}", node.lineno, weight)


def extra_operand(site: Site, node: ast.AST) -> Iterator[Change]:
    """An operand that must go: of arithmetic one of the two, of `and` and `or` any."""
    if isinstance(node, ast.BinOp):
        is_constant = isinstance(node.right, ast.Constant)
        yield site.swap(node, site.held(node.left), weight=1.0 if is_constant else 0.4)
        yield site.swap(node, site.held(node.right), weight=0.3)
        for part in _inner_operands(node):
            yield site.swap(node, site.held(part), weight=0.6)
    elif isinstance(node, ast.BoolOp):
        word = " and " if isinstance(node.op, ast.And) else " or "
        for index in range(len(node.values)):
            kept = [site.source(value) for number, value in enumerate(node.values) if number != index]
            text = word.join(kept)
            yield site.swap(node, f"({text})" if len(kept) > 1 else text, weight=0.8)


def _inner_operands(node: ast.BinOp) -> Iterator[ast.expr]:
    """Operands of the operands: of `a - b + 1` the `a`."""
    for side in (node.left, node.right):
        if isinstance(side, ast.BinOp):
            yield from (part for part in (side.left, side.right) if not isinstance(part, ast.Constant))
            yield from _inner_operands(side)


def connectives(site: Site, node: ast.AST) -> Iterator[Change]:
    """`and` for `or`, and the other way round."""
    if not isinstance(node, ast.BoolOp):
        return
    old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for left, right in zip(node.values, node.values[1:], strict=False):
        yield from _between(site, left, right, old, {new: 1.0})
    if len(node.values) > 2:
        yield site.swap(node, f" {new} ".join(site.held(value) for value in node.values), weight=0.6)


def signs(site: Site, node: ast.AST) -> Iterator[Change]:
    """A minus or a `not` that is missing or too much."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield site.swap(node, site.source(node.operand))
    elif isinstance(node, ast.Name | ast.Call | ast.Attribute | ast.BinOp) and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        parent = site.parent(node)
        if isinstance(parent, ast.Return | ast.Assign | ast.Call | ast.BinOp | ast.Tuple) and node is not getattr(
            parent, "func", None
        ):
            yield site.swap(node, f"-{site.held(node)}", weight=0.15)


def _between(site: Site, left: ast.expr, right: ast.expr, old: str, others: dict[str, float]) -> Iterator[Change]:
    """Swap the operator between two operands; parentheses and blanks may stand around it."""
    _, start = site.span(left)
    end, _ = site.span(right)
    gap = site.text[start:end]
    at = gap.find(old)
    if at < 0 or "#" in gap:
        return
    for new, weight in others.items():
        yield Change(start + at, start + at + len(old), new, left.end_lineno or left.lineno, weight)
