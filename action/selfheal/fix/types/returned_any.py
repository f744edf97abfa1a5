"""A function that returns what has no type, though it says which: the value gets a name with that type."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, Splice, before_statement, replacing, stands_alone
from selfheal.fix.types.source import own_nodes

_NAMES = ("result", "value", "returned")


def name_the_type(finding: Finding) -> Iterator[Mend]:
    """Annotate the variable that is returned, else give the value one. The checker then knows what it is taken for."""
    source = finding.source
    for statement in finding.statements():
        function = source.function(statement)
        if not isinstance(statement, ast.Return) or statement.value is None or function is None:
            continue
        if function.returns is None:
            continue
        note = source.segment(function.returns)
        value = statement.value
        if isinstance(value, ast.Name):
            for node in own_nodes(function):
                if isinstance(node, ast.Assign) and [source.segment(one) for one in node.targets] == [value.id]:
                    end = source.span(node.targets[0])[1]
                    splice = Splice(source.path, end, end, f": {note}")
                    yield Mend((splice,), f"{value.id} is what {function.name}() returns: {note}")
                    break
            continue
        taken = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        name = next((one for one in _NAMES if one not in taken), None)
        if name is not None and value.lineno == value.end_lineno and stands_alone(source, statement):
            first = before_statement(source, statement, [f"{name}: {note} = {source.segment(value)}"])
            yield Mend((first, replacing(source, value, name)), f"what {function.name}() returns is {note}")
