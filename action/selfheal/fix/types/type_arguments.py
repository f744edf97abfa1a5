"""A generic type without its arguments: `dict` where `dict[str, int]` is meant."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding, Question
from selfheal.fix.types.mend import Mend, replacing
from selfheal.fix.types.project import called_name
from selfheal.fix.types.rendering import annotation
from selfheal.fix.types.return_type import returned
from selfheal.fix.types.source import Function

_BARE = (
    r'Missing type (?:arguments|parameters) for generic type "(?P<name>[\w.]+)"',
    r'Expected type arguments for generic class "(?P<name>\w+)"',
)
_MAX_CALLS = 8


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
        if len(fitting) != 1:
            continue
        written = annotation(fitting.pop(), finding.source, finding.project)
        if written is None or "[" not in written[0]:
            continue
        inside = written[0][written[0].index("[") :]
        text = finding.source.segment(note) + inside
        yield Mend((replacing(finding.source, note, text),), f"it is {text}, by what it is given", imports=written[1])


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
