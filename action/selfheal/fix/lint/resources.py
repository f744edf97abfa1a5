"""Files that are opened and left open: the block that uses one closes it."""

import ast

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import taken, uses
from selfheal.fix.lint.source import Source, Splice
from selfheal.fix.lint.statements import block_of, cut, string_lines

_CLOSERS = frozenset({"open", "ZipFile", "TarFile", "urlopen", "socket", "TemporaryFile", "NamedTemporaryFile"})

_READERS = frozenset(
    {"load", "safe_load", "dump", "list", "sorted", "tuple", "set", "sum", "len", "print", "isinstance"}
)
"""Calls that are done with the file when they end."""


def _with(spot: Spot) -> tuple[Rewrite, ...]:
    source = spot.source
    call = next((c for c in source.nodes(ast.Call, line=spot.finding.line) if _name(c) in _CLOSERS), None)
    statement = source.statement(call) if call is not None else None
    if call is None or statement is None or statement.lineno != call.lineno:
        return ()
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is call:
            return _as_block(source, statement, call, name)
        case ast.Assign() | ast.Expr() | ast.Return() | ast.AnnAssign():
            return _around(source, statement, call)
        case _:
            return ()


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _around(source: Source, statement: ast.stmt, call: ast.Call) -> tuple[Rewrite, ...]:
    """`data = open(p).read()` inside of a `with`."""
    holder = source.parent(call)
    reads = isinstance(holder, ast.Attribute) and holder.attr in ("read", "readlines", "write", "readline")
    passed = isinstance(holder, ast.Call) and _name(holder) in ("load", "safe_load", "dump", "list")
    if not (reads or passed) or statement.end_lineno != statement.lineno:
        return ()
    name = next((n for n in ("file", "f", "handle", "stream") if n not in taken(source.tree)), None)
    if name is None:
        return ()
    indent, nl = source.indent(statement.lineno), source.newline
    start = source.span(statement)[0]
    head = source.insert(start, f"with {source.text(call)} as {name}:{nl}{indent}    ")
    return (Rewrite((head, source.replace(call, name)), "the file is closed when its block ends"),)


def _as_block(source: Source, statement: ast.Assign, call: ast.Call, name: str) -> tuple[Rewrite, ...]:
    """`f = open(p)` as a `with` around all that uses it."""
    block = block_of(source, statement)
    at = block.index(statement)
    scope = source.scope(statement)
    later = [n for n in block[at + 1 :] if uses(n, name)]
    everywhere = [u for u in uses(scope, name) if source.span(u)[0] > source.span(statement)[1]]
    if not later or sum(len(uses(n, name)) for n in later) != len(everywhere) or _escapes(source, everywhere):
        return ()
    body = block[at + 1 : block.index(later[-1]) + 1]
    closing = [n for n in body if _is_close(n, name)]
    kept = [n for n in body if n not in closing]
    if not kept:
        return ()
    if len(uses(scope, name)) != len(everywhere) + 1:
        return ()
    head = source.replace(statement, f"with {source.text(call)} as {name}:")
    inside = string_lines(source)
    step = "\t" if source.indent(statement.lineno).startswith("\t") else "    "
    gone = [cut(source, n) for n in closing]
    lines: list[Splice] = []
    for number in range((statement.end_lineno or 0) + 1, (kept[-1].end_lineno or 0) + 1):
        start = source.line_start(number)
        if number in inside or not source.line(number).strip() or any(c.start <= start < c.end for c in gone):
            continue
        lines.append(source.insert(start, step))
    return (Rewrite((head, *lines, *gone), f"{name} is closed when its block ends, an error in it included"),)


def _escapes(source: Source, found: list[ast.Name]) -> bool:
    """Tell whether the file itself is handed on to somebody who may use it later."""
    for use in found:
        holder = source.parent(use)
        if isinstance(holder, ast.Call) and _keeps(source, holder, use):
            return True
        if isinstance(holder, ast.comprehension) and isinstance(source.parent(holder), ast.GeneratorExp):
            return True
        if isinstance(holder, ast.Return | ast.Yield | ast.Assign | ast.Tuple | ast.List | ast.Dict | ast.keyword):
            return True
        if not isinstance(use.ctx, ast.Load):
            return True
    return False


def _keeps(source: Source, call: ast.Call, use: ast.Name) -> bool:
    """Tell whether a call that is given the file gives something on that may read it after the block."""
    if use is call.func or _name(call) in _READERS:
        return False
    return not isinstance(source.parent(call), ast.Expr | ast.For)


def _is_close(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="close"))):
            return owner == name
        case _:
            return False


RULES: tuple[Rule, ...] = (rule("SIM115 R1732", _with),)
