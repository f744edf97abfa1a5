"""A parameter that says that it may be None though the function can't do with None."""

import ast
from collections.abc import Iterator

from selfheal.fix.types.finding import Finding
from selfheal.fix.types.mend import Mend, replacing
from selfheal.fix.types.optional_default import defaults
from selfheal.fix.types.source import Function


def without_none(finding: Finding, function: Function, value: ast.Name) -> Iterator[Mend]:
    """Take None out of a parameter's annotation. The checker then sees to it that no caller gives it.

    Not where None is the default, or where the function asks for it anywhere: it is meant there.
    """
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    argument = next((one for one in arguments if one.arg == value.id), None)
    if argument is None or argument.annotation is None or _expects_none(function, value.id):
        return
    bare = bare_annotation(finding, argument.annotation)
    if bare is None or not any(finding.project.calls(function.name)):
        return
    yield Mend(
        (replacing(finding.source, argument.annotation, bare),),
        f"{function.name}() can't do with None for {value.id}, and no caller gives it",
        caution="the function's contract is narrower than it was written",
    )


def bare_annotation(finding: Finding, note: ast.expr) -> str | None:
    """Write an annotation without its None; None where it has none or is written as text."""
    source = finding.source
    match note:
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return source.segment(left)
        case ast.BinOp(left=ast.Constant(value=None), op=ast.BitOr(), right=right):
            return source.segment(right)
        case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner):
            return source.segment(inner)
        case _:
            return None


def _expects_none(function: Function, name: str) -> bool:
    if any(argument.arg == name for argument, _ in defaults(function)):
        return True
    for node in ast.walk(function):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == name:
            against_none = [one for one in node.comparators if isinstance(one, ast.Constant) and one.value is None]
            if against_none:
                return True
        test = getattr(node, "test", None)
        for one in ast.walk(test) if isinstance(test, ast.expr) else ():
            if isinstance(one, ast.Name) and one.id == name and not isinstance(node, ast.Assert):
                return True
    return False
