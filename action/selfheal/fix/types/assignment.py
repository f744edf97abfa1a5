"""A variable that gets a value of another type than its first one, or its annotation, says."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.awaiting import add_await
from selfheal.fix.types.conversions import convert, mismatch, rewrite_literal
from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, Splice, replacing
from selfheal.fix.types.none_narrowing import make_sure
from selfheal.fix.types.optional_default import allow_none, defaults_told
from selfheal.fix.types.redundant import drop_result
from selfheal.fix.types.rendering import annotation, union
from selfheal.fix.types.source import own_nodes

_CAUTION = "whether the annotation or the value of {} is wrong, the checker can't tell"


def widen(finding: Finding) -> Iterator[Mend]:
    """Await it, allow the default None, write the literal as what is said, widen the annotation, or convert the value.

    An annotation is what somebody has said; a literal that can be read as that is what was mistyped.
    """
    awaited = list(add_await(finding))
    literal = list(rewrite_literal(finding)) if _is_declared(finding) else []
    notes = [*allow_none(finding), *take_default_in(finding), *_widened(finding)]
    if mismatch(finding) is not None and "None" in finding.message:
        yield from drop_result(finding)
    yield from [*awaited, *literal, *notes, *convert(finding), *make_sure(finding)]


def _is_declared(finding: Finding) -> bool:
    """Tell whether somebody wrote the type down that the value does not have."""
    target = _target(finding)
    return target is None or isinstance(_first(finding, target), ast.AnnAssign)


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
    both, more = union(members, source, finding.project)
    notes = [(both, (*got[1], *want[1], *more))]
    caution = ""
    if isinstance(first, ast.AnnAssign) and isinstance(first.value, ast.Constant) and source.statement(target) is first:
        notes = [*notes, got] if found[0] != "None" else notes
        is_doubtful = found[0] != "None" and _is_used(finding, text.rpartition(".")[2], source.tree)
        caution = _CAUTION.format(text) if is_doubtful else ""
    elif isinstance(first, ast.AnnAssign) and first.value is not None and source.statement(target) is first:
        notes = [got, *notes]
    for note, imports in notes:
        splice = _splice(finding, first, note)
        rationale = f"{text} is {note}, by what is assigned to it"
        yield Mend((splice,), rationale, imports=imports, caution=caution)


def _splice(finding: Finding, first: ast.AnnAssign | ast.Assign, note: str) -> Splice:
    source = finding.source
    if isinstance(first, ast.AnnAssign):
        return replacing(source, first.annotation, note)
    end = source.span(first.targets[0])[1]
    return Splice(source.path, end, end, f": {note}")


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


def take_default_in(finding: Finding) -> Iterator[Mend]:
    """A default that is of another type than the parameter: the annotation takes it in."""
    found = mismatch(finding)
    if found is None or found[0] == "None":
        return
    source = finding.source
    got = annotation(found[0], source, finding.project)
    for argument, _ in defaults_told(finding) if got is not None else ():
        if argument.annotation is None or got is None:
            continue
        function = source.function(argument.annotation)
        caution = _CAUTION.format(argument.arg) if _is_used(finding, argument.arg, function) else ""
        both = union([source.segment(argument.annotation), got[0]], source, finding.project)
        for text, imports in (both, got):
            splice = replacing(source, argument.annotation, text)
            rationale = f"{argument.arg} is {text}, as its default says"
            yield Mend((splice,), rationale, imports=(*got[1], *imports), caution=caution)


def _is_used(finding: Finding, name: str, scope: ast.AST | None) -> bool:
    """Tell whether a name is read in a scope or given by keyword anywhere: its type matters there too."""
    for node in ast.walk(scope) if scope is not None else ():
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            return True
    return any(
        isinstance(node, ast.keyword | ast.Attribute) and name in (getattr(node, "arg", ""), getattr(node, "attr", ""))
        for source in finding.project.holding(name)
        for node in ast.walk(source.tree)
    )
