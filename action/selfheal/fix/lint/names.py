"""Who uses a name, and how to give it another one, inside one scope."""

import ast
import re

from selfheal.fix.lint.source import Source, Splice

_READS_BY_TEXT = frozenset({"locals", "vars", "eval", "exec", "globals"})


def uses(scope: ast.AST, name: str) -> list[ast.Name]:
    """All places in a scope, and in the scopes inside it, where a plain name stands."""
    return [node for node in ast.walk(scope) if isinstance(node, ast.Name) and node.id == name]


def is_loaded(scope: ast.AST, name: str) -> bool:
    """Tell whether a name's value is ever read in the scope."""
    return any(isinstance(use.ctx, ast.Load | ast.Del) for use in uses(scope, name))


def taken(scope: ast.AST) -> set[str]:
    """All words that mean something in a scope: a fresh name is none of them."""
    words: set[str] = set()
    for node in ast.walk(scope):
        match node:
            case ast.Name(id=word) | ast.arg(arg=word) | ast.FunctionDef(name=word) | ast.ClassDef(name=word):
                words.add(word)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                words.update(names)
            case ast.alias():
                words.add((node.asname or node.name).partition(".")[0])
            case ast.ExceptHandler(name=str(word)):
                words.add(word)
            case _:
                continue
    return words


def reads_by_text(scope: ast.AST) -> bool:
    """Tell whether the scope looks names up by their text: then none may change."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _READS_BY_TEXT
        for node in ast.walk(scope)
    )


def renamed(
    source: Source, scope: ast.AST, old: str, new: str, *, fresh_in: ast.AST | None = None
) -> tuple[Splice, ...] | None:
    """Give a name of a scope another one, everywhere in it; None where that could not be done for sure.

    The new name must be free in the whole file, or in `fresh_in`.
    """
    if new in taken(fresh_in or source.tree) or not new.isidentifier() or reads_by_text(scope):
        return None
    splices: list[Splice] = []
    for node in ast.walk(scope):
        match node:
            case ast.Name(id=word) if word == old:
                splices.append(Splice(*source.span(node), new.encode()))
            case ast.arg(arg=word) if word == old:
                start = source.span(node)[0]
                splices.append(Splice(start, start + len(old.encode()), new.encode()))
            case ast.ExceptHandler(name=word) if word == old:
                start, end = source.span(node)
                match = re.compile(rb"\bas\s+(" + re.escape(old.encode()) + rb")\b").search(source.raw, start, end)
                if match is None:
                    return None
                splices.append(Splice(*match.span(1), new.encode()))
            case ast.Global(names=names) | ast.Nonlocal(names=names) if old in names:
                return None
            case ast.FunctionDef(name=word) | ast.AsyncFunctionDef(name=word) | ast.ClassDef(name=word):
                if word == old and node is not scope:
                    return None
            case ast.alias() if (node.asname or node.name) == old:
                return None
            case ast.MatchAs(name=word) | ast.MatchStar(name=word) if word == old:
                return None
            case _:
                continue
    if any(source.raw[s.start : s.end] != old.encode() for s in splices):
        return None
    return tuple(dict.fromkeys(splices)) or None


def renamed_definition(source: Source, node: ast.stmt, old: str, new: str) -> tuple[Splice, ...] | None:
    """Give a function or class another name, everywhere in its file; None where the name means other things too."""
    if new in taken(source.tree) or reads_by_text(source.tree) or not new.isidentifier():
        return None
    pattern = re.compile(rb"(?<![A-Za-z0-9_])" + re.escape(old.encode()) + rb"(?![A-Za-z0-9_])")
    places = [source.span(use)[0] for use in uses(source.tree, old) if isinstance(use.ctx, ast.Load)]
    start = pattern.search(source.raw, source.span(node)[0])
    places += [start.start()] if start is not None else []
    if len(pattern.findall(source.raw)) != len(set(places)):
        return None
    return tuple(Splice(at, at + len(old.encode()), new.encode()) for at in sorted(set(places)))


def snake(name: str) -> str:
    """A name in snake case."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"__+(?=[a-z0-9])", "_", spaced.lower()) if not name.startswith("__") else spaced.lower()
