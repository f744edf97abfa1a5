"""A method whose signature does not fit that of the base class: it takes over what the base says."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, Splice, replacing
from selfheal.fix.types.optional_default import defaults
from selfheal.fix.types.source import Function, Source


def follow_base(finding: Finding) -> Iterator[Mend]:
    """Take the names, annotations and defaults of the base's method for what differs; else only the return type."""
    source = finding.source
    function = source.function_at(finding.line) or source.innermost_function(finding.line)
    if function is None:
        return
    for where, base in _bases(finding, function):
        returns = _returns(source, function, where, base)
        parameters = _parameters(source, function, where, base)
        is_about_return = "Return type" in finding.message or "return type" in finding.message.lower()
        first, second = (returns, parameters) if is_about_return else (parameters, returns)
        rationale = f"{function.name}() has the signature of {base.name}() in the base class"
        caution = "callers that use the old names or types see another signature"
        annotations_only = all(":" not in one.text and one.start != one.end for one in returns)
        if first:
            is_harmless = is_about_return and annotations_only
            yield Mend(first, rationale, caution="" if is_harmless else caution)
        if first and second:
            yield Mend((*first, *second), rationale, caution=caution)


def _returns(source: Source, function: Function, where: Source, base: Function) -> tuple[Splice, ...]:
    if function.returns is None or base.returns is None:
        return ()
    text = where.segment(base.returns)
    return (replacing(source, function.returns, text),) if text != source.segment(function.returns) else ()


def _parameters(source: Source, function: Function, where: Source, base: Function) -> tuple[Splice, ...]:
    splices: list[Splice] = []
    own = [*function.args.posonlyargs, *function.args.args]
    theirs = [*base.args.posonlyargs, *base.args.args]
    own_defaults = {one.arg for one, _ in defaults(function)}
    base_defaults = {one.arg: value for one, value in defaults(base)}
    for mine, other in zip(own[1:], theirs[1:], strict=False):
        start, end = source.span(mine)[0], source.span(mine)[1]
        note = where.segment(other.annotation) if other.annotation is not None else None
        old = source.segment(mine.annotation) if mine.annotation is not None else None
        text = other.arg + (f": {note}" if note is not None and old is not None else f": {old}" if old else "")
        if other.arg in base_defaults and mine.arg not in own_defaults:
            value = where.segment(base_defaults[other.arg])
            text += f" = {value}" if mine.annotation is not None else f"={value}"
        if text != source.text[start:end]:
            splices.append(Splice(source.path, start, end, text))
        if mine.arg != other.arg:
            splices += _renamed(source, function, mine.arg, other.arg)
    missing = theirs[len(own) :] if function.args.vararg is None and function.args.kwarg is None else []
    if missing and own:
        end = _last_end(source, function, own)
        text = "".join(f", {_written(where, base_defaults, one)}" for one in missing)
        splices.append(Splice(source.path, end, end, text))
    return tuple(splices)


def _written(where: Source, given: dict[str, ast.expr], argument: ast.arg) -> str:
    if argument.arg not in given:
        return where.segment(argument)
    return where.segment(argument) + (" = " if argument.annotation else "=") + where.segment(given[argument.arg])


def _last_end(source: Source, function: Function, own: list[ast.arg]) -> int:
    ends = [source.span(own[-1])[1], *(source.span(value)[1] for one, value in defaults(function) if one in own)]
    return max(ends)


def _renamed(source: Source, function: Function, old: str, new: str) -> Iterator[Splice]:
    for statement in function.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id == old:
                yield replacing(source, node, new)


def _bases(finding: Finding, function: Function) -> Iterator[tuple[Source, Function]]:
    """Give the methods that a method overrides, in the repository."""
    holder = finding.source.parent(function)
    waiting = list(holder.bases) if isinstance(holder, ast.ClassDef) else []
    for _ in range(8):
        names = [ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in waiting]
        waiting = []
        for name in names:
            for where, node in finding.project.classes(name) if name.isidentifier() else ():
                waiting += node.bases
                for one in node.body:
                    if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == function.name:
                        yield where, one
