"""Give a file the imports that a repair needs, where its own stand."""

import ast
import sys
from collections.abc import Iterable

from selfheal.fix.python_tree import module_asked
from selfheal.fix.types.mend import Import, Splice
from selfheal.fix.types.source import Source


def import_splices(source: Source, wanted: Iterable[Import]) -> tuple[Splice, ...]:
    """Add what the file does not import yet: to the statement that imports from the module, else a line of its own."""
    missing = sorted({one for one in wanted if not _is_bound(source, one)}, key=lambda one: (one.module, one.name))
    by_module: dict[str, list[str]] = {}
    for one in missing:
        by_module.setdefault(one.module, []).append(one.name)
    splices: list[Splice] = []
    lines: dict[int, list[str]] = {}
    for module, names in by_module.items():
        plain = [name for name in names if name]
        statement = _importing_from(source, module)
        if plain and statement is not None:
            splices.append(_extended(source, statement, plain))
        elif plain:
            lines.setdefault(_place(source, module, is_from=True), []).append(
                f"from {module} import {', '.join(plain)}"
            )
        if "" in names:
            lines.setdefault(_place(source, module, is_from=False), []).append(f"import {module}")
    for at, new in lines.items():
        splices.append(_inserted(source, at, new))
    return tuple(splices)


def bound_at_top(source: Source) -> frozenset[str]:
    """Name what the module binds at its top level, conditional imports included."""
    names: set[str] = set()
    for node in source.tree.body:
        inner = ast.walk(node) if isinstance(node, ast.If | ast.Try | ast.With) else (node,)
        for one in inner:
            names |= _bound(one)
    return frozenset(names)


def _bound(node: ast.AST) -> set[str]:
    match node:
        case ast.Import() | ast.ImportFrom():
            return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case _:
            return set()


def _is_bound(source: Source, wanted: Import) -> bool:
    for node in source.tree.body:
        match node:
            case ast.Import(names=names) if not wanted.name:
                if any(alias.name == wanted.module and alias.asname is None for alias in names):
                    return True
            case ast.ImportFrom(names=names) if module_asked(node) == wanted.module:
                if any(alias.name == wanted.name and alias.asname is None for alias in names):
                    return True
            case _:
                continue
    return False


def _importing_from(source: Source, module: str) -> ast.ImportFrom | None:
    for node in source.tree.body:
        if isinstance(node, ast.ImportFrom) and module_asked(node) == module and node.names[0].name != "*":
            return node
    return None


def _extended(source: Source, statement: ast.ImportFrom, names: list[str]) -> Splice:
    """Add names to `from module import ...`, in order where the old ones stand in order."""
    old = [source.segment(alias) for alias in statement.names]
    first, last = source.span(statement.names[0])[0], source.span(statement.names[-1])[1]
    is_sorted = old == sorted(old, key=_order)
    is_one_line = statement.lineno == statement.end_lineno
    if is_sorted and is_one_line:
        return Splice(source.path, first, last, ", ".join(sorted([*old, *names], key=_order)))
    between = ", "
    if not is_one_line and len(old) > 1:
        between = source.text[source.span(statement.names[-2])[1] : source.span(statement.names[-1])[0]]
        between = between if "#" not in between else f",{source.newline}    "
    if is_sorted and len(names) == 1:
        for alias in statement.names:
            if _order(source.segment(alias)) > _order(names[0]):
                start = source.span(alias)[0]
                return Splice(source.path, start, start, names[0] + between)
    return Splice(source.path, last, last, "".join(between + name for name in names))


def _order(name: str) -> tuple[int, str]:
    """The order of isort and ruff: constants, classes, the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def _place(source: Source, module: str, *, is_from: bool) -> int:
    """Choose the line in front of which a new import goes."""
    rank = _rank(module)
    block = [node for node in source.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in block:
        name = module_asked(node)
        if (_rank(name), isinstance(node, ast.ImportFrom), name) > (rank, is_from, module):
            return node.lineno
    if block:
        return (block[-1].end_lineno or block[-1].lineno) + 1
    body = source.tree.body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        return (body[0].end_lineno or body[0].lineno) + 1
    return _first_code_line(source)


def _first_code_line(source: Source) -> int:
    """Pass over the comments at the head of a file: a licence, a coding line, a shebang."""
    number = 1
    while source.line(number).lstrip().startswith("#"):
        number += 1
    return number


def _rank(module: str) -> int:
    top = module.partition(".")[0]
    if module == "__future__":
        return 0
    if module.startswith("."):
        return 3
    return 1 if top in sys.stdlib_module_names else 2


def _inserted(source: Source, line: int, new: list[str]) -> Splice:
    at = source.start_of(line)
    text = "".join(one + source.newline for one in new)
    if not source.text[:at].endswith(("\n", "\r")) and at:
        text = source.newline + text
    block = [node for node in source.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    above = source.line(line - 1).strip()
    following = next((node for node in block if node.lineno == line), None)
    if not block:
        if above and not above.startswith("#"):
            text = source.newline + text
        if source.line(line).strip():
            is_definition = source.line(line).startswith(("def ", "class ", "async def ", "@"))
            text += source.newline * (2 if is_definition else 1)
    elif following is not None and _rank(module_asked(following)) != _rank(new[0].split()[1]):
        text += source.newline
    elif following is None and _rank(module_asked(block[-1])) != _rank(new[0].split()[1]):
        text = source.newline + text
    return Splice(source.path, at, at, text)
