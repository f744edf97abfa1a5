"""Variables that nobody reads: the assignment goes, what it calls stays."""

import ast
from collections.abc import Iterator

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import is_loaded, reads_by_text, renamed, taken, uses
from selfheal.fix.lint.source import FunctionNode, Source, Splice
from selfheal.fix.lint.statements import delete

_PURE = frozenset(
    {"len", "abs", "bool", "id", "isinstance", "issubclass", "type", "max", "min", "range", "set", "dict"}
)
_SILENT = (ast.Constant, ast.Name, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Lambda, ast.expr_context)
"""What raises nothing, uses nothing up and runs no operator that a class may have turned into an act."""
_ACTS = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


def _assigned(spot: Spot) -> tuple[Rewrite, ...]:
    """Drop every assignment of the name in its function."""
    source, name = spot.source, spot.finding.name
    bound = _binding(source, name, spot.finding.line)
    if bound is None:
        return ()
    scope = source.scope(bound)
    if not isinstance(scope, FunctionNode) or reads_by_text(scope) or is_loaded(scope, name):
        return _underscored(spot) if isinstance(scope, FunctionNode) else ()
    rewrites: list[Rewrite] = []
    for use in (bound, *(u for u in uses(scope, name) if u is not bound)):
        rewrite = _dropped(source, use, name)
        if rewrite is None:
            return _underscored(spot) if not rewrites else ()
        rewrites.append(rewrite)
    splices = tuple(dict.fromkeys(s for rewrite in rewrites for s in rewrite.splices))
    return (Rewrite(splices, f"{name} is assigned and never read", is_sure=all(r.is_sure for r in rewrites)),)


def _binding(source: Source, name: str, line: int) -> ast.Name | ast.ExceptHandler | None:
    stored = [n for n in source.nodes(ast.Name, line=line) if n.id == name and isinstance(n.ctx, ast.Store)]
    if stored:
        return stored[0]
    return next((h for h in source.nodes(ast.ExceptHandler, line=line) if h.name == name), None)


def _dropped(source: Source, bound: ast.Name | ast.ExceptHandler, name: str) -> Rewrite | None:
    if isinstance(bound, ast.ExceptHandler):
        return _without_as(source, bound, name)
    match source.parent(bound):
        case ast.Assign(targets=[only], value=value) as statement if only is bound:
            return _only_value(source, statement, value)
        case ast.Assign(targets=targets) if bound in targets:
            start = source.span(bound)[0]
            rest = source.raw[start:].find(b"=") + 1
            blanks = len(source.raw[start + rest :]) - len(source.raw[start + rest :].lstrip(b" "))
            return Rewrite((Splice(start, start + rest + blanks, b""),), "")
        case ast.AnnAssign(value=value) as statement:
            return _only_value(source, statement, value)
        case ast.AugAssign(value=value) as statement:
            return _only_value(source, statement, value)
        case ast.withitem(context_expr=context) if not isinstance(bound.ctx, ast.Load):
            return Rewrite((Splice(_end_outside(source, context), source.span(bound)[1], b""),), "")
        case ast.NamedExpr(value=value) as walrus:
            return Rewrite((source.replace(walrus, source.text(value)),), "")
        case _:
            return None


def _end_outside(source: Source, context: ast.expr) -> int:
    end = source.span(context)[1]
    while source.raw[end : end + 1] == b")":
        end += 1
    return end


def _only_value(source: Source, statement: ast.stmt, value: ast.expr | None) -> Rewrite | None:
    if value is None or not any(isinstance(node, _ACTS) and not _is_pure(node) for node in ast.walk(value)):
        is_tried = isinstance(source.parent(statement), ast.Try)
        is_silent = value is None or (_is_silent(value) and not is_tried)
        return Rewrite((delete(source, statement),), "", is_sure=is_silent)
    if isinstance(value, ast.Call | ast.Await | ast.Yield | ast.YieldFrom):
        start = source.span(statement)[0]
        return Rewrite((Splice(start, source.span(value)[0], b""),), "") if _is_bare(source, statement, value) else None
    return None


def _is_silent(value: ast.expr) -> bool:
    """Tell whether nobody can see that a value is no longer worked out."""
    return isinstance(value, ast.Lambda) or all(isinstance(node, _SILENT) for node in ast.walk(value))


def _is_pure(node: ast.AST) -> bool:
    """Tell whether a call only looks at what it is given."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _PURE


def _is_bare(source: Source, statement: ast.stmt, value: ast.expr) -> bool:
    """No bracket around the value that would be left without its partner."""
    return source.span(statement)[1] == source.span(value)[1]


def _without_as(source: Source, handler: ast.ExceptHandler, name: str) -> Rewrite | None:
    if handler.type is None:
        return None
    end = source.span(handler.type)[1]
    head = source.raw[end : source.span(handler.body[0])[0]]
    colon = head.find(b":")
    closing = head[:colon].partition(b" as ")[0].rstrip()
    if f" as {name}".encode() not in head[:colon]:
        return None
    return Rewrite((Splice(end + len(closing), end + colon, b""),), "")


def _underscored(spot: Spot) -> tuple[Rewrite, ...]:
    """Mark a part of an unpacking or a loop's variable as not wanted."""
    source, name = spot.source, spot.finding.name
    stored = [n for n in source.nodes(ast.Name, line=spot.finding.line) if n.id == name and _stores(n)]
    if not stored or name.startswith("_"):
        return ()
    holder = next(_holders(source, stored[0]), None)
    scope = holder if isinstance(holder, ast.comprehension) else source.scope(stored[0])
    if isinstance(holder, ast.comprehension):
        scope = source.parent(holder) or source.tree
    if reads_by_text(scope) or f"_{name}" in taken(scope):
        return ()
    if holder is None:
        return ()
    if is_loaded(scope, name) and any(u.lineno > stored[0].lineno and not _stores(u) for u in uses(scope, name)):
        return ()
    why = f"{name} is never read, and its name says so now"
    return (Rewrite((source.replace(stored[0], f"_{name}"),), why),)


def _holders(source: Source, bound: ast.Name) -> Iterator[ast.AST]:
    """What takes a value apart into the name: a loop, a comprehension, an unpacking."""
    is_part = isinstance(source.parent(bound), ast.Tuple | ast.List | ast.Starred)
    for outer in source.above(bound):
        if isinstance(outer, ast.For | ast.AsyncFor | ast.comprehension):
            yield outer
        if isinstance(outer, ast.Assign | ast.With | ast.AsyncWith) and is_part:
            yield outer
        if isinstance(outer, ast.stmt):
            return


def _stores(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _local(spot: Spot) -> tuple[Rewrite, ...]:
    """pylint calls unpacked names, loops' names and inner definitions unused variables too."""
    if spot.finding.message.startswith("Unused import"):
        return ()
    found = _assigned(spot) or _underscored(spot)
    if found:
        return found
    source, name = spot.source, spot.finding.name
    inner = next((n for n in source.nodes(ast.stmt, line=spot.finding.line) if getattr(n, "name", "") == name), None)
    if inner is None or not isinstance(source.scope(inner), FunctionNode) or is_loaded(source.scope(inner), name):
        return ()
    why = f"the inner definition {name} is never used; it may have been meant to be"
    return (Rewrite((delete(source, inner),), why, is_sure=False),)


def _renamed_everywhere(spot: Spot) -> tuple[Rewrite, ...]:
    """A loop's name that is only there to count."""
    found = _underscored(spot)
    if found:
        return found
    name = spot.finding.name
    loop = next(iter(spot.source.nodes(ast.For, line=spot.finding.line)), None)
    if loop is None or not name or name.startswith("_"):
        return ()
    splices = renamed(spot.source, loop.target, name, f"_{name}")
    return (Rewrite(splices, f"{name} is never read in the loop"),) if splices and not _later(spot, loop) else ()


def _later(spot: Spot, loop: ast.For) -> bool:
    scope = spot.source.scope(loop)
    return any(use.lineno > loop.lineno and not _stores(use) for use in uses(scope, spot.finding.name))


RULES: tuple[Rule, ...] = (
    rule("F841", _local),
    rule("W0612 RUF059", _local),
    rule("B007", _renamed_everywhere),
)
