"""A lost statement that the rest tells of: a field that is never set, a name without a value, an empty list."""

import ast
import builtins
from collections.abc import Iterator

from selfheal.fix.search.site import Change, Site, everything_in

_FIRST_VALUES = ("0", "[]", "{}", "''", "None", "False", "True", "1", "set()")
_PUT = {"list": "append", "set": "add"}
_MOST_PUT = 8


def fields(site: Site, node: ast.AST) -> Iterator[Change]:
    """A parameter of `__init__` that no field keeps."""
    if node is not site.function or site.function.name != "__init__":
        return
    at, indent, line = _start(site)
    for name in site.parameters:
        used = any(isinstance(one, ast.Name) and one.id == name for one in everything_in(site.function))
        yield Change(at, at, f"{indent}self.{name} = {name}\n", line, 0.4 if used else 1.0)


def first_values(site: Site, node: ast.AST) -> Iterator[Change]:
    """A name that is used and never given a value: one in front of the statement that uses it first."""
    if node is not site.function:
        return
    for name in _unbound(site):
        for statement in site.function.body:
            if any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(statement)):
                at, indent = site.line_span(statement.lineno, statement.lineno)[0], site.indent_of(statement.lineno)
                for rank, value in enumerate((*_FIRST_VALUES, *site.parameters)):
                    yield Change(at, at, f"{indent}{name} = {value}\n", statement.lineno, 1.0 / (1 + 0.1 * rank))
                break


def collecting(site: Site, node: ast.AST) -> Iterator[Change]:
    """A list or set that stays empty: something of the loop must be put into it at the loop's end."""
    if not isinstance(node, ast.For | ast.While):
        return
    last = node.body[-1]
    end = site.line_span(last.lineno, last.end_lineno or last.lineno)[1]
    if not site.text[:end].endswith("\n"):
        return
    indent = site.indent_of(node.body[0].lineno)
    bound = [one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]
    for name, word in _empty(site):
        for value in [*dict.fromkeys(reversed(bound)), *site.parameters][:_MOST_PUT]:
            if value != name:
                yield Change(end, end, f"{indent}{name}.{word}({value})\n", last.end_lineno or last.lineno, 0.8)


def _empty(site: Site) -> Iterator[tuple[str, str]]:
    """Names that begin as an empty list or set and that nothing is ever put into, with the word that would."""
    for node in site.nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])):
                word = "append"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=kind), args=[])) if (
                kind in _PUT
            ):
                word = _PUT[kind]
            case _:
                continue
        is_filled = any(
            isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == name
            for one in site.nodes
        )
        if not is_filled:
            yield name, word


def _unbound(site: Site) -> list[str]:
    stored: set[str] = set()
    for one in everything_in(site.function):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            parent = site.parent(one)
            if not isinstance(parent, ast.AugAssign):
                stored.add(one.id)
        elif isinstance(one, ast.arg):
            stored.add(one.arg)
        elif isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            stored.add(one.name)
        elif isinstance(one, ast.alias):
            stored.add((one.asname or one.name).partition(".")[0])
        elif isinstance(one, ast.ExceptHandler) and one.name:
            stored.add(one.name)
    known = stored | set(site.module_names) | set(site.outer_names) | set(dir(builtins)) | site.imported_names
    used = dict.fromkeys(one.id for one in site.nodes if isinstance(one, ast.Name))
    return [name for name in used if name not in known]


def _start(site: Site) -> tuple[int, str, int]:
    """The place in front of the function's first statement that is no docstring: character, blanks, line."""
    body = site.function.body
    first = body[1] if len(body) > 1 and ast.get_docstring(site.function, clean=False) is not None else body[0]
    return site.line_span(first.lineno, first.lineno)[0], site.indent_of(first.lineno), first.lineno
