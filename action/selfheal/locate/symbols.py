"""A lazy index of a tree's symbols: what is parsed follows what is asked, not the repository's size."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from selfheal.contract.tree import TreeView
from selfheal.locate.modules import ModuleMap
from selfheal.locate.source import FunctionNode, Kind, SourceFile, Symbol

if TYPE_CHECKING:
    from selfheal.locate.resolver import Resolver

_MAX_HITS = 40


class SymbolIndex:
    """Answers questions about one version of a tree. Each file is read and parsed at most once."""

    def __init__(self, tree: TreeView) -> None:
        self._tree = tree
        self._bytes: dict[str, bytes | None] = {}
        self._files: dict[str, SourceFile | None] = {}
        self._definitions: dict[str, tuple[Symbol, ...]] = {}
        self._callees: dict[Symbol, tuple[Symbol, ...]] = {}
        self._resolver: Resolver | None = None
        self.modules = ModuleMap(tree)
        self.parsed_files = 0
        """How many files were parsed so far."""

    def file(self, path: str) -> SourceFile | None:
        """The parsed file, or None where it is no Python file of the tree."""
        if path not in self._files:
            content = self._read(path) if path in self.modules.paths else None
            self.parsed_files += content is not None
            self._files[path] = SourceFile(path, content) if content is not None else None
        return self._files[path]

    def enclosing(self, file: str, line: int) -> Symbol | None:
        """The function, class or module-level statement around a line; None for no such Python file."""
        source = self.file(file)
        if source is None or line < 1 or line > len(source.lines):
            return None
        return source.enclosing(line)

    def definitions(self, name: str) -> tuple[Symbol, ...]:
        """Functions, classes and module-level names called `name`, anywhere. A dotted name asks for its end."""
        if name not in self._definitions:
            self._definitions[name] = tuple(self._find_definitions(name))
        return self._definitions[name]

    def references(self, name: str) -> tuple[tuple[str, int], ...]:
        """Files and lines that hold `name` as a word."""
        if not name.isidentifier():
            return ()
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        return tuple(
            (path, number)
            for path in self._holding(name)
            if (source := self.file(path)) is not None
            for number, line in enumerate(source.lines, start=1)
            if word.search(line)
        )

    def source(self, symbol: Symbol) -> str:
        """The text of a symbol."""
        found = self.file(symbol.file)
        return found.segment(symbol.first_line, symbol.last_line) if found is not None else ""

    def node(self, symbol: Symbol) -> FunctionNode | ast.ClassDef | ast.stmt | None:
        """The syntax tree of a symbol, or None where its file does not parse."""
        found = self.file(symbol.file)
        return found.nodes.get(symbol) if found is not None else None

    def signature(self, symbol: Symbol) -> str:
        """One line: the header of a function or class; a statement's own first line."""
        node = self.node(symbol)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            prefix = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
            returns = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
            return f"{prefix} {node.name}({ast.unparse(node.args)}){returns}"
        if isinstance(node, ast.ClassDef):
            inside = ", ".join(ast.unparse(base) for base in (*node.bases, *(one.value for one in node.keywords)))
            return f"class {node.name}({inside})" if inside else f"class {node.name}"
        return self.source(symbol).strip().split("\n")[0].rstrip(":")

    def docstring(self, symbol: Symbol) -> str:
        """The first line of the docstring, or nothing."""
        node = self.node(symbol)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return ""
        return (ast.get_docstring(node) or "").strip().split("\n")[0]

    @property
    def resolver(self) -> "Resolver":
        """Resolves names over this index."""
        if self._resolver is None:
            # The resolver asks this index back: neither module can come first.
            from selfheal.locate.resolver import Resolver

            self._resolver = Resolver(self)
        return self._resolver

    def callees(self, symbol: Symbol) -> tuple[Symbol, ...]:
        """The repository's symbols that this one uses, in order of their first use."""
        if symbol not in self._callees:
            from selfheal.locate.uses import uses_of

            self._callees[symbol] = tuple(dict.fromkeys(use.symbol for use in uses_of(self, symbol)))
        return self._callees[symbol]

    def owner(self, symbol: Symbol) -> Symbol | None:
        """The class that a method belongs to."""
        prefix = symbol.name.rpartition(".")[0]
        source = self.file(symbol.file)
        found = source.symbol(prefix) if prefix and source is not None else None
        return found if found is not None and found.kind is Kind.CLASS else None

    def _read(self, path: str) -> bytes | None:
        if path not in self._bytes:
            self._bytes[path] = self._tree.read(path)
        return self._bytes[path]

    def _holding(self, name: str) -> Iterator[str]:
        """Python files whose bytes hold the name: no parsing needed to rule the others out."""
        needle = name.encode("utf-8", "replace")
        hits = 0
        for path in sorted(self.modules.paths):
            content = self._read(path)
            if content is not None and needle in content:
                yield path
                hits += 1
                if hits >= _MAX_HITS:
                    return

    def _find_definitions(self, name: str) -> Iterator[Symbol]:
        short = name.rpartition(".")[2]
        if not short.isidentifier():
            return
        for path in self._holding(short):
            source = self.file(path)
            if source is None:
                continue
            for symbol in source.symbols:
                if symbol.name == name or symbol.name.endswith(f".{name}"):
                    yield symbol
            if name in source.bound:
                yield source.bound[name]
