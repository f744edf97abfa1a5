"""What the rest of the repository says about a name: where it is defined, imported, passed by keyword."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from selfheal.contract.tree import TreeView
from selfheal.fix.lint.source import Source

_MAX_FILES = 3_000
_MAX_TOTAL = 40_000_000


class Project:
    """The repository's Python files, read when they are first asked for."""

    def __init__(self, tree: TreeView) -> None:
        self._tree = tree
        self._sources: dict[str, Source | None] = {}

    @cached_property
    def files(self) -> dict[str, bytes]:
        """All Python files by path, up to a limit of number and size."""
        found: dict[str, bytes] = {}
        total = 0
        for path in self._tree.paths():
            if not path.endswith((".py", ".pyi")) or len(found) >= _MAX_FILES or total >= _MAX_TOTAL:
                continue
            raw = self._tree.read(path)
            if raw is not None:
                found[path] = raw
                total += len(raw)
        return found

    def source(self, path: str) -> Source | None:
        """A file, parsed once."""
        if path not in self._sources:
            self._sources[path] = Source.read(path, self._tree.read(path))
        return self._sources[path]

    def read(self, path: str) -> bytes | None:
        """Any file of the repository."""
        return self._tree.read(path)

    def mentioning(self, word: str, *, but: str = "") -> Iterator[str]:
        """The Python files, one excepted, that hold a word."""
        pattern = re.compile(rb"(?<![A-Za-z0-9_])" + re.escape(word.encode()) + rb"(?![A-Za-z0-9_])")
        return (path for path, raw in self.files.items() if path != but and pattern.search(raw))

    def passes_keyword(self, function: str, argument: str) -> bool:
        """Tell whether any call of something with the function's name, or a `partial` of it, names the argument."""
        for path in self.mentioning(function):
            source = self.source(path)
            if source is None or argument.encode() not in source.raw:
                continue
            for call in source.nodes(ast.Call):
                named = any(keyword.arg == argument for keyword in call.keywords)
                if named and any(_called(part) == function for part in (call.func, *call.args)):
                    return True
        return False

    def imports_from(self, path: str, name: str) -> bool:
        """Tell whether another file takes `name` from the module at `path`, by import or by a dotted name."""
        module = module_of(path).rpartition(".")[2]
        if not module:
            return False
        dotted = re.compile(rf"(?<!\w){re.escape(module)}\.{re.escape(name)}(?!\w)".encode())
        for other in self.mentioning(name, but=path):
            source = self.source(other)
            if source is None:
                continue
            if dotted.search(source.raw):
                return True
            for statement in source.nodes(ast.ImportFrom):
                tail = (statement.module or "").rpartition(".")[2]
                is_here = tail == module or (not tail and path.endswith("__init__.py"))
                if is_here and any(alias.name == name for alias in statement.names):
                    return True
        return False

    def defining(self, name: str) -> tuple[str, ...]:
        """The files that define a name at their top, tests left out."""
        found = []
        for path in self.mentioning(name):
            source = self.source(path)
            if source is not None and not _is_test(path) and name in top_names(source.tree):
                found.append(path)
        return tuple(found)

    def subclassed(self, name: str) -> bool:
        """Tell whether any class of the repository is based on a class of this name."""
        for path in self.mentioning(name):
            source = self.source(path)
            for node in source.nodes(ast.ClassDef) if source is not None else ():
                if any(_called(base) == name for base in node.bases):
                    return True
        return False


def top_names(tree: ast.Module) -> tuple[str, ...]:
    """The names that a module itself defines: functions, classes and assignments at its top, no imports."""
    names: dict[str, None] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names[node.name] = None
            case ast.Assign() | ast.AnnAssign():
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    names.update((n.id, None) for n in ast.walk(target) if isinstance(n, ast.Name))
            case _:
                continue
    return tuple(names)


def module_of(path: str) -> str:
    """The dotted name under which a file is imported, common source folders left out."""
    stem = path.removesuffix(".pyi").removesuffix(".py").removesuffix("/__init__")
    for root in ("src/", "lib/", "python/"):
        stem = stem.removeprefix(root)
    return "" if stem == "__init__" else stem.replace("/", ".")


def _is_test(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith(("test_", "conftest")) or name.endswith("_test.py") or "/tests/" in f"/{path}"


def _called(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
