"""Forgotten, misplaced and exchanged statements."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from planting.source import Source, Splice
from trials.slips.scope import UNTOUCHED

SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)
LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def lost_guard(source: Source) -> Iterator[Splice]:
    """`if …: return …` is forgotten."""
    for block in _blocks(source):
        for node in block:
            if not isinstance(node, ast.If) or node.orelse or len(block) == 1:
                continue
            if isinstance(node.body[-1], LEAVING) and not _is_elif(source, node):
                yield source.drop_lines(node)


def lost_statement(source: Source) -> Iterator[Splice]:
    """An update or a call is forgotten."""
    for block in _blocks(source):
        for node in block:
            if len(block) > 1 and isinstance(node, ast.AugAssign | ast.Expr) and not _is_docstring(node):
                yield source.drop_lines(node)


def lost_branch(source: Source) -> Iterator[Splice]:
    """An `else` or an `elif` is forgotten."""
    for block in _blocks(source):
        for node in block:
            if isinstance(node, ast.If) and node.orelse and not _is_elif(source, node):
                last = node.body[-1]
                start, end = source.at((last.end_lineno or 0) + 1), source.at((node.end_lineno or 0) + 1)
                yield Splice(start, end, "")


def exchanged(source: Source) -> Iterator[Splice]:
    """Two statements in the other order."""
    for block in _blocks(source):
        for one, other in pairwise(block):
            if isinstance(one, SIMPLE) and isinstance(other, SIMPLE) and not _is_docstring(one):
                start, end = source.span(one)[0], source.span(other)[1]
                between = source.text[source.span(one)[1] : source.span(other)[0]]
                yield Splice(start, end, f"{source.of(other)}{between}{source.of(one)}")


def lost_return(source: Source) -> Iterator[Splice]:
    """The value is worked out and not given back."""
    for block in _blocks(source):
        for node in block:
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
                yield source.swap(node, source.of(node.value))


def break_for_continue(source: Source) -> Iterator[Splice]:
    """A loop ends where it should go on, or the other way round."""
    for block in _blocks(source):
        for node in block:
            if isinstance(node, ast.Break):
                yield source.swap(node, "continue")
            elif isinstance(node, ast.Continue):
                yield source.swap(node, "break")


def out_of_the_loop(source: Source) -> Iterator[Splice]:
    """The last statement of a loop stands after it."""
    for block in _blocks(source):
        for node in block:
            if isinstance(node, ast.For | ast.While) and len(node.body) > 1 and not node.orelse:
                last = node.body[-1]
                if isinstance(last, SIMPLE) and source.is_one_line(last):
                    line = source.at(last.lineno)
                    yield Splice(line, source.span(last)[0], source.indent(node))


def narrower_except(source: Source) -> Iterator[Splice]:
    """One of several exceptions is forgotten."""
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Tuple) and len(node.type.elts) > 1:
            for kept in node.type.elts:
                yield source.swap(node.type, source.of(kept))


def _blocks(source: Source) -> Iterator[list[ast.stmt]]:
    """Every list of statements inside a function."""
    for function in source.functions:
        if function.name in UNTOUCHED:
            continue
        for node in ast.walk(function):
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                    yield block


def _is_elif(source: Source, node: ast.If) -> bool:
    return source.text[source.at(node.lineno, node.col_offset) :].startswith("elif")


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
