"""Turn down what a model invents before any test is run: names, fields and arguments that are not there.

What the true signature is goes back to the model. Only what an edit brings along is looked at, and only where the file
itself tells for certain: a class with foreign bases may have any field, a name may come from a star import.
"""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from selfheal.fix.python_tree import FunctionNode

_ALWAYS = frozenset(dir(builtins)) | {"__file__", "__name__", "__class__", "__doc__", "__package__", "__spec__"}
_MOST = 3
_MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class _File:
    """What a file binds, uses and calls."""

    module: ast.Module
    bound: frozenset[str]
    has_star: bool

    @property
    def loaded(self) -> frozenset[str]:
        return frozenset(
            node.id for node in ast.walk(self.module) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        )


def inventions(before: str, after: str) -> tuple[str, ...]:
    """Say in sentences what of `after` does not exist, and what does; empty where nothing is certain."""
    try:
        old, new = _read(before), _read(after)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(dict.fromkeys([*_names(old, new), *_fields(old, new), *_arguments(old, new)]))[:_MOST]


def _names(old: _File, new: _File) -> Iterator[str]:
    if new.has_star:
        return
    for name in sorted(new.loaded - old.loaded - new.bound - _ALWAYS):
        near = get_close_matches(name, sorted(new.bound), n=_MOST, cutoff=0.6)
        yield f"there is no `{name}` in this file" + (f"; there is {', '.join(near)}" if near else "")


def _fields(old: _File, new: _File) -> Iterator[str]:
    known = {one.name: _own_attributes(one) for one in _classes(old)}
    for owner in _classes(new):
        there = _members(new, owner)
        if there is None:
            continue
        for name in sorted(_own_attributes(owner) - known.get(owner.name, frozenset()) - there):
            near = get_close_matches(name, sorted(there), n=_MOST, cutoff=0.5) or sorted(there)[:_MOST_NAMES]
            yield f"`{owner.name}` has no `{name}`; it has {', '.join(near)}"


def _arguments(old: _File, new: _File) -> Iterator[str]:
    seen = {ast.dump(node) for node in ast.walk(old.module) if isinstance(node, ast.Call)}
    functions = _functions(new)
    for node, owner in _calls(new):
        match node.func:
            case ast.Name(id=name):
                called, skipped = functions.get(name), 0
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if owner is not None:
                called, skipped = functions.get(f"{owner.name}.{name}"), 1
            case _:
                continue
        if called is not None and ast.dump(node) not in seen and (why := _misfit(node, called, skipped)):
            yield f"`{called.name}` {why}: def {called.name}({ast.unparse(called.args)})"


def _misfit(call: ast.Call, called: FunctionNode, skipped: int) -> str:
    """Why the call can't be right; empty where it may be."""
    arguments = called.args
    if any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords):
        return ""
    positional = [one.arg for one in (*arguments.posonlyargs, *arguments.args)][skipped:]
    named = {*positional, *(one.arg for one in arguments.kwonlyargs)}
    if len(call.args) > len(positional) and arguments.vararg is None:
        return f"takes {len(positional)} positional arguments, not {len(call.args)}"
    if arguments.kwarg is None and (wrong := [one.arg for one in call.keywords if one.arg not in named]):
        return f"takes no argument `{wrong[0]}`"
    required = positional[: len(positional) - len(arguments.defaults)]
    given = {*positional[: len(call.args)], *(one.arg for one in call.keywords)}
    missing = [name for name in required if name not in given]
    return f"needs the argument `{missing[0]}`" if missing else ""


def _read(text: str) -> _File:
    module = ast.parse(text)
    bound: set[str] = set()
    has_star = False
    for node in ast.walk(module):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                has_star |= any(one.name == "*" for one in names)
                bound |= {(one.asname or one.name).partition(".")[0] for one in names}
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bound.add(name)
            case ast.MatchMapping(rest=str(name)):
                bound.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                bound |= set(names)
    return _File(module, frozenset(bound), has_star)


def _classes(file: _File) -> Iterator[ast.ClassDef]:
    yield from (node for node in file.module.body if isinstance(node, ast.ClassDef))


def _own_attributes(owner: ast.ClassDef) -> frozenset[str]:
    """What the class reads of itself."""
    return frozenset(
        node.attr
        for node in ast.walk(owner)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and isinstance(node.ctx, ast.Load)
        and not node.attr.startswith("__")
    )


def _members(file: _File, owner: ast.ClassDef) -> frozenset[str] | None:
    """What the class has for certain; None where it may have more."""
    classes = {one.name: one for one in _classes(file)}
    found: set[str] = set()
    pending, seen = [owner], {owner.name}
    while pending:
        one = pending.pop()
        if one.keywords or one.decorator_list:
            return None
        for base in one.bases:
            if not isinstance(base, ast.Name) or (base.id != "object" and base.id not in classes):
                return None
            if base.id in classes and base.id not in seen:
                seen.add(base.id)
                pending.append(classes[base.id])
        for node in ast.walk(one):
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
                case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                    found.add(name)
    is_open = found & {"__getattr__", "__getattribute__", "__setattr__"} or "setattr" in file.loaded
    return None if is_open or "__dict__" in ast.unparse(owner) else frozenset(found)


def _functions(file: _File) -> dict[str, FunctionNode]:
    """The functions of the file and the methods of its classes that are defined once and stand bare."""
    rows = [("", node) for node in file.module.body]
    rows += [(f"{owner.name}.", node) for owner in _classes(file) for node in owner.body]
    names = [prefix + node.name for prefix, node in rows if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    rebound = {
        node.id for node in ast.walk(file.module) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return {
        prefix + node.name: node
        for prefix, node in rows
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.decorator_list
        and names.count(prefix + node.name) == 1
        and node.name not in rebound
    }


def _calls(file: _File) -> Iterator[tuple[ast.Call, ast.ClassDef | None]]:
    owners = {id(node): owner for owner in _classes(file) for node in ast.walk(owner)}
    for node in ast.walk(file.module):
        if isinstance(node, ast.Call):
            yield node, owners.get(id(node))
