"""What the failure speaks of: constants and names of the failing test, its message, the docstring and the file."""

import ast
import re
from collections.abc import Iterator

from selfheal.contract.diagnosis import Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.python_tree import FunctionNode
from selfheal.fix.search.site import Hints, everything_in

_MOST = 8
_MAX_STRING = 40
_QUOTED = re.compile(r"'([^'\n]{1,40})'|\"([^\"\n]{1,40})\"")
_RAISED = re.compile(r"DID NOT RAISE.{0,20}?(?:<class ')?(?:[\w.]*\.)?(\w{3,60})")
_UNBOUND = re.compile(r"(?:UnboundLocalError|NameError): (?:cannot access )?(?:(?:local|free) variable|name) '(\w+)'")
_LACKING = re.compile(r"AttributeError: .{1,200}? has no attribute '(\w+)'")
_WORD = re.compile(r"[A-Za-z_]\w{2,40}")
_COMMON = frozenset({"assert", "def", "return", "self", "None", "True", "False", "where", "AssertionError", "object"})


def hints_of(
    failure: Failure | None, function: FunctionNode, module: ast.Module, tree: TreeView, *, path: str
) -> Hints:
    """Collect them, the nearest first: docstring, message, test, then the constants of the file at `path` itself."""
    message = f"{failure.message}\n{failure.excerpt}"[:3000] if failure is not None else ""
    test = _test_function(failure, tree)
    doc = ast.get_docstring(function) or ""
    numbers: dict[str, None] = {}
    strings: dict[str, None] = {}
    for number in re.findall(r"(?<![\w.])\d{1,6}(?:\.\d{1,4})?(?![\w.])", doc):
        numbers[number] = None
    for source in (test, module):
        for kind, value in _constants(source):
            (numbers if kind == "number" else strings)[value] = None
    for first, second in _QUOTED.findall(f"{doc}\n{message}"):
        strings[repr(first or second)] = None
    names = dict.fromkeys(word for word in _WORD.findall(f"{message}\n{doc}") if word not in _COMMON)
    raised = dict.fromkeys(_RAISED.findall(message) + list(_expected(test)))
    return Hints(
        tuple(numbers)[:_MOST],
        tuple(strings)[:_MOST],
        tuple(names)[:40],
        tuple(raised),
        _told(_UNBOUND, failure),
        _told(_LACKING, failure),
        crashed_at(failure, module, path),
    )


def _told(pattern: re.Pattern[str], failure: Failure | None) -> str:
    found = pattern.match(failure.message) if failure is not None else None
    return found[1] if found is not None else ""


def crashed_at(failure: Failure | None, module: ast.Module, path: str) -> int:
    """The line of the file at which the error arose; 0 where it arose elsewhere, or was raised on purpose."""
    if failure is None or failure.file != path or failure.line is None:
        return 0
    on_purpose = (node for node in everything_in(module) if isinstance(node, ast.Raise | ast.Assert))
    is_refusal = any(node.lineno <= failure.line <= (node.end_lineno or node.lineno) for node in on_purpose)
    return 0 if is_refusal else failure.line


def _test_function(failure: Failure | None, tree: TreeView) -> ast.AST | None:
    if failure is None or failure.test_id is None:
        return None
    file, _, rest = failure.test_id.partition("::")
    name = rest.partition("[")[0].rpartition("::")[2]
    raw = tree.read(file)
    try:
        module = ast.parse(raw or b"")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return next(
        (
            node
            for node in ast.walk(module)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
        ),
        None,
    )


def _constants(node: ast.AST | None) -> Iterator[tuple[str, str]]:
    for inner in everything_in(node) if node is not None else ():
        if not isinstance(inner, ast.Constant) or isinstance(inner.value, bool):
            continue
        if isinstance(inner.value, int | float) and abs(inner.value) < 1_000_000:
            yield "number", repr(inner.value)
        elif isinstance(inner.value, str) and 0 < len(inner.value) <= _MAX_STRING:
            yield "string", repr(inner.value)


def _expected(test: ast.AST | None) -> Iterator[str]:
    """Exceptions that the test waits for, by the names that it has for them."""
    for node in ast.walk(test) if test is not None else ():
        match node:
            case ast.Call(func=ast.Attribute(attr="raises" | "assertRaises" | "assertRaisesRegex"), args=[first, *_]):
                kinds = first.elts if isinstance(first, ast.Tuple) else [first]
                yield from (ast.unparse(kind).rpartition(".")[2] for kind in kinds)
