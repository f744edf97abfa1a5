"""Find the failing test's function, and the statement in it that failed."""

import ast

from selfheal.contract.diagnosis import Failure
from selfheal.contract.test_paths import is_test_path
from selfheal.locate.source import Kind, Symbol
from selfheal.locate.symbols import SymbolIndex


def failing_test(index: SymbolIndex, failure: Failure) -> Symbol | None:
    """The test function of a failure: by its id, else by the frames, else by its own place."""
    named = _by_id(index, failure.test_id) if failure.test_id is not None else None
    if named is not None:
        return named
    places = [(frame.file, frame.line) for frame in failure.frames]
    if failure.file is not None and failure.line is not None:
        places.append((failure.file, failure.line))
    for file, line in places:
        found = index.enclosing(file, line) if is_test_path(file) else None
        if found is not None and found.kind is Kind.FUNCTION:
            return found
    return None


def failing_line(failure: Failure, test: Symbol) -> int | None:
    """The line inside the test at which it stood when it failed."""
    places = [(frame.file, frame.line) for frame in failure.frames]
    if failure.file is not None and failure.line is not None:
        places.append((failure.file, failure.line))
    inside = [line for file, line in places if file == test.file and test.first_line <= line <= test.last_line]
    return inside[0] if inside else None


def statement_lines(index: SymbolIndex, test: Symbol, line: int) -> tuple[int, int]:
    """First and last line of the innermost statement around a line.

    A block counts by its header only, but a `with` as a whole: what should have raised stands inside it.
    """
    node = index.node(test)
    best = (line, line)
    width = 1_000_000
    for inner in ast.walk(node) if node is not None else ():
        if not isinstance(inner, ast.stmt) or inner is node:
            continue
        last = inner.end_lineno or inner.lineno
        body = getattr(inner, "body", None)
        is_with = isinstance(inner, (ast.With, ast.AsyncWith))
        if not is_with and isinstance(body, list) and body and isinstance(body[0], ast.stmt):
            last = max(inner.lineno, body[0].lineno - 1)
        if inner.lineno <= line <= last and last - inner.lineno < width:
            best, width = (inner.lineno, last), last - inner.lineno
    return best


def feeding_lines(index: SymbolIndex, test: Symbol, lines: tuple[int, int]) -> frozenset[int]:
    """Lines of the test whose assignments end up in the statement on `lines`, directly or over others."""
    node = index.node(test)
    if node is None:
        return frozenset()
    assigned: list[tuple[int, frozenset[str], frozenset[str]]] = []
    wanted: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and inner.value is not None:
            targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
            bound = frozenset(name for target in targets for name in _names(target))
            assigned.append((inner.lineno, bound, frozenset(_names(inner.value))))
        if isinstance(inner, ast.Name) and lines[0] <= inner.lineno <= lines[1]:
            wanted.add(inner.id)
    feeding: set[int] = set()
    for line, bound, used in sorted(assigned, key=lambda one: -one[0]):
        if line < lines[0] and bound & wanted:
            feeding.add(line)
            wanted |= used
    return frozenset(feeding)


def _names(node: ast.AST) -> list[str]:
    return [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)]


def _by_id(index: SymbolIndex, test_id: str) -> Symbol | None:
    file, separator, inner = test_id.partition("::")
    if separator:
        source = index.file(file)
        name = inner.partition("[")[0].replace("::", ".")
        found = source.symbol(name) if source is not None else None
        return (
            found
            if found is not None or source is None
            else _inherited(index, source.symbol(name.partition(".")[0]), name)
        )
    parts = test_id.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        path = index.modules.find(".".join(parts[:cut]), importer="")
        source = index.file(path) if path is not None else None
        if source is not None:
            return source.symbol(".".join(parts[cut:]))
    return None


def _inherited(index: SymbolIndex, cls: Symbol | None, name: str) -> Symbol | None:
    """A test method that stands in a base class."""
    if cls is None or cls.kind is not Kind.CLASS:
        return None
    found = index.resolver.member(cls, name.rpartition(".")[2])
    return found if isinstance(found, Symbol) else None
