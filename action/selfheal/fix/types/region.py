"""The lines that a type error is about, and those around them that a model should see."""

import ast
import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Failure
from selfheal.fix.python_tree import statement_at
from selfheal.fix.types.source import Function, Source

_MAX_FUNCTION = 30
_AROUND = 8
_ABSTRACT = re.compile(r'Cannot instantiate abstract class "(\w+)"')
_WHOLE = frozenset({"return", "empty-body", "no-untyped-call"})
"""What one line can't mend."""


@dataclass(frozen=True, slots=True)
class Region:
    """Lines from 1, both ends included: those to be written again, and those to be shown."""

    first: int
    last: int
    shown_first: int
    shown_last: int
    function: str | None = None
    """The name where the whole function is to be written again."""
    lacking: tuple[str, ...] = ()
    """The methods that are to be written behind `last`, where a class lacks them; nothing is replaced then."""

    @property
    def wanted(self) -> str:
        """Say what the model is to write."""
        if self.lacking:
            return f"Only the methods that the class lacks, each with a body that works: {', '.join(self.lacking)}"
        return f"The whole corrected `{self.function}`" if self.function else "The corrected marked lines"


def region_of(source: Source, failure: Failure, *, is_wide: bool) -> Region | None:
    """Choose the statement that is wrong, a function's head where that is; the whole function if `is_wide`."""
    line = failure.line or 0
    if (lacking := _lacking(source, failure)) is not None:
        return lacking
    function = source.function_at(line) or source.innermost_function(line)
    if (is_wide or failure.code in _WHOLE) and function is not None and _length(function) <= _MAX_FUNCTION:
        first, last = _first(function), function.end_lineno or line
        return Region(first, last, first, last, function.name)
    node = statement_at(source.tree, line)
    if node is None:
        return None
    first, last = _head(node)
    if function is not None and _length(function) <= _MAX_FUNCTION:
        return Region(first, last, _first(function), function.end_lineno or last)
    return Region(first, last, max(1, first - _AROUND), last + _AROUND)


def _lacking(source: Source, failure: Failure) -> Region | None:
    """Choose the end of a class of this file that can't be made, for the methods that it lacks are abstract."""
    found = _ABSTRACT.search(failure.message)
    holders = [node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)]
    holder = next((node for node in holders if found is not None and node.name == found.group(1)), None)
    if found is None or holder is None or holder.end_lineno is None:
        return None
    names = re.findall(r'"(?:\w+\.)?(\w+)"', failure.message[found.end() :])
    shown = max(holder.lineno, holder.end_lineno - _MAX_FUNCTION)
    return Region(holder.end_lineno + 1, holder.end_lineno, shown, holder.end_lineno, lacking=tuple(names[:4]))


def _head(node: ast.stmt) -> tuple[int, int]:
    """Give the lines of a statement, of a compound one only those in front of its body."""
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and body[0].lineno > node.lineno:
        first = min([body[0].lineno, *(one.lineno for one in getattr(body[0], "decorator_list", ()))])
        return node.lineno, first - 1
    return node.lineno, node.end_lineno or node.lineno


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - _first(function) + 1


def _first(function: Function) -> int:
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])
