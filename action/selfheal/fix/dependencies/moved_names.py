"""Rewrite uses of a name that a dependency has moved: the import, or the attribute of its module. Exact, by syntax."""

import ast
from dataclasses import dataclass

from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import TreeView


@dataclass(frozen=True, slots=True)
class Move:
    """`module.name` is now `new_module.new_name`; `new_module` is `builtins` for what needs no import."""

    module: str
    name: str
    new_module: str
    new_name: str

    @property
    def words(self) -> str:
        """Both places, for a person."""
        new = self.new_name if self.new_module == "builtins" else f"{self.new_module}.{self.new_name}"
        return f"{self.module}.{self.name} is now {new}"


def imported_from(tree: TreeView, module: str) -> tuple[str, ...]:
    """The names that the repository's files import from a module."""
    found: dict[str, None] = {}
    for path in tree.paths():
        raw = tree.read(path) if path.endswith(".py") else None
        if raw is None or module.encode() not in raw:
            continue
        try:
            nodes = [node for node in ast.walk(ast.parse(raw)) if isinstance(node, ast.ImportFrom)]
        except (SyntaxError, ValueError, RecursionError):
            continue
        found.update(
            {one.name: None for node in nodes if node.module == module and not node.level for one in node.names}
        )
    return tuple(name for name in found if name != "*")


def rewritten(tree: TreeView, move: Move) -> tuple[FileEdit, ...]:
    """Edit every Python file that takes the name from its old place."""
    edits = []
    for path in tree.paths():
        raw = tree.read(path) if path.endswith(".py") else None
        if raw is None or move.name.encode() not in raw:
            continue
        try:
            text = raw.decode("utf-8")
            edited = rewrite(text, move)
        except (SyntaxError, ValueError, RecursionError):
            continue
        if edited != text:
            edits.append(FileEdit(path=path, content=edited.encode()))
    return tuple(edits)


def rewrite(text: str, move: Move) -> str:
    """Rewrite one file. Raises SyntaxError for what is no Python."""
    tree = ast.parse(text)
    lines = text.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def span(node: ast.stmt | ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset

    changes: list[tuple[int, int, str]] = []
    aliases = _aliases(tree, move.module)
    renamed: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == move.module and not node.level:
            if any(one.name == move.name for one in node.names):
                changes.append((*span(node), _import(node, move, renamed)))
        elif isinstance(node, ast.Attribute) and node.attr == move.name and _dotted(node.value) in aliases:
            changes.append((*span(node), _attribute(_dotted(node.value) or "", move)))
    # What was imported under its own name and is a builtin or called otherwise now has to be renamed where it is used.
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in renamed]
    changes += [(*span(node), renamed[node.id]) for node in names]
    data = text.encode()
    for first, last, new in sorted(changes, reverse=True):
        data = data[:first] + new.encode() + data[last:]
    edited = data.decode()
    needs_import = move.new_module not in ("builtins", move.module) and any(
        new == f"{move.new_module}.{move.new_name}" for _, _, new in changes
    )
    return _with_import(edited, f"import {move.new_module}") if needs_import else edited


def _import(node: ast.ImportFrom, move: Move, renamed: dict[str, str]) -> str:
    kept: list[ast.alias] = []
    moved: list[ast.alias] = []
    for one in node.names:
        (moved if one.name == move.name else kept).append(one)
    parts = []
    if kept:
        names = ", ".join(one.name + (f" as {one.asname}" if one.asname else "") for one in kept)
        parts.append(f"from {node.module} import {names}")
    for one in moved:
        if move.new_module == "builtins":
            renamed[one.asname or one.name] = move.new_name
            continue
        shown = one.asname or (one.name if one.name != move.new_name else None)
        parts.append(f"from {move.new_module} import {move.new_name}" + (f" as {shown}" if shown else ""))
    joint = "\n" + " " * node.col_offset
    return joint.join(parts) or "pass"


def _attribute(alias: str, move: Move) -> str:
    if move.new_module == "builtins":
        return move.new_name
    if move.new_module == move.module:
        return f"{alias}.{move.new_name}"
    return f"{move.new_module}.{move.new_name}"


def _aliases(tree: ast.Module, module: str) -> frozenset[str]:
    """The expressions under which a file has a module: `np`, `numpy`, `werkzeug.urls`."""
    found = set()
    parent, _, last = module.rpartition(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.name == module:
                    found.add(one.asname or module)
                elif module.startswith(f"{one.name}.") and one.asname is None:
                    found.add(module)
        elif isinstance(node, ast.ImportFrom) and node.module == parent and parent and not node.level:
            found |= {one.asname or one.name for one in node.names if one.name == last}
    return frozenset(found)


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        front = _dotted(node.value)
        return f"{front}.{node.attr}" if front else None
    return None


def _with_import(text: str, statement: str) -> str:
    """Put an import after the last one at the top of the file."""
    tree = ast.parse(text)
    if any(ast.unparse(node) == statement for node in tree.body):
        return text
    lines = text.splitlines(keepends=True)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    after = max((node.end_lineno or node.lineno for node in imports), default=0)
    lines.insert(after, f"{statement}\n")
    return "".join(lines)
