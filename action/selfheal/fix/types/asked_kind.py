"""A question after a value's class that names none: `isinstance(value)`. What is done with the value says which."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.existing import class_members, visible_names
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.source import Source

QUESTIONS = frozenset({"isinstance", "issubclass"})
_BUILT_IN: tuple[type, ...] = (str, bytes, dict, list, tuple, set, int, float, bytearray, frozenset)
_EVERY = frozenset(dir(object))
_MOST = 3


def kinds_that_fit(finding: Finding, call: ast.Call) -> Iterator[tuple[str, str]]:
    """Give the classes that have every member that is used of the value where the answer is yes, the plainest first."""
    if len(call.args) != 1 or call.keywords:
        return
    source = finding.source
    value = source.segment(call.args[0])
    used = _members_used(source, call, value) - _EVERY
    if not used:
        return
    fitting = [kind.__name__ for kind in _BUILT_IN if used <= set(dir(kind))]
    if not fitting:
        visible = visible_names(source, call)
        fitting = [
            name
            for name in sorted(_classes(source))
            if name in visible and used <= class_members(finding.project, name)
        ]
    for name in fitting[:_MOST]:
        yield name, f"{value} is used as {name}: {', '.join(f'.{one}' for one in sorted(used)[:3])}"


def _members_used(source: Source, call: ast.Call, value: str) -> set[str]:
    """Name what is read of the value in the code that runs where the answer is yes."""
    return {
        one.attr
        for node in _where_yes(source, call)
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Load) and source.segment(one.value) == value
    }


def _where_yes(source: Source, call: ast.Call) -> Iterator[ast.AST]:
    """Give the code behind the question: the branch, else what comes after one that leaves where the answer is no."""
    is_no = False
    inner: ast.expr = call
    for one in source.ancestors(call):
        match one:
            case ast.UnaryOp(op=ast.Not()):
                is_no = not is_no
            case ast.BoolOp():
                yield from one.values[one.values.index(inner) + 1 :] if inner in one.values else ()
            case ast.IfExp() if one.test is inner:
                yield one.orelse if is_no else one.body
            case ast.If() | ast.While() | ast.Assert() if one.test is inner:
                yield from _branch(source, one, is_no=is_no)
                return
            case ast.stmt() | ast.comprehension() | ast.Lambda():
                return
            case _:
                pass
        inner = one if isinstance(one, ast.expr) else inner


def _branch(source: Source, statement: ast.If | ast.While | ast.Assert, *, is_no: bool) -> Iterator[ast.AST]:
    leaves = isinstance(statement, ast.If) and isinstance(statement.body[-1], ast.Return | ast.Raise | ast.Continue)
    if not isinstance(statement, ast.Assert):
        yield from statement.orelse if is_no else statement.body
    if isinstance(statement, ast.Assert) or (is_no and leaves):
        block = _block(source, statement)
        yield from block[block.index(statement) + 1 :]


def _block(source: Source, statement: ast.stmt) -> list[ast.stmt]:
    """Give the list of statements that this one is in."""
    holder = source.parent(statement)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(holder, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return [statement]


def _classes(source: Source) -> set[str]:
    """Name the classes that a file defines or imports, as far as their names say so."""
    found = {node.name for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names if alias.name[:1].isupper()}
    return found
