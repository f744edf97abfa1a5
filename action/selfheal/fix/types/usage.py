"""What becomes of a variable: the values that are put into it, and where it goes."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.project import Project
from selfheal.fix.types.source import Function, Scope, Source, own_nodes

_PUTS_ONE = frozenset({"append", "add", "appendleft", "put", "insert"})
_PUTS_MANY = frozenset({"extend", "update"})


@dataclass(frozen=True, slots=True)
class Put:
    """Values that are put into a container. `key` only for a mapping; `is_many` where `value` holds several."""

    value: ast.expr
    key: ast.expr | None = None
    is_many: bool = False


def puts(source: Source, scope: Scope, name: str) -> Iterator[Put]:
    """Give what is put into the variable or attribute `name` in a scope."""
    for node in ast.walk(scope):
        match node:
            case ast.Call(func=ast.Attribute(value=holder, attr=how), args=[*_, value]) if _is(source, holder, name):
                if how in _PUTS_ONE:
                    yield Put(value)
                elif how in _PUTS_MANY:
                    yield Put(value, is_many=True)
                elif how == "setdefault" and len(node.args) == 2:
                    yield Put(value, key=node.args[0])
            case ast.Assign(targets=[ast.Subscript(value=holder, slice=key)], value=value) if _is(source, holder, name):
                yield Put(value, key=key)
            case ast.AugAssign(target=ast.Subscript(value=holder, slice=key), value=value) if _is(source, holder, name):
                yield Put(value, key=key)
            case ast.AugAssign(target=target, value=value) if _is(source, target, name):
                yield Put(value, is_many=True)
            case _:
                continue


def assigned(source: Source, scope: Scope, name: str) -> Iterator[ast.expr]:
    """Give the values that are assigned to a variable or attribute in a scope."""
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=targets, value=value) if any(_is(source, one, name) for one in targets):
                yield value
            case ast.AnnAssign(target=target, value=ast.expr() as value) if _is(source, target, name):
                yield value
            case _:
                continue


def returned_as(source: Source, scope: Scope, name: str) -> str | None:
    """Give the return annotation of a function that returns the variable; None where none does."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Return) and node.value is not None and _is(source, node.value, name):
            function = source.function(node)
            if function is not None and function.returns is not None:
                is_asynchronous_generator = any(isinstance(one, ast.Yield) for one in ast.walk(function))
                return None if is_asynchronous_generator else source.segment(function.returns)
    return None


def _is(source: Source, node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and source.segment(node) == name


def passed_on(source: Source, project: Project, function: Function, name: str) -> str | None:
    """Give the annotation of the parameter that takes a function's own parameter on; None where they differ.

    Only functions of the same file are looked at: elsewhere the annotation's names may mean something else.
    """
    notes = set()
    for node in own_nodes(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        places = [n for n, one in enumerate(node.args) if isinstance(one, ast.Name) and one.id == name]
        for where, called in project.functions(node.func.id) if places else ():
            arguments = [*called.args.posonlyargs, *called.args.args]
            if where.path == source.path and places[0] < len(arguments):
                note = arguments[places[0]].annotation
                notes |= {source.segment(note)} if note is not None else set()
    return notes.pop() if len(notes) == 1 else None


def named_alike(source: Source, name: str, *, may_be_quoted: bool) -> str | None:
    """Give the annotation that most parameters of that name have in the file; None where it would not be taken over."""
    arguments = [one for one in ast.walk(source.tree) if isinstance(one, ast.arg) and one.arg == name]
    notes = Counter(source.segment(one.annotation) for one in arguments if one.annotation is not None)
    text = notes.most_common(1)[0][0] if notes and len(name) > 1 else ""
    is_fit = text and not re.search(r"\bAny\b", text) and (may_be_quoted or text[0] not in "\"'")
    return text if is_fit else None


def idle_names(finding: Finding, node: ast.AST) -> Iterator[str]:
    """Give what is at hand at a place and read nowhere: what is lacking there was likely one of these."""
    source = finding.source
    functions = [one for one in source.ancestors(node) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        yield from _idle_of(function)
    holder = source.enclosing_class(node)
    given = functions[0].args.args if functions else []
    if holder is None or not given or given[0].arg != "self":
        return
    kept = [one for one in ast.walk(holder) if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)]
    own = dict.fromkeys(one.attr for one in kept if source.segment(one.value) == "self")
    yield from (f"self.{name}" for name in own if not _is_read(finding.project, name))


def _idle_of(function: Function) -> Iterator[str]:
    """Give what a function takes or sets and neither it nor what is defined in it reads."""
    read = {one.id for one in ast.walk(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    bound = [one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)]
    bound += [one.id for one in own_nodes(function) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]
    yield from (name for name in dict.fromkeys(bound) if name not in (*read, "self", "cls") and name[0] != "_")


def _is_read(project: Project, attribute: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == attribute and isinstance(node.ctx, ast.Load)
        for source in project.holding(attribute)
        for node in ast.walk(source.tree)
    )
