"""A generic type without its arguments: `dict` where `dict[str, int]` is meant."""

import ast
from collections import Counter
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding, Question
from selfheal.fix.types.mend import Mend, replacing
from selfheal.fix.types.project import called_name
from selfheal.fix.types.rendering import annotation
from selfheal.fix.types.return_type import returned
from selfheal.fix.types.source import Function, Source

_BARE = (
    r'Missing type (?:arguments|parameters) for generic type "(?P<name>[\w.]+)"',
    r'Expected type arguments for generic class "(?P<name>\w+)"',
)
_MAX_CALLS = 8
_OF_ANYTHING = {
    "list": "[object]",
    "tuple": "[object, ...]",
    "set": "[object]",
    "frozenset": "[object]",
    "dict": "[str, object]",
    "sequence": "[object]",
    "iterable": "[object]",
    "iterator": "[object]",
    "collection": "[object]",
    "mapping": "[str, object]",
    "callable": "[..., object]",
    "type": "[object]",
}
"""Where nothing tells: the checker sees to it that what is in it is not used as anything else."""


def questions_of_type_arguments(finding: Finding) -> Iterator[Question]:
    """Ask for what a parameter is called with, a function returns, or a variable is given."""
    for note in _notes(finding):
        yield from _values(finding, note)


def add_type_arguments(finding: Finding) -> Iterator[Mend]:
    """Write the arguments that the values have, where they all have the same."""
    for note in _notes(finding):
        types = {finding.type_of(value, source) for source, value in _values(finding, note)} - {None}
        kind = finding.source.segment(note).rpartition(".")[2]
        fitting = {
            one for one in types if one and one.rpartition("[")[0] and kind.lower() in one.partition("[")[0].lower()
        }
        written = annotation(fitting.pop(), finding.source, finding.project) if len(fitting) == 1 else None
        if written is not None and "[" in written[0]:
            inside = written[0][written[0].index("[") :]
            text = finding.source.segment(note) + inside
            splice = replacing(finding.source, note, text)
            yield Mend((splice,), f"it is {text}, by what it is given", imports=written[1])
        for text in _as_elsewhere(finding, note):
            yield Mend((replacing(finding.source, note, text),), f"it is {text}, as the same name is elsewhere")
        if kind.lower() in _OF_ANYTHING:
            text = finding.source.segment(note) + _OF_ANYTHING[kind.lower()]
            yield Mend((replacing(finding.source, note, text),), f"what is in the {kind.lower()} is not looked at")


def _as_elsewhere(finding: Finding, note: ast.Name | ast.Attribute) -> list[str]:
    """Give what the file writes in the annotations of other parameters and variables of the same name, oftenest first.

    A name that differs only in its number counts less.
    """
    source = finding.source
    own = _named(source, note)
    text = source.segment(note)
    seen: Counter[str] = Counter()
    for node in ast.walk(source.tree):
        name, annotated = _annotation_of(source, node)
        for inner in ast.walk(annotated) if annotated is not None and name and own else ():
            if isinstance(inner, ast.Subscript) and source.segment(inner.value) == text:
                seen[source.segment(inner)] += 3 if name == own else name.rstrip("s") == own.rstrip("s")
    return [one for one, weight in seen.most_common(2) if weight]


def _named(source: Source, note: ast.expr) -> str:
    """Name what the annotation around a node is for."""
    for one in source.ancestors(note):
        name, annotated = _annotation_of(source, one)
        if annotated is not None and name:
            return name
        if isinstance(one, ast.stmt):
            break
    return ""


def _annotation_of(source: Source, node: ast.AST) -> tuple[str, ast.expr | None]:
    match node:
        case ast.arg(arg=name, annotation=ast.expr() as note):
            return name, note
        case ast.AnnAssign(target=target, annotation=note):
            return source.segment(target).rpartition(".")[2], note
        case ast.FunctionDef(name=name, returns=ast.expr() as note):
            return f"{name}()", note
        case _:
            return "", None


def _notes(finding: Finding) -> Iterator[ast.Name | ast.Attribute]:
    found = finding.search(*_BARE)
    if found is None:
        return
    short = found["name"].rpartition(".")[2]
    source = finding.source
    nodes: tuple[ast.Name | ast.Attribute, ...] = (*finding.nodes(ast.Name), *finding.nodes(ast.Attribute))
    for node in nodes:
        name = node.id if isinstance(node, ast.Name) else node.attr
        is_bare = not (isinstance(parent := source.parent(node), ast.Subscript) and parent.value is node)
        is_value = isinstance(parent, ast.Call | ast.Attribute)
        if name.lower() == short.lower() and is_bare and not is_value:
            yield node


def _values(finding: Finding, note: ast.expr) -> Iterator[Question]:
    source = finding.source
    parent = source.parent(note)
    match parent:
        case ast.arg():
            function = source.parent(source.parent(parent) or parent)
            if isinstance(function, Function):
                yield from _given(finding, function, parent)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from ((source, value) for value in returned(parent))
        case ast.AnnAssign(value=ast.expr() as value):
            yield source, value
        case _:
            return


def _given(finding: Finding, function: Function, argument: ast.arg) -> Iterator[Question]:
    positional = [*function.args.posonlyargs, *function.args.args]
    if isinstance(finding.source.parent(function), ast.ClassDef):
        positional = positional[1:]
    index = positional.index(argument) if argument in positional else None
    for count, (source, call) in enumerate(finding.project.calls(function.name)):
        if count >= _MAX_CALLS or called_name(call) != function.name:
            return
        if index is not None and index < len(call.args):
            yield source, call.args[index]
        yield from ((source, one.value) for one in call.keywords if one.arg == argument.arg)
