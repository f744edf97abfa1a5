"""A variable that gets a value of another type than its first one, or its annotation, says."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.awaiting import add_await
from selfheal.fix.types.conversions import convert, mismatch
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Import, Mend, Splice, replacing
from selfheal.fix.types.none_narrowing import make_sure
from selfheal.fix.types.optional_default import allow_none, defaults
from selfheal.fix.types.redundant import drop_result
from selfheal.fix.types.rendering import annotation, union
from selfheal.fix.types.source import own_nodes


def widen(finding: Finding) -> Iterator[Mend]:
    """Await it, allow the default None, widen the annotation of the variable, or convert the value."""
    awaited = list(add_await(finding))
    values = [*convert(finding), *make_sure(finding)]
    notes = [*allow_none(finding), *_parameter(finding), *_widened(finding)]
    literal = [one for one in values if not one.splices[0].text.endswith(")")]
    if mismatch(finding) is not None and "None" in finding.message:
        yield from drop_result(finding)
    yield from [*awaited, *notes, *literal, *(one for one in values if one not in literal)]


def _widened(finding: Finding) -> Iterator[Mend]:
    found = mismatch(finding)
    target = _target(finding)
    if found is None or target is None:
        return
    source = finding.source
    first = _first(finding, target)
    if first is None:
        return
    got = annotation(found[0], source, finding.project)
    want = annotation(found[1], source, finding.project)
    if got is None or want is None:
        return
    members = [want[0], got[0]]
    text = source.segment(target)
    if isinstance(first, ast.AnnAssign) and first.value is not None and source.statement(target) is first:
        yield _annotated(finding, first, got[0], (*got[1],))
    both, more = union(members, source, finding.project)
    yield _annotated(finding, first, both, (*got[1], *want[1], *more), text)


def _annotated(
    finding: Finding, first: ast.AnnAssign | ast.Assign, note: str, imports: tuple[Import, ...], name: str = ""
) -> Mend:
    source = finding.source
    if isinstance(first, ast.AnnAssign):
        splice = replacing(source, first.annotation, note)
    else:
        end = source.span(first.targets[0])[1]
        splice = Splice(source.path, end, end, f": {note}")
    return Mend(
        (splice,), f"{name or source.segment(_of(first))} is {note}, by what is assigned to it", imports=imports
    )


def _of(statement: ast.AnnAssign | ast.Assign) -> ast.expr:
    return statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]


def _target(finding: Finding) -> ast.expr | None:
    for statement in finding.statements():
        match statement:
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as target]):
                return target
            case ast.AnnAssign(target=target):
                return target
            case _:
                continue
    return None


def _first(finding: Finding, target: ast.expr) -> ast.AnnAssign | ast.Assign | None:
    """Give the statement that says what the variable is: its annotation, else its first assignment."""
    source = finding.source
    text = source.segment(target)
    scope = source.enclosing_class(target) if isinstance(target, ast.Attribute) else source.scope(target)
    if scope is None:
        return None
    found: list[ast.AnnAssign | ast.Assign] = []
    for node in ast.walk(scope) if isinstance(target, ast.Attribute) else own_nodes(scope):
        match node:
            case ast.AnnAssign(target=one) | ast.Assign(targets=[one]):
                is_field = text == f"self.{source.segment(one)}" and source.parent(node) is scope
                if source.segment(one) == text or is_field:
                    found.append(node)
            case _:
                continue
    found.sort(key=lambda node: (not isinstance(node, ast.AnnAssign), node.lineno))
    return found[0] if found else None


def _parameter(finding: Finding) -> Iterator[Mend]:
    """A default that is of another type than the parameter: the annotation takes it in."""
    found = mismatch(finding)
    if found is None or "default" not in finding.message or found[0] == "None":
        return
    source = finding.source
    got = annotation(found[0], source, finding.project)
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for argument, default in defaults(node):
            is_there = finding.line in (argument.lineno, default.lineno) and f'"{argument.arg}"' in finding.message
            if is_there and argument.annotation is not None and got is not None:
                for text, imports in (
                    got,
                    union([source.segment(argument.annotation), got[0]], source, finding.project),
                ):
                    splice = replacing(source, argument.annotation, text)
                    yield Mend((splice,), f"{argument.arg} is {text}, as its default says", imports=(*got[1], *imports))
