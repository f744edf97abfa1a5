"""The Python side of a repository: which file holds which name."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from selfheal.contract.tree import TreeView
from selfheal.fix.types.source import Function, Source, read_source

_ROOTS = ("src/", "lib/", "python/")
_MAX_FILES = 4_000
_SKIPPED = (".venv/", "venv/", "node_modules/", "build/", "dist/", ".tox/", "site-packages/")


class Project:
    """Reads a tree's Python files, each once."""

    def __init__(self, tree: TreeView) -> None:
        self._tree = tree
        self._sources: dict[str, Source | None] = {}
        self._raw: dict[str, bytes] | None = None

    def source(self, path: str) -> Source | None:
        """Parse a file; None where it can't be read as Python."""
        if path not in self._sources:
            self._sources[path] = read_source(path, self._tree.read(path))
        return self._sources[path]

    def holding(self, word: str) -> Iterator[Source]:
        """Give the files in whose text a word occurs."""
        wanted = word.encode()
        for path, raw in self._contents().items():
            if wanted in raw and (source := self.source(path)) is not None:
                yield source

    def functions(self, name: str) -> Iterator[tuple[Source, Function]]:
        """Give all functions and methods of a name."""
        for source in self.holding(f"def {name}"):
            for node in ast.walk(source.tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                    yield source, node

    def classes(self, name: str) -> Iterator[tuple[Source, ast.ClassDef]]:
        """Give all classes of a name."""
        for source in self.holding(f"class {name}"):
            for node in ast.walk(source.tree):
                if isinstance(node, ast.ClassDef) and node.name == name:
                    yield source, node

    def calls(self, name: str) -> Iterator[tuple[Source, ast.Call]]:
        """Give the calls of a function or method of this name, wherever it comes from."""
        for source in self.holding(f"{name}("):
            for node in ast.walk(source.tree):
                if isinstance(node, ast.Call) and called_name(node) == name:
                    yield source, node

    def modules(self) -> dict[str, str]:
        """Give the dotted names of the repository's modules with their files; of one with a stub, what runs."""
        stubs_first = sorted(self._paths(), key=lambda path: path.endswith(".py"))
        return {module_of(path): path for path in stubs_first if module_of(path)}

    def importers_of(self, name: str) -> Iterator[tuple[str, str]]:
        """Tell as (module, name) how the repository's files import a name; name is empty for `import module`."""
        for source in self.holding(name):
            for node in ast.walk(source.tree):
                if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                    if any(alias.name == name and alias.asname is None for alias in node.names):
                        yield node.module, name
                elif isinstance(node, ast.Import) and any(
                    alias.name == name and alias.asname is None for alias in node.names
                ):
                    yield name, ""

    def lowest_python(self) -> tuple[int, int] | None:
        """Read the oldest Python that the project says it supports."""
        raw = self._tree.read("pyproject.toml")
        if raw is None:
            return None
        import tomllib

        try:
            asked = tomllib.loads(raw.decode()).get("project", {}).get("requires-python", "")
            numbers = str(asked).partition(">=")[2].split(",")[0].strip().split(".")
            return int(numbers[0]), int(numbers[1])
        except (ValueError, IndexError, AttributeError, tomllib.TOMLDecodeError):
            return None

    def _contents(self) -> dict[str, bytes]:
        if self._raw is None:
            self._raw = {path: raw for path in self._paths() if (raw := self._tree.read(path)) is not None}
        return self._raw

    def _paths(self) -> list[str]:
        paths = (path for path in self._tree.paths() if path.endswith((".py", ".pyi")))
        return [path for path in paths if not path.startswith(_SKIPPED)][:_MAX_FILES]


def module_of(path: str) -> str:
    """Name the module that a file holds."""
    for root in _ROOTS:
        path = path.removeprefix(root)
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts and parts[-1] == "__init__" else parts)


def called_name(call: ast.Call) -> str | None:
    """Give the last name of what is called: `c` of `a.b.c()`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return None
