"""Put a candidate's functions in the place of those that are loaded, where that is the same as loading it anew."""

from __future__ import annotations

import gc
from types import CodeType, FunctionType
from typing import Any

from .compiling import CO_OPTIMIZED, Loaded
from .tracing import key_of

_SHELL = (
    *("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags", "co_argcount"),
    *("co_kwonlyargcount", "co_posonlyargcount", "co_name", "co_exceptiontable"),
)


class NotHot(Exception):
    """The candidate has to be loaded anew."""


class Functions:
    """The functions of this process by their code."""

    def __init__(self) -> None:
        self._by_key: dict[Any, list[FunctionType]] = {}
        for one in gc.get_objects():
            if type(one) is FunctionType:
                self._by_key.setdefault(key_of(one.__code__), []).append(one)

    def at(self, path: str, name: str, line: int) -> FunctionType | None:
        """The function of this file, name and first line, as it was loaded."""
        return next(iter(self._by_key.get((path, name, line), ())), None)

    def replace(self, old: CodeType, new: CodeType) -> None:
        """Give every function with the old code the new one. Raises NotHot where there is none."""
        functions = self._by_key.get(key_of(old), [])
        if not functions or len(old.co_freevars) != len(new.co_freevars):
            raise NotHot
        for function in functions:
            function.__code__ = new


def patch(loaded: Loaded | None, source: bytes, *, functions: Functions, ran: set[Any]) -> None:
    """Patch what differs between a file's code and its new text. `ran` are functions that ran while it was loaded.

    Raises NotHot, and SyntaxError for what does not compile.
    """
    if loaded is None:
        raise NotHot
    alone = loaded.changed_function(source)
    changed: list[tuple[CodeType, CodeType]] = []
    if alone is not None:
        changed = [] if _is_same(*alone) else [alone]
    elif not _is_same_shell(loaded.code, compile(source, loaded.code.co_filename, "exec", dont_inherit=True), changed):
        raise NotHot
    for before, after in changed:
        if key_of(before) in ran:
            raise NotHot
        functions.replace(before, after)


def _is_same_shell(old: CodeType, new: CodeType, changed: list[tuple[CodeType, CodeType]]) -> bool:
    """Compare what runs when a module or class body is loaded; functions in it that differ are put into `changed`."""
    if any(getattr(old, name, None) != getattr(new, name, None) for name in _SHELL):
        return False
    if len(old.co_consts) != len(new.co_consts):
        return False
    for before, after in zip(old.co_consts, new.co_consts):
        if isinstance(before, CodeType) and isinstance(after, CodeType):
            if _is_same(before, after):
                continue
            if before.co_name != after.co_name:
                return False
            if before.co_flags & CO_OPTIMIZED:
                changed.append((before, after))
            elif not _is_same_shell(before, after, changed):
                return False
        elif not _is_same_constant(before, after):
            return False
    return True


def _is_same(old: CodeType, new: CodeType) -> bool:
    """Compare two functions without their line numbers."""
    if any(getattr(old, name, None) != getattr(new, name, None) for name in _SHELL):
        return False
    return len(old.co_consts) == len(new.co_consts) and all(
        _is_same(a, b) if isinstance(a, CodeType) and isinstance(b, CodeType) else _is_same_constant(a, b)
        for a, b in zip(old.co_consts, new.co_consts)
    )


def _is_same_constant(one: Any, other: Any) -> bool:
    # 1, 1.0 and True are equal and not the same; so are their tuples.
    return type(one) is type(other) and repr(one) == repr(other)
