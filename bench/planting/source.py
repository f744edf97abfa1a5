"""Read a Python file and say where its parts stand, in characters; what can be spliced into it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Splice:
    """Put `text` where the characters from `start` to `end` stand."""

    start: int
    end: int
    text: str

    def apply(self, whole: str) -> str:
        """The text with the splice in it."""
        return whole[: self.start] + self.text + whole[self.end :]


class Source:
    """A file with the offsets of its lines; one that parses as Python has a tree and its nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.splitlines(keepends=True)
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    def at(self, line: int, column: int = 0) -> int:
        """The offset of a place as `ast` tells it: lines from 1, columns in UTF-8 bytes."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return self._starts[line - 1] + len(text.encode()[:column].decode("utf-8", "ignore"))

    def span(self, node: Any) -> tuple[int, int]:
        """Where a node begins and ends; a function's or class's decorators are not part of it."""
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.AST) -> str:
        """The node's text."""
        start, end = self.span(node)
        return self.text[start:end]

    def swap(self, node: ast.AST, text: str) -> Splice:
        """Another text for a node."""
        return Splice(*self.span(node), text)

    def insert(self, line: int, text: str) -> Splice:
        """New lines before `line`."""
        return Splice(self.at(line), self.at(line), text)

    def drop_lines(self, node: ast.stmt) -> Splice:
        """Take the whole lines of a statement out."""
        return Splice(self.at(node.lineno), self.at((node.end_lineno or node.lineno) + 1), "")

    def indent(self, node: Any) -> str:
        """The white space in front of a statement."""
        line = self.lines[node.lineno - 1]
        return line[: len(line) - len(line.lstrip())]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node, in the order of the text."""
        found = [node for node in ast.walk(self.tree) if hasattr(node, "lineno")]
        return tuple(sorted(found, key=lambda node: (node.lineno, node.col_offset, type(node).__name__)))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function and method."""
        return tuple(node for node in self.nodes if isinstance(node, Function))

    def bodies(self) -> Iterator[tuple[Function, ast.stmt]]:
        """Every statement of a function with the innermost function that it is in; docstrings are none."""
        for function in self.functions:
            for number, statement in enumerate(function.body):
                if number == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    continue
                yield from ((function, inner) for inner in _inside(statement))

    def is_one_line(self, node: Any) -> bool:
        """Tell whether a node stands on one line."""
        return node.lineno == node.end_lineno


def _inside(statement: ast.stmt) -> Iterator[ast.stmt]:
    yield statement
    if isinstance(statement, Function | ast.ClassDef):
        return
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield from _inside(child)
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            for inner in child.body:
                yield from _inside(inner)


def misspelt(name: str) -> str:
    """The name with a slip of the fingers in it."""
    middle = len(name) // 2
    if len(name) > 3 and name[middle] != name[middle - 1] and not set("_-.") & set(name[middle - 1 : middle + 1]):
        return name[: middle - 1] + name[middle] + name[middle - 1] + name[middle + 1 :]
    return name[:-1] if len(name) > 3 else name + name[-1]
