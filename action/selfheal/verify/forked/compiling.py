"""Compile of a changed file the one function that has changed: of a long file that is a small part of the work."""

from __future__ import annotations
import __future__

import ast
from collections.abc import Iterator
from types import CodeType
from typing import Any

CO_OPTIMIZED = 1
"""Set for functions, not for modules and class bodies."""
_FUTURES = 0
for _name in __future__.all_feature_names:
    _FUTURES |= getattr(__future__, _name).compiler_flag


class Loaded:
    """A file as it was loaded: its text, what it was compiled to, and where its outermost functions lie."""

    def __init__(self, path: str, source: bytes) -> None:
        self.code: CodeType = compile(source, path, "exec", dont_inherit=True)
        self._path = path
        self._lines = source.split(b"\n")
        self._flags = self.code.co_flags & _FUTURES
        self._places: list[_Place] = []
        # Where a line may end otherwise the lines of the tree are not those of the text.
        if not any(odd in source for odd in (b"\r", b"\f", b"\t")):
            codes = dict(_functions(self.code))
            tree = ast.parse(source)
            self._places = [one for one in _places(tree, ()) if (one.first, one.name) in codes]
            for place in self._places:
                place.code = codes[place.first, place.name]

    def changed_function(self, source: bytes) -> tuple[CodeType, CodeType] | None:
        """The one function whose body tells the new text from this one, as it was and as it is now.

        None where something else has changed too, or where that can't be told: then all of it has to be compiled.
        """
        lines = source.split(b"\n")
        same = _common(self._lines, lines)
        behind = _common(self._lines[same:][::-1], lines[same:][::-1])
        last, more = len(self._lines) - behind, len(lines) - len(self._lines)
        for place in self._places:
            if place.body <= same + 1 and last <= place.last and same <= place.last and place.code is not None:
                new = self._compiled(place, lines[place.first - 1 : place.last + more])
                return (place.code, new) if new is not None else None
        return None

    def _compiled(self, place: _Place, lines: list[bytes]) -> CodeType | None:
        head = [b" " * depth + line.encode() for depth, line in enumerate(place.around)]
        text = b"\n" * (place.first - 1 - len(head)) + b"\n".join([*head, *lines]) + b"\n"
        try:
            tree = ast.parse(text)
            if not _is_alone(tree, place):
                return None
            code = compile(tree, self._path, "exec", flags=self._flags, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError):
            return None
        return dict(_functions(code)).get((place.first, place.name))


class _Place:
    """A function that stands in no other: its lines from 1, and the heads of what it stands in."""

    def __init__(self, node: Any, around: tuple[str, ...]) -> None:
        self.name: str = node.name
        self.around = around
        self.first: int = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        self.body: int = node.body[0].lineno
        self.last: int = node.end_lineno
        self.code: CodeType | None = None
        self.is_apart: bool = node.col_offset >= len(around) and self.body > _head_end(node)


def _head_end(node: Any) -> int:
    """The last line of what is said of a function in front of its body, its own first line at least."""
    every = node.args
    parts = [*every.args, *every.kwonlyargs, every.vararg, every.kwarg, *every.defaults, *every.kw_defaults]
    parts += [*getattr(every, "posonlyargs", ()), node.returns]
    last: int = max([node.lineno, *(one.end_lineno for one in parts if one is not None)])
    return last


def _places(node: ast.AST, around: tuple[str, ...]) -> Iterator[_Place]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            place = _Place(child, around)
            if place.is_apart and place.first > len(around) and not getattr(child, "type_params", None):
                yield place
        elif isinstance(child, ast.ClassDef):
            if not getattr(child, "type_params", None):
                yield from _places(child, (*around, "class %s:" % child.name))
        elif isinstance(child, ast.stmt):
            yield from _places(child, (*around, "if 1:"))
        elif not isinstance(child, ast.expr):
            yield from _places(child, around)


def _is_alone(tree: ast.AST, place: _Place) -> bool:
    """True where nothing but the function has come of its text: an edit may have broken out of it."""
    node: Any = tree
    for _ in place.around:
        (node,) = node.body if len(node.body) == 1 else (None,)
        if not isinstance(node, (ast.ClassDef, ast.If)) or getattr(node, "orelse", None):
            return False
    inner = node.body[0]
    is_function = isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef))
    return len(node.body) == 1 and is_function and inner.name == place.name


def _functions(code: CodeType) -> Iterator[tuple[tuple[int, str], CodeType]]:
    """The functions that stand in no other, by first line and name."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_flags & CO_OPTIMIZED:
                yield (one.co_firstlineno, one.co_name), one
            else:
                yield from _functions(one)


def _common(one: list[bytes], other: list[bytes]) -> int:
    """How many of their first lines are the same."""
    count = 0
    for mine, theirs in zip(one, other):
        if mine != theirs:
            break
        count += 1
    return count
