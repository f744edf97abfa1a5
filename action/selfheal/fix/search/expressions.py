"""Wrong or missing parts of expressions, made of what the function holds already."""

import ast
from collections.abc import Iterator

from selfheal.fix.search.site import Change, Site

_MOST = 10
_ALONE, _TOGETHER = 0.15, 2.5
"""What it is worth to close one of several open comparisons, and all of them."""


def other_expressions(site: Site, node: ast.AST) -> Iterator[Change]:
    """Another expression of the function in the place of a value."""
    if not isinstance(node, ast.expr) or not _is_value(site, node):
        return
    own = site.source(node)
    others = [text for text in site.expressions if text != own]
    for text in others[:_MOST]:
        yield site.swap(node, text)


def limits(site: Site, node: ast.AST) -> Iterator[Change]:
    """A value that lacks a lower or upper limit."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
        first, last = site.span(node)
        target, sign = site.source(node.target), "+" if isinstance(node.op, ast.Add) else "-"
        for bound in (*site.hints.numbers[:4], *site.names[:4]):
            changed = f"{target} {sign} {site.source(node.value)}"
            limit = f"min({changed}, {bound})" if sign == "+" else f"max({changed}, {bound})"
            yield Change(first, last, f"{target} = {limit}", node.lineno, 0.6)
    if not isinstance(node, ast.Name | ast.Call | ast.BinOp | ast.Subscript | ast.Attribute) or not _is_value(
        site, node
    ):
        return
    own = site.source(node)
    if own.startswith(("min(", "max(")):
        return
    held_by = [name for name in site.names if name != own][:5]
    for other in (*held_by, *(text for text in site.expressions if text != own and own not in text)):
        yield site.swap(node, f"max({other}, {own})", weight=0.6)
        yield site.swap(node, f"min({own}, {other})", weight=0.6)
    for name in held_by:
        yield site.swap(node, f"min({own}, {name} - 1)", weight=0.5)


def missing_operands(site: Site, node: ast.AST) -> Iterator[Change]:
    """A sum or difference that lacks a part: a variable, or how many there are of something."""
    is_part = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    if not isinstance(node, ast.expr) or not (is_part or _is_value(site, node)):
        return
    if isinstance(node, ast.Constant | ast.List | ast.Dict | ast.JoinedStr) or isinstance(site.parent(node), ast.BinOp):
        return
    own = site.source(node)
    for text in dict.fromkeys((*site.lengths, *site.names)):
        if text != own:
            weight = 1.0 if is_part else 0.4
            yield site.swap(node, f"{own} + {text}", weight=weight)
            yield site.swap(node, f"{own} - {text}", weight=weight)
    if isinstance(node, ast.BinOp):
        first, last = site.span(node.right)
        for text in ("1", *site.lengths):
            yield Change(first, last, f"{text} + {site.source(node.right)}", node.lineno, 0.6)


def chains(site: Site, node: ast.AST) -> Iterator[Change]:
    """A comparison that lacks its other end; where several beside each other do, they mostly lack it together."""
    if isinstance(node, ast.expr) and _is_open(node):
        first, _ = site.span(node)
        share = _ALONE if len(_open_in(site.parent(node))) > 1 else 1.0
        yield Change(first, first, "0 <= ", node.lineno, share)
        yield Change(first, first, "0 < ", node.lineno, 0.7 * share)
    if isinstance(node, ast.BoolOp) and len(open_ones := _open_in(node)) > 1:
        bounded = {one: f"0 <= {site.source(one)}" for one in open_ones}
        yield site.swap(node, _joined(site, node, bounded), weight=_TOGETHER)


def _open_in(node: ast.AST | None) -> list[ast.expr]:
    return [one for one in node.values if _is_open(one)] if isinstance(node, ast.BoolOp) else []


def _is_open(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Lt | ast.LtE)


def _joined(site: Site, node: ast.BoolOp, others: dict[ast.expr, str]) -> str:
    word = " and " if isinstance(node.op, ast.And) else " or "
    kept = {one: site.source(one) if isinstance(one, ast.Compare) else site.held(one) for one in node.values}
    return word.join((kept | others).values())


def answers(site: Site, node: ast.AST) -> Iterator[Change]:
    """A `True` or `False` that should depend on something."""
    if not isinstance(node, ast.Return) or not isinstance(node.value, ast.Constant):
        return
    if not isinstance(node.value.value, bool):
        return
    for name in site.names:
        for form, weight in (("not {}", 1.0), ("{} == 0", 0.6), ("bool({})", 0.6), ("{} is None", 0.3)):
            yield site.swap(node.value, form.format(name), weight=weight)


def _is_value(site: Site, node: ast.expr) -> bool:
    """True where a whole value stands: returned, assigned, passed, compared, cut with or iterated over."""
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    parent = site.parent(node)
    match parent:
        case ast.Return() | ast.keyword() | ast.Compare() | ast.Slice() | ast.IfExp():
            return True
        case ast.Assign(value=value) | ast.AugAssign(value=value) | ast.For(iter=value):
            return value is node
        case ast.Call(args=arguments):
            return node in arguments
        case ast.Subscript(slice=place):
            return place is node
        case ast.Tuple():
            return True
        case ast.DictComp() | ast.ListComp() | ast.SetComp():
            return True
        case _:
            return False
