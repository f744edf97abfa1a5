"""Collections that are made around themselves: `set([...])`, `dict()`, `list(x for x in y)`."""

import ast
import keyword
from collections.abc import Callable

from selfheal.fix.lint.finding import Repair, Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import FunctionNode, Source

_PASSING = frozenset({"any", "all", "sum", "min", "max", "sorted", "list", "tuple", "set", "dict", "frozenset", "join"})


def _no_doubt(_: ast.Call) -> str:
    return ""


def _call_repair(
    change: Callable[[Source, ast.Call], str | None], why: str, doubt_of: Callable[[ast.Call], str] = _no_doubt
) -> Repair:
    """Make a repair of a function that says what a call becomes, and of one that says what else may change."""

    def repair(spot: Spot) -> tuple[Rewrite, ...]:
        source = spot.source
        at = source.place(spot.finding.line, spot.finding.column)
        calls = [c for c in source.nodes(ast.Call) if c.lineno <= spot.finding.line <= (c.end_lineno or 0)]
        calls.sort(key=lambda c: (not source.span(c)[0] <= at < source.span(c)[1], source.span(c)[0] != at))
        for call in calls:
            new = change(source, call)
            if new is not None:
                doubt = doubt_of(call)
                return (Rewrite((source.replace(call, new),), f"{why}{doubt}", is_sure=not doubt),)
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
    if not isinstance(inner, ast.ListComp) or len(call.args) != 1 or _waits(inner):
        return None
    head = source.between(source.span(call)[0], source.span(inner)[0])
    tail = source.between(source.span(inner)[1], source.span(call)[1])
    body = source.text(inner)[1:-1]
    return f"{head}({body}){tail}" if call.keywords else f"{head}{body}{tail}"


def _waits(inner: ast.ListComp) -> bool:
    """Tell whether it awaits something: without its brackets it would be a generator that none of these can read."""
    return any(isinstance(n, ast.Await) or getattr(n, "is_async", 0) for n in ast.walk(inner))


def _stops_early(call: ast.Call) -> str:
    """What changes where `any` and `all` stop at the first answer."""
    calls = any(isinstance(n, ast.Call | ast.Yield | ast.NamedExpr) for n in ast.walk(call.args[0]))
    return "; what is called for each stops at the first answer now" if calls and _name(call) in ("any", "all") else ""


def _turns_equals(call: ast.Call) -> str:
    """What changes where the inner order decides between equals."""
    inner = call.args[0]
    is_ordered = _name(call) == "sorted" and isinstance(inner, ast.Call) and _name(inner) in ("sorted", "reversed")
    return "; what counts as equal may stand in another order" if is_ordered else ""


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
        is_sure = not isinstance(node, ast.DictComp) or _gives_pairs(loop.iter)
        doubt = "" if is_sure else "; of a mapping whose keys are pairs it would take the values"
        return (Rewrite((source.replace(whole, new),), f"the collection is copied as it is{doubt}", is_sure),)
    return ()


def _gives_pairs(looped: ast.expr) -> bool:
    """Tell whether it is surely no mapping itself."""
    return isinstance(looped, ast.List | ast.Tuple | ast.ListComp | ast.GeneratorExp) or (
        isinstance(looped, ast.Call) and _name(looped) in ("items", "zip", "enumerate", "sorted")
    )


def _made(node: ast.ListComp | ast.SetComp | ast.DictComp) -> str:
    """What a comprehension puts in, as its loop's target would be written."""
    if isinstance(node, ast.DictComp):
        return f"({ast.unparse(node.key)}, {ast.unparse(node.value)})"
    return ast.unparse(node.elt)


def _super(source: Source, call: ast.Call) -> str | None:
    """`super(Class, self)` as `super()`."""
    if not isinstance(call.func, ast.Name) or call.func.id != "super" or len(call.args) != 2:
        return None
    method = source.scope(call)
    holder = source.parent(method)
    if not isinstance(method, FunctionNode) or not isinstance(holder, ast.ClassDef) or holder.decorator_list:
        # Within a function of the method `super()` knows neither; a decorator may make another class of this one.
        return None
    if any(isinstance(n, ast.comprehension | ast.GeneratorExp | ast.ListComp) for n in source.above(call)):
        return None
    names = [getattr(argument, "id", "") for argument in call.args]
    first = [argument.arg for argument in (*method.args.posonlyargs, *method.args.args)][:1]
    return "super()" if names == [holder.name, *first] else None


def _is_plain(name: str) -> bool:
    """False for what a class would spell otherwise for itself: `getattr` does not."""
    is_mangled = name.startswith("__") and not name.endswith("__")
    return name.isidentifier() and not keyword.iskeyword(name) and not is_mangled


def _constant_attribute(source: Source, call: ast.Call) -> str | None:
    """`getattr(a, "b")` as `a.b`."""
    match call:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name))]) if _is_plain(name):
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
    rule("C419 R1728 R1729", _call_repair(_generator, "no list is needed", _stops_early)),
    rule("C411 C413 C414", _call_repair(_around, "the outer, or the inner, call does nothing", _turns_equals)),
    rule("C416 R1721", _copied),
    rule("R1725 UP008", _call_repair(_super, "`super()` knows both")),
    rule("B009", _call_repair(_constant_attribute, "the name is known")),
)
