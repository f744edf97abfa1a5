"""A decorator that may stand with or without parentheses: without its function it answers with itself, half filled."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.source import Function, own_nodes

CAUTION = "called without a function it now answers with a decorator, where None was used as a function before"
_WIDTH = 79


def half_filled(function: Function, name: str, *, indent: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give `if func is None: return partial(deco, option=option)` for `def deco(func=None, *, option)`.

    The first parameter is the function, all others have to be named, and what is returned is a function made inside.
    It needs `functools.partial`.
    """
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    is_shape = len(positional) == 1 and given.kwonlyargs and given.vararg is None and given.kwarg is None
    if not is_shape or positional[0].arg != name or not _returns_inner(function):
        return
    options = [f"{one.arg}={one.arg}" for one in given.kwonlyargs]
    line = f"    return partial({', '.join((function.name, *options))})"
    rows = [line]
    if indent + len(line) > _WIDTH:
        rows = ["    return partial(", *(f"        {one}," for one in (function.name, *options)), "    )"]
    yield (f"if {name} is None:", *rows), CAUTION


def _returns_inner(function: Function) -> bool:
    inner = {one.name for one in function.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    returned = [one.value for one in own_nodes(function) if isinstance(one, ast.Return)]
    return any(isinstance(one, ast.Name) and one.id in inner for one in returned)
