"""A coroutine that nobody awaits, and an await where none can be."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, Splice, replacing
from selfheal.fix.types.project import called_name

_TIGHT = (ast.Attribute, ast.Subscript, ast.Call, ast.Await)
_COROUTINE = r"Coroutine|Are you missing an await|forgot to use \"await\"|async function call|Awaitable"


def add_await(finding: Finding) -> Iterator[Mend]:
    """Await the call that gives the coroutine, where the function around it is asynchronous."""
    if finding.search(_COROUTINE) is None:
        return
    source = finding.source
    held = [call for statement in finding.statements() for call in _calls(statement)]
    known = [call for call in held if _is_async(finding, call)]
    for call in known or held:
        function = source.function(call)
        if not isinstance(function, ast.AsyncFunctionDef) or isinstance(source.parent(call), ast.Await):
            continue
        text = f"await {source.segment(call)}"
        parent = source.parent(call)
        is_tight = isinstance(parent, _TIGHT) and getattr(parent, "value", getattr(parent, "func", None)) is call
        is_base = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and parent.left is call
        stands_in_parentheses = source.text[: source.span(call)[0]].rstrip().endswith("(") and source.text[
            source.span(call)[1] :
        ].lstrip().startswith(")")
        if (is_tight and not stands_in_parentheses) or is_base:
            text = f"({text})"
        yield Mend(
            (replacing(source, call, text),),
            f"await {called_name(call)}(), whose coroutine was never run",
            caution="the coroutine now runs, which it did not before",
        )


def make_async(finding: Finding) -> Iterator[Mend]:
    """Make the function asynchronous that awaits, where every call of it is awaited already."""
    source = finding.source
    node = source.innermost_function(finding.line)
    if not isinstance(node, ast.FunctionDef):
        return
    calls = list(finding.project.calls(node.name))
    if not calls or not all(isinstance(where.parent(call), ast.Await) for where, call in calls):
        return
    start = source.span(node)[0]
    splice = Splice(source.path, start, start, "async ")
    yield Mend((splice,), f"{node.name}() awaits and is awaited: it is asynchronous")


def _calls(statement: ast.stmt) -> list[ast.Call]:
    return [node for node in ast.walk(statement) if isinstance(node, ast.Call)]


def _is_async(finding: Finding, call: ast.Call) -> bool:
    name = called_name(call)
    if name is None:
        return False
    return any(isinstance(node, ast.AsyncFunctionDef) for _, node in finding.project.functions(name))
