"""What a model must know to mend a suspect: nothing that does not help, in the order in which it helps."""

import ast
from collections.abc import Iterator

from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.suspects import Suspect
from selfheal.contract.test_paths import is_test_path
from selfheal.contract.tree import TreeView
from selfheal.locate.failing_test import failing_line, failing_test
from selfheal.locate.failing_test_source import excerpt_of
from selfheal.locate.fixtures import fixtures_of
from selfheal.locate.source import Kind, Symbol
from selfheal.locate.symbols import SymbolIndex

_SMALL_STATEMENT = 6
_MOST_NEIGHBOURS = 8


def context_for(
    suspect: Suspect,
    diagnosis: Diagnosis,
    tree: TreeView,
    *,
    max_chars: int,
    index: SymbolIndex | None = None,
) -> str:
    """The surroundings of a suspect for a prompt, at most `max_chars` long. The suspect's own source is not in it.

    In order: the failing test, the class around a method, constants and imports that the suspect uses, the
    signatures of what it calls, the fixtures of the test, what else the file has. Blocks that don't fit are left
    out, never cut, but the test's is shortened around the line that failed.
    """
    symbols = index if index is not None else SymbolIndex(tree)
    symbol = _symbol(symbols, suspect)
    blocks: list[str] = []
    room = max_chars
    for block in _blocks(symbols, symbol, suspect, diagnosis, max_chars):
        cost = len(block) + (2 if blocks else 0)
        if block and block not in blocks and cost <= room:
            blocks.append(block)
            room -= cost
    return "\n\n".join(blocks)


def _symbol(index: SymbolIndex, suspect: Suspect) -> Symbol:
    source = index.file(suspect.file)
    found = source.symbol(suspect.symbol) if source is not None and suspect.symbol is not None else None
    if found is not None and found.first_line == suspect.first_line:
        return found
    around = index.enclosing(suspect.file, suspect.first_line)
    return around or Symbol(suspect.file, suspect.symbol or "", Kind.STATEMENT, suspect.first_line, suspect.last_line)


def _blocks(
    index: SymbolIndex, symbol: Symbol, suspect: Suspect, diagnosis: Diagnosis, max_chars: int
) -> Iterator[str]:
    test: Symbol | None = None
    for failure in diagnosis.failures[:1]:
        test = failing_test(index, failure)
        if test is not None and is_test_path(test.file):
            line = failing_line(failure, test)
            yield excerpt_of(index, test, line, test_id=failure.test_id, max_chars=max_chars // 2)
    yield _class_header(index, symbol)
    used = [one for one in index.callees(symbol) if one != symbol]
    yield _constants(index, symbol, used)
    yield _imports(index, symbol, suspect)
    yield _signatures(index, symbol, used)
    for fixture in fixtures_of(index, test) if test is not None else ():
        yield f"# fixture, {fixture.file}\n{index.source(fixture)}"
    yield _neighbours(index, symbol, used)


def _neighbours(index: SymbolIndex, symbol: Symbol, used: list[Symbol]) -> str:
    """What the file has at module level and the suspect does not use: what is missing is often there.

    A call that was forgotten (`normalize(key)`), a table of defaults that was not looked into.
    """
    source = index.file(symbol.file)
    if source is None or source.module is None:
        return ""
    others = [one for one in source.symbols if one not in used and one != symbol and "." not in one.name]
    functions = [one for one in others if one.kind is Kind.FUNCTION and not symbol.name.startswith(f"{one.name}.")]
    shown = {line for one in used for line in range(one.first_line, one.last_line + 1) if one.file == symbol.file}
    lines = [
        ast.unparse(node)
        for node in source.module.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno not in shown and node.lineno == node.end_lineno
    ][:_MOST_NEIGHBOURS]
    for one in functions[:_MOST_NEIGHBOURS]:
        doc = index.docstring(one)
        lines.append(index.signature(one) + (f'\n    """{doc}"""' if doc else ""))
    return "\n".join(("# also in this file", *lines)) if lines else ""


def _class_header(index: SymbolIndex, symbol: Symbol) -> str:
    """The class line, its fields and the constructor's assignments, for a method."""
    owner = index.owner(symbol)
    node = index.node(owner) if owner is not None else None
    if owner is None or not isinstance(node, ast.ClassDef):
        return ""
    lines = [f"{index.signature(owner)}:  # around {symbol.short_name}"]
    for statement in node.body:
        if isinstance(statement, (ast.AnnAssign, ast.Assign)):
            lines.append(f"    {ast.unparse(statement)}")
        elif (
            isinstance(statement, ast.FunctionDef) and statement.name == "__init__" and symbol.short_name != "__init__"
        ):
            lines += [
                f"    {ast.unparse(inner)}"
                for inner in ast.walk(statement)
                if isinstance(inner, (ast.Assign, ast.AnnAssign)) and "self." in ast.unparse(inner)
            ]
    decorators = [f"@{ast.unparse(one)}" for one in node.decorator_list]
    return "\n".join((*decorators, *lines)) if len(lines) > 1 or decorators or node.bases else ""


def _constants(index: SymbolIndex, symbol: Symbol, used: list[Symbol]) -> str:
    lines = []
    for one in used:
        if one.kind is Kind.STATEMENT and one.last_line - one.first_line < _SMALL_STATEMENT:
            place = "" if one.file == symbol.file else f"  # {one.file}"
            lines.append(f"{index.source(one)}{place}")
    return "\n".join(lines)


def _imports(index: SymbolIndex, symbol: Symbol, suspect: Suspect) -> str:
    """The imports of the file whose names the suspect uses."""
    source = index.file(suspect.file)
    node = index.node(symbol)
    if source is None or source.module is None:
        return ""
    names = (
        {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        if node is not None
        else set(source.imports)
    )
    lines = []
    for statement in ast.walk(source.module):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            kept = [
                one for one in statement.names if (one.asname or one.name.partition(".")[0]) in names or one.name == "*"
            ]
            if isinstance(statement, ast.ImportFrom) and kept and statement.module != "__future__":
                narrowed = ast.ImportFrom(module=statement.module, names=kept, level=statement.level)
                lines.append(ast.unparse(narrowed))
            elif isinstance(statement, ast.Import) and kept:
                lines.append(ast.unparse(ast.Import(names=kept)))
    return "\n".join(dict.fromkeys(lines))


def _signatures(index: SymbolIndex, symbol: Symbol, used: list[Symbol]) -> str:
    lines = []
    for one in used:
        if one.kind is Kind.STATEMENT or is_test_path(one.file):
            continue
        owner = index.owner(one)
        name = f"{owner.short_name}." if owner is not None else ""
        signature = index.signature(one)
        if name:
            signature = signature.replace(f"def {one.short_name}(", f"def {name}{one.short_name}(", 1)
        place = "" if one.file == symbol.file else f"  # {one.file}"
        doc = index.docstring(one)
        lines.append(f"{signature}{place}" + (f'\n    """{doc}"""' if doc else ""))
    return "\n".join(dict.fromkeys(lines))
