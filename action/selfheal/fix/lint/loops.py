"""Loops over positions and keys, and functions made in loops."""

import ast
import keyword
import re

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import taken, uses
from selfheal.fix.lint.source import FunctionNode, Source, Splice

_PLAIN_ITEMS = ("item", "value", "element", "entry")


def _loop(spot: Spot) -> ast.For | ast.comprehension | None:
    source = spot.source
    loop = next(iter(source.nodes(ast.For, line=spot.finding.line)), None)
    if loop is not None:
        return loop
    around = [
        n
        for n in source.nodes(ast.comprehension)
        if n.target.lineno <= spot.finding.line <= (n.iter.end_lineno or n.iter.lineno)
    ]
    return around[0] if around else None


def _enumerated(spot: Spot) -> tuple[Rewrite, ...]:
    """`for i in range(len(a))` with `a[i]` as `for i, item in enumerate(a)`."""
    source, loop = spot.source, _loop(spot)
    match loop:
        case ast.For(
            target=ast.Name(id=index),
            iter=ast.Call(func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[items])]),
        ):
            listed = source.text(items)
        case _:
            return ()
    reads, others, writes = _subscripts(source, loop, listed, index)
    if writes or not isinstance(items, ast.Name | ast.Attribute) or _is_bound_in(loop, items):
        return ()
    if _is_otherwise_used(source, loop, listed, reads):
        return ()
    item = _item_name(source, items)
    if item is None or not reads:
        return ()
    target = f"{index}, {item}" if others else item
    over = f"enumerate({listed})" if others else listed
    head = Splice(source.span(loop.target)[0], source.span(loop.iter)[1], f"{target} in {over}".encode())
    if not others and _is_read_later(source, loop, index):
        return ()
    body = [source.replace(read, item) for read in reads]
    why = f"the loop is over {listed} itself, not over its positions; were it no sequence, it would be over its keys"
    return (Rewrite((head, *body), why, is_sure=False),)


def _subscripts(
    source: Source, loop: ast.For, listed: str, index: str
) -> tuple[list[ast.Subscript], list[ast.Name], list[ast.Subscript]]:
    """The reads of `listed[index]`, other uses of the index, and writes to it."""
    reads: list[ast.Subscript] = []
    writes: list[ast.Subscript] = []
    inside: set[int] = set()
    for statement in loop.body:
        for node in ast.walk(statement):
            match node:
                case ast.Subscript(value=value, slice=ast.Name(id=key)) if key == index:
                    if source.text(value) == listed:
                        (reads if isinstance(node.ctx, ast.Load) else writes).append(node)
                        inside.add(id(node.slice))
                case _:
                    continue
    others = [n for s in loop.body for n in uses(s, index) if id(n) not in inside]
    return reads, others, writes


def _is_otherwise_used(source: Source, loop: ast.For, listed: str, reads: list[ast.Subscript]) -> bool:
    """Tell whether the body does more with what is looped over than read an element: it may grow, or be replaced."""
    known = {id(read.value) for read in reads}
    inside = (node for statement in loop.body for node in ast.walk(statement))
    return any(
        isinstance(node, ast.Name | ast.Attribute) and id(node) not in known and source.text(node) == listed
        for node in inside
    )


def _is_bound_in(loop: ast.For, items: ast.expr) -> bool:
    name = ast.unparse(items)
    for statement in loop.body:
        for node in ast.walk(statement):
            is_bound = isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del)
            if is_bound and ast.unparse(node) == name:
                return True
    return False


def _is_read_later(source: Source, loop: ast.For, index: str) -> bool:
    last = loop.end_lineno or loop.lineno
    return any(u.lineno > last and isinstance(u.ctx, ast.Load) for u in uses(source.scope(loop), index))


def _item_name(source: Source, items: ast.expr) -> str | None:
    name = items.attr if isinstance(items, ast.Attribute) else getattr(items, "id", "")
    name = name.lstrip("_")
    singular: tuple[str, ...] = ()
    if name.endswith("ies"):
        singular = (f"{name[:-3]}y",)
    elif name.endswith(("ses", "xes", "ches", "shes")):
        singular = (name[:-2],)
    elif name.endswith("s") and len(name) > 3:
        singular = (name[:-1],)
    words = taken(source.tree)
    return next((n for n in (*singular, *_PLAIN_ITEMS) if n not in words and not keyword.iskeyword(n)), None)


def _keys(spot: Spot) -> tuple[Rewrite, ...]:
    """`in d.keys()` as `in d`."""
    source = spot.source
    for call in source.nodes(ast.Call):
        match call:
            case ast.Call(func=ast.Attribute(value=owner, attr="keys"), args=[], keywords=[]):
                is_mapping = _is_mapping(source, call, owner)
                if _is_walked(source, call) and call.lineno == spot.finding.line:
                    end = source.span(owner)[1]
                    while source.raw[end : end + 1] == b")":
                        end += 1
                    splice = Splice(end, source.span(call)[1], b"")
                    doubt = "" if is_mapping else "; what only looks like a mapping may walk through its values"
                    why = f"a mapping is asked, and walked through, by its keys{doubt}"
                    return (Rewrite((splice,), why, is_sure=is_mapping),)
            case _:
                continue
    return ()


def _is_walked(source: Source, call: ast.Call) -> bool:
    """Tell whether keys are gone through, or asked for one: two sets of keys that are compared must stay."""
    match source.parent(call):
        case ast.For(iter=walked) | ast.comprehension(iter=walked):
            return walked is call
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[asked]):
            return asked is call
        case _:
            return False


def _is_mapping(source: Source, call: ast.Call, owner: ast.expr) -> bool:
    """Tell whether the function itself says that a name is a dictionary."""
    if not isinstance(owner, ast.Name):
        return isinstance(owner, ast.Dict | ast.DictComp)
    for node in ast.walk(source.scope(call)):
        match node:
            case ast.arg(arg=name, annotation=ast.expr() as kind) if name == owner.id:
                return re.match(r"(?:typing\.)?(?:dict|Dict|Mapping|MutableMapping)\b", source.text(kind)) is not None
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == owner.id:
                made = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict"
                return made or isinstance(value, ast.Dict | ast.DictComp)
            case _:
                continue
    return False


def _items(spot: Spot) -> tuple[Rewrite, ...]:
    """`for k in d` with `d[k]` as `for k, value in d.items()`."""
    source, loop = spot.source, _loop(spot)
    if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name):
        return ()
    mapping = loop.iter
    match mapping:
        case ast.Call(func=ast.Attribute(value=owner, attr="keys"), args=[]):
            mapping = owner
        case _:
            pass
    if not isinstance(mapping, ast.Name | ast.Attribute) or _is_bound_in(loop, mapping):
        return ()
    listed, key = source.text(mapping), loop.target.id
    reads, others, writes = _subscripts(source, loop, listed, key)
    value = next((n for n in ("value", f"{key}_value", "item") if n not in taken(source.tree)), None)
    if writes or not reads or value is None:
        return ()
    if _is_otherwise_used(source, loop, listed, reads):
        return ()
    target = f"{key}, {value}" if others else value
    over = f"{listed}.items()" if others else f"{listed}.values()"
    head = Splice(source.span(loop.target)[0], source.span(loop.iter)[1], f"{target} in {over}".encode())
    return (Rewrite((head, *(source.replace(r, value) for r in reads)), "key and value come together"),)


def _bound_now(spot: Spot) -> tuple[Rewrite, ...]:
    """A function made in a loop keeps the loop's value of now, as a default."""
    source = spot.source
    name = spot.finding.quoted[-1] if spot.finding.tool != "pylint" else spot.finding.message.split(" ")[2]
    name = name.strip("'\"`.") if name.strip("'\"`.").isidentifier() else spot.finding.name
    use = next((n for n in source.nodes(ast.Name, line=spot.finding.line) if n.id == name), None)
    function = (
        next((n for n in source.above(use) if isinstance(n, FunctionNode | ast.Lambda)), None)
        if use is not None
        else None
    )
    if function is None or function.args.kwarg is not None:
        return ()
    at = _end_of_arguments(source, function)
    if at is None:
        return ()
    has_some = bool(ast.unparse(function.args))
    lead = ", " if has_some else (" " if isinstance(function, ast.Lambda) else "")
    why = f"the function keeps the {name} of its own turn of the loop; before, all of them saw the last one"
    return (Rewrite((source.insert(at, f"{lead}{name}={name}"),), why, is_sure=False),)


def _end_of_arguments(source: Source, function: FunctionNode | ast.Lambda) -> int | None:
    every = function.args
    parts: list[ast.AST] = [*every.posonlyargs, *every.args, *every.kwonlyargs, *every.defaults]
    parts += [d for d in every.kw_defaults if d is not None] + ([every.vararg] if every.vararg else [])
    if parts:
        return max(source.span(part)[1] for part in parts)
    start, end = source.span(function)[0], source.span(function)[1]
    if isinstance(function, ast.Lambda):
        return start + len("lambda")
    opening = source.raw.find(b"(", start, end)
    return opening + 1 if opening > 0 else None


RULES: tuple[Rule, ...] = (
    rule("C0200", _enumerated),
    rule("C0201 SIM118", _keys),
    rule("C0206 PLC0206 R1733", _items),
    rule("B023 W0640", _bound_now),
)
