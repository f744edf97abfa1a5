"""A page of documentation, or a docstring, with the line that a warning is about."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.syntax.damage import decoded

_DOCSTRING = re.compile(r"\(line (\d+) of the docstring of ([\w.]+)\)")
PAGES = (".rst", ".md", ".txt", ".inc")


@dataclass(frozen=True, slots=True)
class Page:
    """`lines` carry no ends. `line` counts from 1, 0 where the warning names none."""

    path: str
    lines: tuple[str, ...]
    line: int
    newline: str = "\n"

    def code(self, line: int) -> str:
        """One line; empty where there is none."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def indent(self, line: int) -> str:
        """The blanks that a line begins with."""
        code = self.code(line)
        return code[: len(code) - len(code.lstrip())]

    def with_lines(self, first: int, last: int, *new: str) -> "Page":
        """The page with whole lines replaced; `last` before `first` inserts."""
        return replace(self, lines=(*self.lines[: first - 1], *new, *self.lines[last:]))

    @property
    def content(self) -> bytes:
        """The page as it is written to disk."""
        return self.newline.join(self.lines).encode()


def page_of(tree: TreeView, failure: Failure) -> Page | None:
    """The page that a warning is about; of a docstring, the module that holds it."""
    if failure.file is None or failure.file.startswith(("/", "../")):
        return None
    text = decoded(tree.read(failure.file))
    if text is None:
        return None
    line = failure.line or 0
    if failure.file.endswith(".py"):
        found = _DOCSTRING.search(failure.message)
        line = _docstring_line(text, found[2], int(found[1])) if found is not None else 0
        if not line:
            return None
    return read(failure.file, text, line)


def read(path: str, text: str, line: int = 0) -> Page:
    """Cut a text into a page."""
    newline = "\r\n" if "\r\n" in text else "\n"
    return Page(path, tuple(text.split(newline)), line, newline)


def pages(tree: TreeView, *suffixes: str) -> Iterator[Page]:
    """All pages of the tree with one of these endings."""
    for path in tree.paths():
        if path.endswith(suffixes) and (text := decoded(tree.read(path))) is not None:
            yield read(path, text)


def root_of(tree: TreeView, path: str) -> str:
    """The folder of the documents that a page belongs to: the nearest above with a `conf.py`."""
    paths = frozenset(tree.paths())
    for parent in PurePosixPath(path).parents:
        if str(parent / "conf.py") in paths:
            return "" if str(parent) == "." else f"{parent}/"
    return ""


def _docstring_line(text: str, symbol: str, line: int) -> int:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0
    parts = symbol.split(".")
    for start in range(len(parts) + 1):
        node = _find(tree, parts[start:])
        body = node.body if node is not None else []
        match body[:1]:
            case [ast.Expr(value=ast.Constant(value=str()), lineno=first)]:
                return first + line - 1
            case _:
                continue
    return 0


def _find(
    node: ast.Module, parts: list[str]
) -> ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | None:
    found: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef = node
    for part in parts:
        inner = next(
            (
                child
                for child in found.body
                if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and child.name == part
            ),
            None,
        )
        if inner is None:
            return None
        found = inner
    return found
