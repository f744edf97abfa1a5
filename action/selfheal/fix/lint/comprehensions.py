"""Collections that are made around themselves: `set([...])`, `dict()`, `list(x for x in y)`."""

import ast
from collections.abc import Callable

from selfheal.fix.lint.finding import Repair, Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Source

_PASSING = frozenset({"any", "all", "sum", "min", "max", "sorted", "list", "tuple", "set", "dict", "frozenset", "join"})


def _call_repair(change: Callable[[Source, ast.Call], str | None], why: str) -> Repair:
    """Make a repair of a function that says what a call becomes."""

    def repair(spot: Spot) -> tuple[Rewrite, ...]:
        source = spot.source
        at = source.place(spot.finding.line, spot.finding.column)
        calls = [c for c in source.nodes(ast.Call) if c.lineno <= spot.finding.line <= (c.end_lineno or 0)]
        calls.sort(key=lambda c: (not source.span(c)[0] <= at < source.span(c)[1], source.span(c)[0] != at))
        for call in calls:
            new = change(source, call)
            if new is not None:
                return (Rewrite((source.replace(call, new),), why),)
        return ()

    return repair


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _only(call: ast.Call, *names: str) -> ast.expr | None:
    """The one argument of a call of one of these names."""
    return call.args[0] if _name(call) in names and len(call.args) == 1 and not call.keywords else None


def _inside(source: Source, node: ast.expr) -> str:
    text = source.text(node)
    return text[1:-1] if text[:1] in "([{" else text


_BRACKETS = {"list": "[]", "set": "{}", "tuple": "()"}


def _literal(source: Source, call: ast.Call) -> str | None:
    """`set([1])`, `list((1,))`, `set([x for ...])`, `list(x for ...)` as what they make."""
    inner = _only(call, "list", "set", "tuple")
    kind = _name(call)
    if inner is None:
        return None
    if isinstance(inner, ast.GeneratorExp | ast.ListComp | ast.SetComp):
        if kind == "tuple" or (kind == "list" and isinstance(inner, ast.SetComp)):
            return None
        body = source.between(source.span(inner.elt)[0], source.span(inner)[1])
        lead = source.text(inner)
        body = lead[1:-1] if lead[:1] in "([" else body
        return f"{_BRACKETS[kind][0]}{body.strip() if kind == 'set' else body}{_BRACKETS[kind][1]}"
    if isinstance(inner, ast.List | ast.Tuple):
        if not inner.elts:
            return {"list": "[]", "tuple": "()", "set": "set()"}[kind]
        body = _inside(source, inner)
        comma = "," if kind == "tuple" and len(inner.elts) == 1 and not body.rstrip().endswith(",") else ""
        if kind != "tuple" and isinstance(inner, ast.Tuple) and len(inner.elts) == 1:
            body = body.rstrip().rstrip(",")
        return f"{_BRACKETS[kind][0]}{body}{comma}{_BRACKETS[kind][1]}"
    return None


def _mapping(source: Source, call: ast.Call) -> str | None:
    """`dict([(k, v) for ...])` and `dict([(1, 2)])` with braces."""
    inner = _only(call, "dict")
    match inner:
        case ast.ListComp(elt=ast.Tuple(elts=[key, value])) | ast.GeneratorExp(elt=ast.Tuple(elts=[key, value])):
            end = source.span(inner.elt)[1]
            rest = source.between(end, source.span(inner)[1])
            if isinstance(inner, ast.ListComp) or (rest.endswith(")") and source.text(inner)[:2] in ("((", "( ")):
                rest = rest[:-1]
            return f"{{{source.text(key)}: {source.text(value)}{rest.rstrip()}}}"
        case ast.List(elts=pairs) | ast.Tuple(elts=pairs):
            if not all(isinstance(pair, ast.Tuple) and len(pair.elts) == 2 for pair in pairs):
                return None
            items = [f"{source.text(p.elts[0])}: {source.text(p.elts[1])}" for p in pairs if isinstance(p, ast.Tuple)]
            return f"{{{', '.join(items)}}}"
        case _:
            return None


def _empty(source: Source, call: ast.Call) -> str | None:
    """`dict()`, `list()`, `tuple()` and `dict(a=1)` as literals."""
    if not isinstance(call.func, ast.Name) or call.args:
        return None
    if not call.keywords:
        return {"dict": "{}", "list": "[]", "tuple": "()"}.get(call.func.id)
    if call.func.id != "dict" or "\n" in source.text(call):
        return None
    items = [f'"{k.arg}": {source.text(k.value)}' if k.arg else f"**{source.text(k.value)}" for k in call.keywords]
    return f"{{{', '.join(items)}}}"


def _generator(source: Source, call: ast.Call) -> str | None:
    """`any([x for ...])` without its list."""
    inner = call.args[0] if call.args and _name(call) in _PASSING else None
    if not isinstance(inner, ast.ListComp) or len(call.args) != 1:
        return None
    head = source.between(source.span(call)[0], source.span(inner)[0])
    tail = source.between(source.span(inner)[1], source.span(call)[1])
    body = source.text(inner)[1:-1]
    return f"{head}({body}){tail}" if call.keywords else f"{head}{body}{tail}"


def _around(source: Source, call: ast.Call) -> str | None:
    """`list(sorted(x))`, `list([x for ...])`, `set(list(x))`, `sorted(list(x))`, `list(list(x))`."""
    inner = call.args[0] if len(call.args) == 1 else None
    outer = _name(call)
    if outer == "list" and isinstance(inner, ast.ListComp) and not call.keywords:
        return source.text(inner)
    if not isinstance(inner, ast.Call):
        return None
    if outer == "list" and _name(inner) == "sorted":
        return source.text(inner)
    within = _only(inner, "list", "tuple", "set", "sorted", "reversed")
    useless = {
        "set": ("list", "tuple", "sorted", "reversed", "set"),
        "sorted": ("list", "tuple", "sorted", "reversed"),
        "list": ("list", "tuple"),
        "tuple": ("list", "tuple"),
    }
    if within is None or _name(inner) not in useless.get(outer, ()):
        return None
    head = source.between(source.span(call)[0], source.span(inner)[0])
    return f"{head}{source.text(within)}{source.between(source.span(inner)[1], source.span(call)[1])}"


def _copied(spot: Spot) -> tuple[Rewrite, ...]:
    """`[x for x in y]` as `list(y)`."""
    source = spot.source
    found: list[ast.ListComp | ast.SetComp | ast.DictComp] = [*source.nodes(ast.ListComp), *source.nodes(ast.SetComp)]
    found += source.nodes(ast.DictComp)
    for node in found:
        if not node.lineno <= spot.finding.line <= (node.end_lineno or 0) or len(node.generators) != 1:
            continue
        loop = node.generators[0]
        if loop.ifs or loop.is_async or _made(node) != ast.unparse(loop.target):
            continue
        name = {ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict"}[type(node)]
        outer = source.parent(node)
        text = source.text(loop.iter)
        is_loose = isinstance(loop.iter, ast.GeneratorExp) and text[:1] == "("
        new = f"{name}{text}" if is_loose else f"{name}({text})"
        whole = outer if isinstance(outer, ast.Call) and _only(outer, name) is node else node
        return (Rewrite((source.replace(whole, new),), "the collection is copied as it is"),)
    return ()


def _made(node: ast.ListComp | ast.SetComp | ast.DictComp) -> str:
    """What a comprehension puts in, as its loop's target would be written."""
    if isinstance(node, ast.DictComp):
        return f"({ast.unparse(node.key)}, {ast.unparse(node.value)})"
    return ast.unparse(node.elt)


def _super(source: Source, call: ast.Call) -> str | None:
    """`super(Class, self)` as `super()`."""
    if not isinstance(call.func, ast.Name) or call.func.id != "super" or len(call.args) != 2:
        return None
    holder = next((n for n in source.above(call) if isinstance(n, ast.ClassDef)), None)
    is_own = holder is not None and isinstance(call.args[0], ast.Name) and call.args[0].id == holder.name
    return "super()" if is_own else None


def _constant_attribute(source: Source, call: ast.Call) -> str | None:
    """`getattr(a, "b")` as `a.b`."""
    match call:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name))]) if name.isidentifier():
            text = source.text(owner)
            is_simple = isinstance(owner, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
            return f"{text}.{name}" if is_simple else f"({text}).{name}"
        case _:
            return None


_MAKES = "the collection is made at once"
RULES: tuple[Rule, ...] = (
    rule("C400 C401 C403 C405 C409 C410 R1718", _call_repair(_literal, _MAKES)),
    rule("C402 C404 C406 R1717", _call_repair(_mapping, _MAKES)),
    rule("C408 R1734 R1735", _call_repair(_empty, "a literal says it at once")),
    rule("C419 R1728 R1729", _call_repair(_generator, "no list is needed")),
    rule("C411 C413 C414", _call_repair(_around, "the outer, or the inner, call does nothing")),
    rule("C416 R1721", _copied),
    rule("R1725 UP008", _call_repair(_super, "`super()` knows both")),
    rule("B009", _call_repair(_constant_attribute, "the name is known")),
)
