"""Blocks that only swallow, and values that are chosen in a block: said in one line."""

import ast

from selfheal.fix.lint.adding_imports import add_import
from selfheal.fix.lint.branches import is_elif
from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.fitting import line_limit
from selfheal.fix.lint.names import taken
from selfheal.fix.lint.statements import has_own_line

_BROAD = frozenset({"Exception", "BaseException"})


def _suppressed(spot: Spot) -> tuple[Rewrite, ...]:
    """`try: ... except E: pass` as `with contextlib.suppress(E): ...`."""
    source = spot.source
    block = next(iter(source.nodes(ast.Try, line=spot.finding.line)), None)
    if block is None or len(block.handlers) != 1 or block.orelse or block.finalbody:
        return ()
    handler = block.handlers[0]
    if handler.type is None or handler.name or not isinstance(handler.body[0], ast.Pass) or len(handler.body) > 1:
        return ()
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    below = source.between(source.span(block.body[-1])[1], source.span(block)[1])
    if any(source.text(kind) in _BROAD for kind in kinds) or "#" in below or not has_own_line(source, block.body[0]):
        return ()
    names = ", ".join(source.text(kind) for kind in kinds)
    splices = [] if "contextlib" in taken(source.tree) else [add_import(source, "import contextlib")]
    start = source.span(block)[0]
    splices.append(source.splice(start, start + len("try"), f"with contextlib.suppress({names})"))
    last = source.line_start((block.body[-1].end_lineno or 0) + 1)
    splices.append(source.splice(last, source.line_start((block.end_lineno or 0) + 1), ""))
    return (Rewrite(tuple(splices), "what may go wrong, and does not matter, is said in one line"),)


def _chosen(spot: Spot) -> tuple[Rewrite, ...]:
    """`if a: x = 1 else: x = 2` as `x = 1 if a else 2`."""
    source = spot.source
    node = next(iter(source.nodes(ast.If, line=spot.finding.line)), None)
    if node is None or is_elif(source, node) or source.text(node)[:4] == "elif" or "#" in source.text(node):
        return ()
    match (node.body, node.orelse):
        case ([ast.Assign(targets=[one], value=yes)], [ast.Assign(targets=[two], value=no)]) if ast.dump(
            one
        ) == ast.dump(two):
            parts = [source.text(part) for part in (one, yes, node.test, no)]
        case _:
            return ()
    if any("\n" in part for part in parts) or any(isinstance(p, ast.IfExp | ast.Lambda) for p in (yes, no)):
        return ()
    new = f"{parts[0]} = {parts[1]} if {parts[2]} else {parts[3]}"
    if len(source.indent(node.lineno)) + len(new) > line_limit(spot.project, spot.finding.tool):
        return ()
    return (Rewrite((source.replace(node, new),), "one assignment, one value or the other"),)


def _lambda(spot: Spot) -> tuple[Rewrite, ...]:
    """`lambda x: f(x)` as `f`, where f is a plain name."""
    source = spot.source
    node = source.covering(spot.finding.line, spot.finding.column, ast.Lambda)
    match node:
        case ast.Lambda(body=ast.Call(func=ast.Name() | ast.Attribute() as function, args=given, keywords=[])):
            names = [arg.arg for arg in node.args.args]
        case _:
            return ()
    same = [getattr(arg, "id", None) for arg in given] == names and not node.args.defaults and not node.args.kwonlyargs
    if not same or node.args.vararg or node.args.kwarg or any(n in source.text(function).split(".") for n in names):
        return ()
    why = "the function is given as it is now; another that comes under its name later is not asked any more"
    return (Rewrite((source.replace(node, source.text(function)),), why, is_sure=False),)


def _get_none(spot: Spot) -> tuple[Rewrite, ...]:
    """`d.get(k, None)` as `d.get(k)`."""
    source = spot.source
    match source.covering(spot.finding.line, spot.finding.column, ast.Call):
        case ast.Call(func=ast.Attribute(attr="get"), args=[key, ast.Constant(value=None)], keywords=[]) as call:
            end = source.span(call)[1] - 1
            return (Rewrite((source.splice(source.span(key)[1], end, ""),), "None is what `get` gives anyway"),)
        case _:
            return ()


RULES: tuple[Rule, ...] = (
    rule("SIM105", _suppressed),
    rule("SIM108", _chosen),
    rule("W0108 PLW0108", _lambda),
    rule("SIM910", _get_none),
)
