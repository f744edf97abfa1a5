"""A function whose annotation and returned value disagree, and one that gives nothing back at its end."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.awaiting import add_await
from selfheal.fix.types.conversions import convert, mismatch
from selfheal.fix.types.end_of_function import likely_values
from selfheal.fix.types.finding import Finding, Question
from selfheal.fix.types.mend import Mend, Splice, after_statement, replacing
from selfheal.fix.types.none_narrowing import make_sure
from selfheal.fix.types.optional_default import with_none
from selfheal.fix.types.rendering import annotation, quoted_ahead, union
from selfheal.fix.types.source import Function, Source, own_nodes

_NONE_WANTED = (r"No return value expected", r'is not assignable to return type "None"')
_CAUTION = "the function now returns a value where it returned None"
_DOUBT = "whether the annotation or the end of the function is wrong, the checker can't tell"
_NO_RETURN = (r"Missing return statement", r"must return value on all code paths")


def questions_of_return(finding: Finding) -> Iterator[Question]:
    """Ask for the types of what the function returns."""
    function = finding.source.innermost_function(finding.line)
    if function is not None and finding.search(*_NONE_WANTED, r"return (?:value )?type", *_NO_RETURN):
        yield from ((finding.source, value) for value in returned(function))
        last = function.body[-1]
        if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant | ast.Await | ast.Yield):
            yield finding.source, last.value


def agree(finding: Finding) -> Iterator[Mend]:
    """Await it, or change the annotation or the value.

    An annotation changes nothing that runs, so it is first; but where most returns fit, the odd ones are wrong.
    """
    function = finding.source.innermost_function(finding.line)
    if function is None:
        return
    awaited, noted = list(add_await(finding)), list(_annotated(finding, function))
    values = [*convert(finding), *make_sure(finding)]
    wrong = finding.alike(function.lineno, function.end_lineno or function.lineno)
    is_odd = wrong * 2 <= len(list(returned(function))) and not finding.search(*_NONE_WANTED)
    yield from [*awaited, *values, *noted] if is_odd or finding.tests_fail else [*awaited, *noted, *values]


def give_back(finding: Finding) -> Iterator[Mend]:
    """Return what the last statement makes, or say that the function may return None."""
    source = finding.source
    function = source.function_at(finding.line) or source.innermost_function(finding.line)
    if function is None or function.returns is None or finding.search(*_NO_RETURN) is None:
        return
    last = function.body[-1]
    values = list(returned(function))
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant | ast.Yield | ast.YieldFrom):
        known = finding.type_of(last.value)
        if known is None or known.split(".")[-1] != "None":
            start = source.span(last)[0]
            splice = Splice(source.path, start, start, "return ")
            yield Mend((splice,), f"{function.name}() returns what its last line makes", caution=_CAUTION)
    if isinstance(last, ast.Assign) and len(last.targets) == 1 and isinstance(last.targets[0], ast.Name):
        yield _returning(source, function, last.targets[0].id, f"{function.name}() returns {last.targets[0].id}")
    if isinstance(last, ast.For | ast.While | ast.With | ast.If) and not values:
        for name in _accumulated(function):
            yield _returning(source, function, name, f"{function.name}() returns {name}")
    for text, why in likely_values(finding, function):
        yield _returning(source, function, text, why)
    if not values:
        yield Mend((replacing(source, function.returns, "None"),), f"{function.name}() returns nothing", caution=_DOUBT)
        return
    text, imports = with_none(function.returns, finding)
    splices = (replacing(source, function.returns, text), after_statement(source, last, ["return None"]))
    yield Mend(splices, f"{function.name}() returns None at its end: its annotation says so now", imports, _DOUBT)


def _returning(source: Source, function: Function, text: str, why: str) -> Mend:
    splice = after_statement(source, function.body[-1], [f"return {text}"])
    return Mend((splice,), why, caution=_CAUTION)


def returned(function: Function) -> Iterator[ast.expr]:
    """Give the values that a function's own return statements give back."""
    for node in own_nodes(function):
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value


def _annotated(finding: Finding, function: Function) -> Iterator[Mend]:
    source = finding.source
    if function.returns is None:
        return
    types = [finding.type_of(value) for value in returned(function)]
    found = mismatch(finding)
    if not all(types) and found is not None:
        types = [found[0]] if len(types) == 1 else [found[1], found[0]]
    written = [annotation(one, source, finding.project) for one in types if one]
    kept = [one for one in written if one is not None]
    if not kept or len(kept) != len(types) or (isinstance(function, ast.FunctionDef) and _is_generator(function)):
        return
    text, imports = union([one[0] for one in kept], source, finding.project)
    old = source.segment(function.returns)
    if text == old:
        return
    imports = (*imports, *(each for one in kept for each in one[1]))
    rationale = f"{function.name}() returns {text}: its annotation says so now"
    note = quoted_ahead(text, source, function.lineno)
    yield Mend((replacing(source, function.returns, note),), rationale, imports=imports)


def _is_generator(function: Function) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function))


def _accumulated(function: Function) -> list[str]:
    """Name what the function's top level assigns: what a loop after it fills is what it is there for."""
    names = []
    for node in function.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names.append(node.targets[0].id)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return names[::-1]
