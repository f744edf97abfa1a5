"""A Python file as bytes and tree together, for edits that change nothing but the place they are about."""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self, TypeVar

_BOM = b"\xef\xbb\xbf"
_MAX_BYTES = 1_500_000
_COOKIE = re.compile(rb"[ \t\f]*#.{0,200}?coding[:=][ \t]*([-\w.]+)")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ImportNode = ast.Import | ast.ImportFrom
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)
Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Put `new` in the place of the bytes `start`..`end` (end excluded)."""

    start: int
    end: int
    new: bytes


class Source:
    """One readable UTF-8 file. Offsets are in bytes, lines count from 1, a tree's columns in bytes from 0."""

    def __init__(self, path: str, raw: bytes, tree: ast.Module) -> None:
        self.path = path
        self.raw = raw
        self.tree = tree
        self.lines = tuple(match.group() for match in _LINE.finditer(raw))
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))
        self._parents: dict[int, ast.AST] = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self._parents[id(child)] = node

    @classmethod
    def read(cls, path: str, raw: bytes | None) -> Self | None:
        """Parse a file; None where it is no UTF-8, too big, or no Python."""
        if raw is None or len(raw) > _MAX_BYTES or not path.endswith((".py", ".pyi", ".pyw")):
            return None
        for line in raw.split(b"\n", 2)[:2]:
            cookie = _COOKIE.match(line)
            if cookie is not None and cookie.group(1).lower().replace(b"_", b"-") not in (b"utf-8", b"ascii", b"utf8"):
                return None
        body = raw.removeprefix(_BOM)
        try:
            body.decode()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return cls(path, raw, ast.parse(raw)) if body is raw else cls(path, body, ast.parse(body))
        except _UNREADABLE:
            return None

    @property
    def newline(self) -> str:
        """The file's own line ending."""
        return "\r\n" if self.lines and self.lines[0].endswith(b"\r\n") else "\n"

    def offset(self, line: int, column: int) -> int:
        """The place of a line (from 1) and byte column (from 0), kept inside the file."""
        row = min(max(line, 1), len(self.lines) + 1) - 1
        return min(self._starts[row] + max(column, 0), len(self.raw))

    def place(self, line: int, column: int | None) -> int:
        """The place of a line and a column in characters, both from 1, as linters tell it."""
        text = self.line(line)
        return self.offset(line, len(text[: max((column or 1) - 1, 0)].encode()))

    def line(self, number: int) -> str:
        """A line without its ending; empty where there is none."""
        return self.lines[number - 1].decode().rstrip("\r\n") if 0 < number <= len(self.lines) else ""

    def indent(self, number: int) -> str:
        """What a line starts with before its first word."""
        text = self.line(number)
        return text[: len(text) - len(text.lstrip(" \t"))]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node that has a position starts and ends; decorators don't belong to it."""
        first, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        last, end = getattr(node, "end_lineno", first), getattr(node, "end_col_offset", column)
        return self.offset(first, column), self.offset(last, end)

    def text(self, node: ast.AST) -> str:
        """The node's own words."""
        start, end = self.span(node)
        return self.raw[start:end].decode(errors="replace")

    def between(self, start: int, end: int) -> str:
        """The words between two offsets."""
        return self.raw[start:end].decode(errors="replace")

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that holds this one."""
        return self._parents.get(id(node))

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the inside out."""
        current = self.parent(node)
        while current is not None:
            yield current
            current = self.parent(current)

    def scope(self, node: ast.AST) -> ast.AST:
        """The function, lambda, class or module that a node stands in."""
        return next((outer for outer in self.above(node) if isinstance(outer, SCOPES)), self.tree)

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The statement that a node belongs to, itself where it is one."""
        return next((one for one in (node, *self.above(node)) if isinstance(one, ast.stmt)), None)

    def nodes(self, kind: type[Node], *, line: int | None = None) -> tuple[Node, ...]:
        """All nodes of a kind, those that start on a line where one is given, in the order of the file."""
        found = [n for n in ast.walk(self.tree) if isinstance(n, kind) and line in (None, getattr(n, "lineno", 0))]
        return tuple(sorted(found, key=lambda n: self.span(n)))

    def imports(self) -> "tuple[ImportNode, ...]":
        """All imports of both kinds, wherever they stand, in the order of the file."""
        found: list[ImportNode] = [*self.nodes(ast.Import), *self.nodes(ast.ImportFrom)]
        return tuple(sorted(found, key=lambda n: self.span(n)))

    def functions(self) -> "tuple[FunctionNode, ...]":
        """All functions, in the order of the file."""
        found: list[FunctionNode] = [*self.nodes(ast.FunctionDef), *self.nodes(ast.AsyncFunctionDef)]
        return tuple(sorted(found, key=lambda n: self.span(n)))

    def covering(self, line: int, column: int | None, kind: type[Node]) -> Node | None:
        """The node of a kind that a finding is about: the innermost over its place, else the first on its line."""
        at = self.place(line, column)
        around = [n for n in self.nodes(kind) if self.span(n)[0] <= at < self.span(n)[1]]
        if around and column is not None:
            exact = [n for n in around if self.span(n)[0] == at]
            return exact[0] if exact else around[-1]
        return next(iter(self.nodes(kind, line=line)), None)

    def replace(self, node: ast.AST, new: str) -> Splice:
        """Put other words in a node's place."""
        return Splice(*self.span(node), new.encode())

    def splice(self, start: int, end: int, new: str) -> Splice:
        """Put other words between two offsets."""
        return Splice(start, end, new.encode())

    def insert(self, at: int, new: str) -> Splice:
        """Put words in at an offset."""
        return Splice(at, at, new.encode())

    def line_start(self, number: int) -> int:
        """Where a line begins; the file's end for the line after the last."""
        return self.offset(number, 0)


def parses(raw: bytes) -> bool:
    """Tell whether Python reads the bytes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(raw)
    except _UNREADABLE:
        return False
    return True
