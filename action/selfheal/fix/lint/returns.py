"""What a function gives back, and statements that do nothing."""

import ast

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import uses
from selfheal.fix.lint.source import FunctionNode, Source, Splice
from selfheal.fix.lint.statements import block_of, cut, delete, has_own_lines

_EFFECTS = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


def own(function: FunctionNode, kind: type[ast.stmt] | tuple[type[ast.AST], ...]) -> list[ast.AST]:
    """The nodes of a kind in a function, those of inner functions left out."""
    found: list[ast.AST] = []
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop(0)
        if isinstance(node, kind):
            found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            todo += list(ast.iter_child_nodes(node))
    return found


def _function(spot: Spot) -> FunctionNode | None:
    source = spot.source
    exact = next((n for n in source.functions() if n.lineno == spot.finding.line), None)
    inside = [n for n in source.functions() if n.lineno <= spot.finding.line <= (n.end_lineno or 0)]
    return exact or max(inside, key=lambda n: n.lineno, default=None)


def _consistent(spot: Spot) -> tuple[Rewrite, ...]:
    """Where some paths give a value, the others say that they give None."""
    source = spot.source
    function = _function(spot)
    if function is None:
        return ()
    splices = [
        source.insert(source.span(node)[1], " None")
        for node in own(function, (ast.Return,))
        if isinstance(node, ast.Return) and node.value is None
    ]
    if not _always_leaves(function.body):
        indent = source.indent(function.body[0].lineno)
        at = source.line_start((function.end_lineno or 0) + 1)
        lead = "" if source.raw[:at].endswith((b"\n", b"\r")) else source.newline
        if not has_own_lines(source, function):
            return ()
        splices.append(source.insert(at, f"{lead}{indent}return None{source.newline}"))
    why = "some paths give a value: the others now say that they give None"
    return (Rewrite(tuple(splices), why),) if splices else ()


def _always_leaves(body: list[ast.stmt]) -> bool:
    match body[-1]:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=then, orelse=other):
            return bool(other) and _always_leaves(then) and _always_leaves(other)
        case ast.With(body=inner) | ast.AsyncWith(body=inner):
            return _always_leaves(inner)
        case ast.While(test=ast.Constant(value=value), body=inner):
            breaks = any(isinstance(n, ast.Break) for s in inner for n in ast.walk(s))
            return bool(value) and not breaks
        case ast.Try(body=inner, handlers=handlers, orelse=other, finalbody=final):
            if final and _always_leaves(final):
                return True
            ends = _always_leaves(other) if other else _always_leaves(inner)
            return ends and all(_always_leaves(h.body) for h in handlers)
        case ast.Match(cases=cases):
            last = cases[-1].pattern
            covers = isinstance(last, ast.MatchAs) and last.pattern is None
            return covers and all(_always_leaves(c.body) for c in cases)
        case _:
            return False


def _useless(spot: Spot) -> tuple[Rewrite, ...]:
    """A `return` as the last statement of a function that gives nothing back; else `return None` as `return`."""
    source = spot.source
    here = next(iter(source.nodes(ast.Return, line=spot.finding.line)), None)
    function = _function(spot)
    if here is None and function is not None and isinstance(function.body[-1], ast.Return):
        here = function.body[-1]
    if here is None or (here.value is not None and not _is_none(here.value)):
        return ()
    if function is not None and function.body[-1] is here:
        return (Rewrite((delete(source, here),), "a function ends without a word"),)
    start, end = source.span(here)
    return (Rewrite((Splice(start + len("return"), end, b""),), "None is what `return` gives"),)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _explicit_none(spot: Spot) -> tuple[Rewrite, ...]:
    here = next(iter(spot.source.nodes(ast.Return, line=spot.finding.line)), None)
    if here is None or here.value is not None:
        return ()
    return (Rewrite((spot.source.insert(spot.source.span(here)[1], " None"),), "other paths give a value"),)


def _straight(spot: Spot) -> tuple[Rewrite, ...]:
    """`x = value` and then `return x` as `return value`."""
    source = spot.source
    here = next((n for n in source.nodes(ast.Return) if n.lineno <= spot.finding.line <= (n.end_lineno or 0)), None)
    if here is None or not isinstance(here.value, ast.Name):
        return ()
    block = block_of(source, here)
    at = block.index(here)
    before = block[at - 1] if at else None
    match before:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == here.value.id:
            end = source.span(before)[1]
        case _:
            return ()
    if source.between(end, source.span(here)[0]).strip() or source.span(value)[1] != end:
        return ()
    if _is_seen_elsewhere(source, here, name):
        return ()
    head = Splice(source.span(before)[0], source.span(value)[0], b"return ")
    return (Rewrite((head, cut(source, here)), "the value is given back as it is made"),)


def _is_seen_elsewhere(source: Source, here: ast.Return, name: str) -> bool:
    """Tell whether somebody else reads what was assigned: the module, an inner function, a `finally`."""
    scope = source.scope(here)
    outside = (ast.Global, ast.Nonlocal)
    if any(isinstance(n, outside) and name in n.names for n in ast.walk(scope)):
        return True
    if any(isinstance(n, ast.Try) for n in source.above(here) if n in ast.walk(scope)):
        return True
    return any(source.scope(use) is not scope for use in uses(scope, name))


def _pass(spot: Spot) -> tuple[Rewrite, ...]:
    """A `pass` or `...` beside other statements."""
    source = spot.source
    here: list[ast.stmt] = list(source.nodes(ast.Pass, line=spot.finding.line))
    here += [n for n in source.nodes(ast.Expr, line=spot.finding.line) if _is_ellipsis(n)]
    if not here or len(block_of(source, here[0])) == 1:
        return ()
    return (Rewrite((delete(source, here[0]),), "the block has other statements, so it needs no placeholder"),)


def _is_ellipsis(node: ast.Expr) -> bool:
    return isinstance(node.value, ast.Constant) and node.value.value is ...


def _pointless(spot: Spot) -> tuple[Rewrite, ...]:
    """An expression that nobody uses and that does nothing."""
    source = spot.source
    here = next(iter(source.nodes(ast.Expr, line=spot.finding.line)), None)
    if here is None or any(isinstance(n, _EFFECTS) for n in ast.walk(here)):
        return ()
    is_text = isinstance(here.value, ast.Constant)
    why = "the statement does nothing"
    if not is_text:
        why += "; if it was meant to assert or to assign something, that is still missing"
    return (Rewrite((delete(source, here),), why, is_sure=is_text),)


def _self_assignment(spot: Spot) -> tuple[Rewrite, ...]:
    here = next(iter(spot.source.nodes(ast.Assign, line=spot.finding.line)), None)
    match here:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=same)) if name == same:
            return (Rewrite((delete(spot.source, here),), f"{name} is given its own value"),)
        case _:
            return ()


def _global_not_assigned(spot: Spot) -> tuple[Rewrite, ...]:
    """`global x` in a function that only reads x."""
    source = spot.source
    here = next(iter(source.nodes(ast.Global, line=spot.finding.line)), None)
    if here is None:
        return ()
    scope = source.scope(here)
    kept = [n for n in here.names if any(isinstance(u.ctx, ast.Store | ast.Del) for u in uses(scope, n))]
    if len(kept) == len(here.names):
        return ()
    splice = source.replace(here, f"global {', '.join(kept)}") if kept else delete(source, here)
    return (Rewrite((splice,), "a name that is only read needs no `global`"),)


RULES: tuple[Rule, ...] = (
    rule("R1710 RET503", _consistent),
    rule("R1711 PLR1711 RET501", _useless),
    rule("RET502", _explicit_none),
    rule("RET504", _straight),
    rule("W0107 W2301 PIE790", _pass),
    rule("W0104 W0105 W0106 B015 B018", _pointless),
    rule("W0127 PLW0127", _self_assignment),
    rule("W0602 PLW0602 F824", _global_not_assigned),
)
