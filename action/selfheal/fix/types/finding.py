"""One finding of a type checker with all that a repair may look at."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from selfheal.contract.diagnosis import Failure
from selfheal.fix.types.project import Project
from selfheal.fix.types.source import Source

Node = TypeVar("Node", bound=ast.AST)
Question = tuple[Source, ast.expr]
"""An expression whose type a repair wants to know."""
Revealed = Mapping[tuple[str, int], str]
"""What the checker says of an expression: by file and offset."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A failure in a file that could be read."""

    failure: Failure
    source: Source
    project: Project
    revealed: Revealed = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    """All failures of the run."""

    @property
    def message(self) -> str:
        """What the checker said, its notes included."""
        return self.failure.message

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.failure.line or 0

    @property
    def tests_fail(self) -> bool:
        """Whether tests failed in the same run: then a wrong value is likelier than a wrong annotation."""
        return any(failure.test_id for failure in self.failures)

    def alike(self, first_line: int, last_line: int) -> int:
        """Count the findings of the same code between two lines of the file."""
        same = [one for one in self.failures if (one.file, one.code) == (self.failure.file, self.failure.code)]
        return len({one.line for one in same if first_line <= (one.line or 0) <= last_line})

    def search(self, *patterns: str) -> re.Match[str] | None:
        """Match the message against patterns, the first one that fits."""
        return next((found for pattern in patterns if (found := re.search(pattern, self.message))), None)

    def nodes(self, kind: type[Node]) -> list[Node]:
        """Give the nodes of a kind on the line; those at the finding's column first, the inner ones before the outer.

        mypy without --show-column-numbers tells no column.
        """
        found = [node for node in self.source.nodes(self.line) if isinstance(node, kind)]
        if not found:
            found = [node for node in ast.walk(self.source.tree) if isinstance(node, kind) and self._covers(node)]
        column = (self.failure.column or 0) - 1
        return sorted(found, key=lambda node: (not _starts_at(node, self.line, column), _size(node)))

    def nodes_there(self, kind: type[Node]) -> list[Node]:
        """Give the nodes of a kind that begin at the very place of the finding, where its column is told."""
        column = (self.failure.column or 0) - 1
        return [node for node in self.nodes(kind) if _starts_at(node, self.line, column)]

    def type_of(self, node: ast.AST, source: Source | None = None) -> str | None:
        """Give what the checker revealed of an expression."""
        source = source or self.source
        return self.revealed.get((source.path, source.span(node)[0]))

    def statements(self) -> Iterator[ast.stmt]:
        """Give the statements that begin on the line, else the innermost one around it."""
        found = [node for node in self.source.nodes(self.line) if isinstance(node, ast.stmt)]
        if not found:
            around = [node for node in ast.walk(self.source.tree) if isinstance(node, ast.stmt) and self._covers(node)]
            found = sorted(around, key=_size)[:1]
        yield from found

    def _covers(self, node: ast.AST) -> bool:
        first, last = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
        first = min([first, *(one.lineno for one in getattr(node, "decorator_list", ()))]) if first else first
        return first is not None and last is not None and first <= self.line <= last


def _starts_at(node: ast.AST, line: int, column: int) -> bool:
    is_name = isinstance(node, ast.Attribute) and (node.end_col_offset or 0) - len(node.attr) == column
    if is_name and getattr(node, "end_lineno", 0) == line:  # pyright points at the attribute's name
        return True
    return getattr(node, "lineno", 0) == line and getattr(node, "col_offset", -1) == column


def _size(node: ast.AST) -> tuple[int, int]:
    lines = (getattr(node, "end_lineno", 0) or 0) - getattr(node, "lineno", 0)
    return lines, (getattr(node, "end_col_offset", 0) or 0) - getattr(node, "col_offset", 0)
