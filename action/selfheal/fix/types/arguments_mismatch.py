"""A call whose argument does not fit the parameter: the annotation, the container, or the value."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.assignment import take_default_in
from selfheal.fix.types.awaiting import add_await
from selfheal.fix.types.conversions import convert, mismatch, rewrite_literal
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.literals import written_as
from selfheal.fix.types.mend import Import, Mend, replacing
from selfheal.fix.types.none_narrowing import give_empty, make_sure
from selfheal.fix.types.optional_default import allow_none, defaults, with_none
from selfheal.fix.types.rendering import annotation, union
from selfheal.fix.types.source import Function, Source

_WIDER = {
    "list": ("collections.abc", "Sequence"),
    "List": ("collections.abc", "Sequence"),
    "dict": ("collections.abc", "Mapping"),
    "Dict": ("collections.abc", "Mapping"),
}
_NAMED = (
    r'Argument (?P<name>"\w+"|\d+) to "(?P<called>\w+)"',
    r'parameter "(?P<parameter>\w+)" of type .* in function "(?P<called>\w+)"',
)


def fit(finding: Finding) -> Iterator[Mend]:
    """Await it, let the parameter take what is only read, convert it, guard against None, or widen the parameter."""
    yield from allow_none(finding)
    yield from add_await(finding)
    yield from rewrite_literal(finding)
    yield from give_empty(finding)
    if "invariant" in finding.message:
        yield from _covariant(finding)
    yield from make_sure(finding)
    yield from _other_default(finding)
    yield from convert(finding)
    yield from _widened(finding)
    yield from take_default_in(finding)


def _covariant(finding: Finding) -> Iterator[Mend]:
    for source, note in _notes(finding):
        if isinstance(note, ast.Subscript) and isinstance(note.value, ast.Name) and note.value.id in _WIDER:
            module, name = _WIDER[note.value.id]
            yield Mend(
                (replacing(source, note.value, name),),
                f"the parameter is only read: any {name} will do",
                imports=(Import(source.path, module, name),),
            )


def _widened(finding: Finding) -> Iterator[Mend]:
    found = mismatch(finding)
    if found is None:
        return
    for source, note in _notes(finding):
        if found[0] == "None":
            text, imports = with_none(note, finding, source)
            yield Mend((replacing(source, note, text),), "the parameter may be None, as it is called", imports=imports)
            continue
        got = annotation(found[0], source, finding.project)
        if got is not None:
            text, imports = union([source.segment(note), got[0]], source, finding.project)
            rationale = f"the parameter takes {got[0]} too, as it is called"
            yield Mend((replacing(source, note, text),), rationale, imports=(*imports, *got[1]))


def _other_default(finding: Finding) -> Iterator[Mend]:
    """Write the default of a parameter without annotation as the type that is given: pyright takes its type from it."""
    found = finding.search(*_NAMED)
    values = mismatch(finding)
    functions = list(finding.project.functions(found["called"])) if found is not None else []
    if found is None or values is None or len(functions) != 1:
        return
    source, function = functions[0]
    name = found.groupdict().get("parameter") or (found.groupdict().get("name") or "").strip('"')
    for argument, default in defaults(function):
        if argument.arg == name and argument.annotation is None and isinstance(default, ast.Constant):
            text = written_as(source.segment(default), default.value, values[0])
            if text is not None:
                rationale = f"{name} is {values[0]}, as it is called"
                yield Mend((replacing(source, default, text),), rationale, caution="the default has another type")


def _notes(finding: Finding) -> Iterator[tuple[Source, ast.expr]]:
    """Give the annotation of the parameter in the repository's function that is called."""
    found = finding.search(*_NAMED)
    if found is None:
        return
    groups = found.groupdict()
    functions = list(finding.project.functions(found["called"]))
    functions += [
        (where, one)
        for where, node in finding.project.classes(found["called"])
        for one in node.body
        if isinstance(one, ast.FunctionDef) and one.name == "__init__"
    ]
    if len(functions) != 1:
        return
    source, function = functions[0]
    argument = _parameter(source, function, groups.get("parameter") or (groups.get("name") or "").strip('"'))
    if argument is not None and argument.annotation is not None:
        yield source, argument.annotation


def _parameter(source: Source, function: Function, name: str) -> ast.arg | None:
    positional = [*function.args.posonlyargs, *function.args.args]
    if isinstance(source.parent(function), ast.ClassDef):
        positional = positional[1:]
    if name.isdigit():
        return positional[int(name) - 1] if 0 < int(name) <= len(positional) else None
    return next((one for one in (*positional, *function.args.kwonlyargs) if one.arg == name), None)
