"""A name that only some ways through the code bind."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.existing import class_members, scope_names, visible_names
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, after_statement, before_statement, stands_alone

_NAME = (r'Name "(?P<name>\w+)" may be undefined', r'"(?P<name>\w+)" is possibly unbound')
_EMPTY = {"int": "0", "str": '""', "float": "0.0", "bool": "False", "bytes": 'b""'}
_CAUTION = "where the name was never bound the program went on to an UnboundLocalError"


def bind_always(finding: Finding) -> Iterator[Mend]:
    """Raise on the way that binds nothing, or bind an empty value before."""
    found = finding.search(*_NAME)
    if found is None:
        return
    name = found["name"]
    source = finding.source
    used = next((node for node in finding.nodes(ast.Name) if node.id == name), None)
    if used is None:
        return
    scope = source.scope(used)
    binding = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    first = next((node for node in sorted(binding, key=lambda one: one.lineno) if node.lineno < used.lineno), None)
    compound = next((one for one in source.ancestors(first) if source.parent(one) is scope), None) if first else None
    around = (
        [one for one in source.ancestors(first) if isinstance(one, ast.If | ast.For | ast.While | ast.Try | ast.With)]
        if first
        else []
    )
    statement = next((one for one in around if used not in set(ast.walk(one)) or one is compound), None)
    if not isinstance(statement, ast.stmt) or not stands_alone(source, statement):
        return
    last = _last_branch(statement)
    if last is not None:
        indent = "\t" if "\n\t" in source.text else "    "
        for binding_text in _as_elsewhere(finding, last, name):
            lines = ["else:", f"{indent}{binding_text}"]
            why = f"{name} is bound as it is elsewhere behind the same question"
            yield Mend((after_statement(source, statement, lines),), why, caution=_CAUTION)
        holder = source.enclosing_class(used)
        if holder is not None and name in class_members(finding.project, holder.name):
            lines = ["else:", f"{indent}{name} = self.{name}"]
            yield Mend((after_statement(source, statement, lines),), f"the object has a {name}", caution=_CAUTION)
        lines = ["else:", f'{indent}raise ValueError("{name} has no value")']
        yield Mend(
            (after_statement(source, statement, lines),), f"without a branch {name} has no value", caution=_CAUTION
        )
    values = [parent.value for node in binding if isinstance(parent := source.parent(node), ast.Assign)]
    for value in dict.fromkeys(filter(None, map(_empty, values))):
        yield Mend(
            (before_statement(source, statement, [f"{name} = {value}"]),), f"{name} begins as {value}", caution=_CAUTION
        )
    yield Mend((before_statement(source, statement, [f"{name} = None"]),), f"{name} begins as None", caution=_CAUTION)


def _as_elsewhere(finding: Finding, branch: ast.If, name: str) -> list[str]:
    """Give how the name is bound in the `else` of the same question elsewhere in the repository."""
    question = finding.source.segment(branch.test)
    known = scope_names(finding.source.tree) | visible_names(finding.source, branch)
    found: dict[str, None] = {}
    for source in finding.project.holding(question):
        for node in ast.walk(source.tree):
            match node:
                case ast.If(test=test, orelse=[ast.Assign(targets=[ast.Name(id=bound)]) as other]):
                    is_same = bound == name and source.segment(test) == question
                    used = {one.id for one in ast.walk(other.value) if isinstance(one, ast.Name)}
                    if is_same and used <= known and other.lineno == other.end_lineno:
                        found[source.segment(other)] = None
                case _:
                    continue
    return list(found)[:2]


def _last_branch(statement: ast.stmt) -> ast.If | None:
    """Give the last `elif` of a chain that has no `else`."""
    if not isinstance(statement, ast.If):
        return None
    while len(statement.orelse) == 1 and isinstance(statement.orelse[0], ast.If):
        statement = statement.orelse[0]
    return None if statement.orelse else statement


def _empty(value: ast.expr) -> str | None:
    match value:
        case ast.Constant(value=constant):
            return _EMPTY.get(type(constant).__name__)
        case ast.List() | ast.ListComp():
            return "[]"
        case ast.Dict() | ast.DictComp():
            return "{}"
        case ast.JoinedStr():
            return '""'
        case _:
            return None
