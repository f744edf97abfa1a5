"""Wrong constants and bounds."""

import ast
import re
from collections.abc import Iterator

from selfheal.fix.search.site import Change, Site

_NO_STEP = 0.2
"""Where one is counted on or back, it is seldom two that is meant; and nobody writes `x + 0`."""
_NUMBER = re.compile(r"(?<!\w)\d{1,3}(?!\d)")


def numbers(site: Site, node: ast.AST) -> Iterator[Change]:
    """A number one off, with the other sign, of another size, or the one that the failing test speaks of."""
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return
    value = node.value
    if isinstance(value, int):
        tried = {str(value + 1): 1.0, str(value - 1): 1.0}
        for other, weight in ((0, 0.5), (1, 0.5), (-value, 0.3), (2, 0.25), (value * 10, 0.15), (value // 10, 0.1)):
            tried.setdefault(str(other), weight)
        tried.setdefault(f"{value}.0", 0.05)
    else:
        tried = {repr(value * 10): 0.4, repr(value / 10): 0.4, repr(1 - value): 0.3, repr(-value): 0.2, "0.0": 0.2}
    for rank, hinted in enumerate(site.hints.numbers):
        tried[hinted] = max(tried.get(hinted, 0.0), 0.7 / (1 + 0.25 * rank))
    for name in site.names[:8]:
        tried.setdefault(name, 0.3)
    tried.pop(site.source(node), None)
    tried.pop(str(value), None)
    for text in {"2", "0"} & tried.keys() if _is_step(site.parent(node), node) else ():
        tried[text] *= _NO_STEP
    for text, weight in tried.items():
        yield site.swap(node, f"({text})" if text.startswith("-") else text, weight=weight)


def truths(site: Site, node: ast.AST) -> Iterator[Change]:
    """`True` for `False`, and what stands for nothing for other nothings."""
    if not isinstance(node, ast.Constant) or not (node.value is None or isinstance(node.value, bool)):
        return
    others = {True: {"False": 1.0, "None": 0.2}, False: {"True": 1.0, "None": 0.2}}
    nothing = {"[]": 0.3, "0": 0.3, "''": 0.3, "{}": 0.3, "False": 0.3, "True": 0.3}
    for text, weight in (others[node.value] if isinstance(node.value, bool) else nothing).items():
        yield site.swap(node, text, weight=weight)


def strings(site: Site, node: ast.AST) -> Iterator[Change]:
    """Another text: of the failing test, of the file around, or this one in another form."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or _is_docstring(site, node):
        return
    value = node.value
    tried = dict.fromkeys(
        (repr(v) for v in (value.lower(), value.upper(), value.strip(), value.title(), f"{value} ", f" {value}")), 0.3
    )
    if len(value) <= 1:
        tried |= dict.fromkeys((repr(v) for v in ("", " ", ",", "-", "_", ".", "\n", ":", "/", ", ", "0")), 0.25)
    if len(value) > 1:
        tried |= {repr(value[:-1]): 0.2, repr(value[1:]): 0.2}
    for rank, hinted in enumerate(site.hints.strings):
        tried[hinted] = max(tried.get(hinted, 0.0), 0.8 / (1 + 0.25 * rank))
    tried.pop(repr(value), None)
    for text, weight in tried.items():
        yield site.swap(node, text, weight=weight)


def format_numbers(site: Site, node: ast.AST) -> Iterator[Change]:
    """A number in the format of an f-string, one off."""
    if not isinstance(node, ast.JoinedStr):
        return
    first, _ = site.span(node)
    for match in _NUMBER.finditer(site.source(node)):
        for value in (int(match.group()) + 1, int(match.group()) - 1):
            if value >= 0:
                text = str(value).zfill(len(match.group())) if match.group().startswith("0") else str(value)
                yield Change(first + match.start(), first + match.end(), text, node.lineno)


_DIVIDED = 0.25
"""What is counted from one where the division wants it from zero, or the other way round."""


def off_by_one(site: Site, node: ast.AST) -> Iterator[Change]:
    """One more or one less, where something is counted, compared or cut."""
    if not isinstance(node, ast.Name | ast.Call | ast.Attribute | ast.BinOp | ast.Subscript):
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    weight = _counting(site, node)
    if weight:
        last = node.right if isinstance(node, ast.BinOp) else None
        weight *= _NO_STEP if last is not None and _is_step(node, last) else 1.0
        form = "({} {} 1)" if isinstance(site.parent(node), ast.BinOp) else "{} {} 1"
        yield site.swap(node, form.format(site.source(node), "+"), weight=weight)
        yield site.swap(node, form.format(site.source(node), "-"), weight=weight)


def _is_step(parent: ast.AST | None, node: ast.AST) -> bool:
    """The 1 of `x + 1` and `x - 1`."""
    match parent:
        case ast.BinOp(op=ast.Add() | ast.Sub(), right=ast.Constant(value=1) as last):
            return last is node
    return False


def _counting(site: Site, node: ast.expr) -> float:
    parent = site.parent(node)
    match parent:
        case ast.Slice():
            return 1.0
        case ast.Subscript(slice=place) if place is node:
            return 0.9
        case ast.Call(func=ast.Name(id="range")):
            return 1.0
        case ast.Compare():
            return 0.35
        case ast.Call(args=arguments) if node in arguments:
            return 0.3
        case ast.Return() | ast.Assign() | ast.AugAssign() | ast.Tuple():
            return 0.3
        case ast.BinOp(left=left, op=ast.FloorDiv() | ast.Mod()) if left is node:
            return _DIVIDED
        case _:
            return 0.0


def _is_docstring(site: Site, node: ast.Constant) -> bool:
    return isinstance(site.parent(node), ast.Expr)
