"""Find the pytest fixture that a test's argument means."""

import ast
import posixpath
from collections.abc import Iterator

from selfheal.contract.test_paths import is_test_path
from selfheal.locate.source import FunctionNode, Symbol
from selfheal.locate.symbols import SymbolIndex


def fixture_for(index: SymbolIndex, file: str, name: str) -> Symbol | None:
    """The fixture `name` as seen from a test file: its own, then those of the conftest files above it."""
    if not is_test_path(file):
        return None
    for path in _places(file):
        source = index.file(path)
        for symbol in source.symbols if source is not None else ():
            node = index.node(symbol)
            if name in _fixture_names(node):
                return symbol
    return None


def fixtures_of(index: SymbolIndex, test: Symbol) -> tuple[Symbol, ...]:
    """The fixtures that a test takes, and those that they take, nearest first."""
    found: dict[Symbol, None] = {}
    queue = [test]
    while queue and len(found) < 20:
        node = index.node(queue.pop(0))
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for argument in (*node.args.args, *node.args.kwonlyargs):
            fixture = fixture_for(index, test.file, argument.arg)
            if fixture is not None and fixture not in found and fixture != test:
                found[fixture] = None
                queue.append(fixture)
    return tuple(found)


def _places(file: str) -> Iterator[str]:
    yield file
    folder = posixpath.dirname(file)
    while True:
        yield posixpath.join(folder, "conftest.py")
        if not folder:
            return
        folder = posixpath.dirname(folder)


def _fixture_names(node: FunctionNode | ast.ClassDef | ast.stmt | None) -> Iterator[str]:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        function = call.func if call is not None else decorator
        called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if called not in ("fixture", "async_fixture"):
            continue
        named = next((one.value for one in call.keywords if one.arg == "name"), None) if call is not None else None
        yield str(named.value) if isinstance(named, ast.Constant) else node.name
