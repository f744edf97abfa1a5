"""Wrong cuts: indexes, slices, and what is unpacked."""

import ast
from collections.abc import Iterator

from selfheal.fix.search.site import Change, Site


def indexes(site: Site, node: ast.AST) -> Iterator[Change]:
    """The other end, or a neighbour."""
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice):
        return
    text = site.source(node.slice)
    tried = {"0": ("-1", "1"), "-1": ("0", "-2"), "1": ("0", "-1", "2")}.get(text, ())
    for other in tried:
        yield site.swap(node.slice, other)
    if not isinstance(node.slice, ast.Constant | ast.Tuple):
        yield site.swap(node.slice, f"-{site.held(node.slice)}", weight=0.2)


def slices(site: Site, node: ast.AST) -> Iterator[Change]:
    """A bound that is missing, too much, or on the other side; the order turned round."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice):
        return
    lower, upper, step = (
        site.source(part) if part is not None else "" for part in (node.slice.lower, node.slice.upper, node.slice.step)
    )
    tail = f":{step}" if step else ""
    tried: dict[str, float] = {}
    if lower and not upper:
        tried |= {f":{lower}{tail}": 0.8, f"{lower}:-1{tail}": 0.3}
    if upper and not lower:
        tried |= {f"{upper}:{tail}": 0.8, f"1:{upper}{tail}": 0.3}
    if lower and upper:
        tried |= {f"{lower}:{tail}": 0.5, f":{upper}{tail}": 0.5, f"{upper}:{lower}{tail}": 0.3}
        tried |= {f"{lower}:{lower} + {upper}{tail}": 0.4}
    if not step:
        tried |= {f"{lower}:{upper}:-1": 0.3, f"{lower}:{upper}:2": 0.1}
    else:
        tried |= {f"{lower}:{upper}": 0.6, f"{lower}:{upper}:-{step}": 0.3}
    if not lower and not upper:
        tried |= {f"1:{tail}": 0.4, f":-1{tail}": 0.4}
    tried.pop(f"{lower}:{upper}{tail}", None)
    first, last = site.span(node.slice)
    for text, weight in tried.items():
        yield Change(first, last, text, node.lineno, weight)


def tuples(site: Site, node: ast.AST) -> Iterator[Change]:
    """Two neighbours of a tuple, list or dictionary entry in each other's place."""
    if isinstance(node, ast.Tuple | ast.List):
        for left, right in zip(node.elts, node.elts[1:], strict=False):
            yield from _swapped(site, left, right)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                yield from _swapped(site, key, value)
    elif isinstance(node, ast.DictComp):
        yield from _swapped(site, node.key, node.value)


def _swapped(site: Site, left: ast.expr, right: ast.expr) -> Iterator[Change]:
    first, left_end = site.span(left)
    right_start, last = site.span(right)
    gap = site.text[left_end:right_start]
    if "(" not in gap and ")" not in gap:
        yield Change(first, last, site.source(right) + gap + site.source(left), left.lineno)
