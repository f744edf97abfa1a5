"""A Python file that can be asked what stands where, and cut there without touching the rest."""

import ast
import re
from collections.abc import Iterator

_BREAK = re.compile(r"\r\n|\r|\n")
_BOM = "\ufeff"
_MAX_BYTES = 1_000_000
"""Above this a file is generated: reading it costs more than a repair is worth."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module


class Source:
    """One parsed file. Lines count from 1, offsets are into `text`, columns are the parser's (bytes)."""

    def __init__(self, path: str, text: str, *, has_bom: bool) -> None:
        """Parse; raises what `ast.parse` raises."""
        self.path = path
        self.text = text
        self.tree = ast.parse(text)
        self._bom = _BOM if has_bom else ""
        self._starts = (0, *(found.end() for found in _BREAK.finditer(text)))
        self.newline = found.group() if (found := _BREAK.search(text)) else "\n"
        self._parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def encode(self, text: str) -> bytes:
        """Give the bytes of a file with this text and the old one's byte order mark."""
        return (self._bom + text).encode()

    def start_of(self, line: int) -> int:
        """Tell where a line begins; the end of the text for a line that does not exist."""
        return self._starts[line - 1] if 0 < line <= len(self._starts) else len(self.text)

    def line(self, number: int) -> str:
        """Give a line with its end; empty where there is none."""
        return self.text[self.start_of(number) : self.start_of(number + 1)] if number > 0 else ""

    def offset(self, line: int, column: int) -> int:
        """Turn the parser's position into an offset."""
        row = self.line(line)
        at = column if row.isascii() else len(row.encode()[:column].decode(errors="ignore"))
        return self.start_of(line) + at

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Give the offsets of a node's first and last character (the last excluded)."""
        place = _located(node)
        return self.offset(place[0], place[1]), self.offset(place[2], place[3])

    def segment(self, node: ast.AST) -> str:
        """Give a node's text as it stands."""
        start, end = self.span(node)
        return self.text[start:end]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Give the node around this one."""
        return self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Give what stands around a node, the nearest first."""
        current = self._parents.get(node)
        while current is not None:
            yield current
            current = self._parents.get(current)

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """Give the innermost statement that holds a node, or the node itself."""
        for one in (node, *self.ancestors(node)):
            if isinstance(one, ast.stmt):
                return one
        return None

    def function(self, node: ast.AST) -> Function | None:
        """Give the function whose code holds a node; its decorators run in the one around it."""
        inner = node
        for one in self.ancestors(node):
            if isinstance(one, ast.Lambda | ast.ClassDef):
                return None
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and inner not in one.decorator_list:
                return one
            inner = one
        return None

    def scope(self, node: ast.AST) -> Scope:
        """Give the function, class or module that holds a node."""
        for one in self.ancestors(node):
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                return one
        return self.tree

    def enclosing_class(self, node: ast.AST) -> ast.ClassDef | None:
        """Give the nearest class around a node."""
        return next((one for one in self.ancestors(node) if isinstance(one, ast.ClassDef)), None)

    def nodes(self, line: int) -> Iterator[ast.AST]:
        """Give the nodes that begin on a line, the outer ones first."""
        for node in ast.walk(self.tree):
            if getattr(node, "lineno", None) == line:
                yield node

    def function_at(self, line: int) -> Function | None:
        """Give the function whose `def` or first decorator stands on a line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and line in (
                node.lineno,
                *(decorator.lineno for decorator in node.decorator_list),
            ):
                return node
        return None

    def innermost_function(self, line: int) -> Function | None:
        """Give the smallest function whose lines hold this one."""
        found: Function | None = None
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min(node.lineno, *(d.lineno for d in node.decorator_list), node.lineno)
                if first <= line <= (node.end_lineno or line) and (found is None or node.lineno >= found.lineno):
                    found = node
        return found

    def names_around(self, line: int) -> tuple[str, ...]:
        """Name the functions and classes whose lines hold this one."""
        return tuple(
            node.name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and min([node.lineno, *(one.lineno for one in node.decorator_list)]) <= line <= (node.end_lineno or line)
        )

    def indent(self, node: ast.AST) -> str:
        """Give the blanks in front of the line on which a node begins."""
        row = self.line(_located(node)[0])
        return row[: len(row) - len(row.lstrip(" \t"))]


def read_source(path: str, raw: bytes | None) -> Source | None:
    """Parse a file; None where it is missing, not UTF-8, too big, or no Python."""
    if raw is None or len(raw) > _MAX_BYTES or not path.endswith((".py", ".pyi")):
        return None
    try:
        text = raw.decode()
        return Source(path, text.removeprefix(_BOM), has_bom=text.startswith(_BOM))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a function's or class's own code: not what nested functions and classes hold."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from own_nodes(child)


def _located(node: ast.AST) -> tuple[int, int, int, int]:
    if not isinstance(node, ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias | ast.ExceptHandler):
        raise TypeError(f"{type(node).__name__} stands nowhere in the text")
    return node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
