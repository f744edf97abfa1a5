"""Arguments that nobody reads: a private one gets a name that says so, any other is let go in the first line."""

import ast

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.names import is_loaded, reads_by_text, taken
from selfheal.fix.lint.source import FunctionNode, Source
from selfheal.fix.lint.statements import insert_first

_KEPT = "the argument stays because callers or an inherited contract may name it"


def _repair(spot: Spot) -> tuple[Rewrite, ...]:
    source, name = spot.source, spot.finding.name
    function = _function(source, name, spot.finding.line)
    if function is None or reads_by_text(function):
        return ()
    arg = next(a for a in _arguments(function) if a.arg == name)
    if any(is_loaded(part, name) for part in _body(function)):
        return ()
    if _may_be_renamed(spot, function, name) and f"_{name}" not in taken(function):
        start = source.span(arg)[0]
        why = f"{name} is never read, and its name says so now; nothing passes it by that name"
        is_sure = not _is_handed_on(source, function)
        doubt = "" if is_sure else ", unless who is given the function does"
        return (Rewrite((source.insert(start, "_"),), f"{why}{doubt}", is_sure=is_sure),)
    if not isinstance(function, FunctionNode):
        return ()
    return _released(spot, function)


def _is_handed_on(source: Source, function: FunctionNode | ast.Lambda) -> bool:
    """Tell whether the function is given away as a value: who has it may pass arguments by their names."""
    if isinstance(function, ast.Lambda):
        return not isinstance(source.parent(function), ast.Assign)
    named: list[ast.Name | ast.Attribute] = [n for n in source.nodes(ast.Name) if n.id == function.name]
    named += [n for n in source.nodes(ast.Attribute) if n.attr == function.name]
    return any(isinstance(n.ctx, ast.Load) and getattr(source.parent(n), "func", None) is not n for n in named)


def _function(source: Source, name: str, line: int) -> FunctionNode | ast.Lambda | None:
    every: list[FunctionNode | ast.Lambda] = [*source.functions(), *source.nodes(ast.Lambda)]
    found = [n for n in every if n.lineno <= line and any(arg.arg == name for arg in _arguments(n))]
    exact = [n for n in found if any(a.arg == name and a.lineno == line for a in _arguments(n)) or n.lineno == line]
    return exact[-1] if exact else None


def _arguments(function: FunctionNode | ast.Lambda) -> list[ast.arg]:
    every = function.args
    stars = [arg for arg in (every.vararg, every.kwarg) if arg is not None]
    return [*every.posonlyargs, *every.args, *every.kwonlyargs, *stars]


def _body(function: FunctionNode | ast.Lambda) -> list[ast.AST]:
    return [function.body] if isinstance(function, ast.Lambda) else list(function.body)


def _may_be_renamed(spot: Spot, function: FunctionNode | ast.Lambda, name: str) -> bool:
    """Nobody outside can name it: a starred or positional-only one, or one of a private function's that none names."""
    every = function.args
    stars = [arg.arg for arg in (every.vararg, every.kwarg) if arg is not None]
    if name in [*stars, *(arg.arg for arg in every.posonlyargs)]:
        return True
    if name in [arg.arg for arg in every.kwonlyargs]:
        return False
    if isinstance(function, ast.Lambda):
        return True
    scope = spot.source.scope(function)
    is_inner = isinstance(scope, FunctionNode)
    if isinstance(scope, ast.ClassDef) and (scope.bases or spot.project.subclassed(scope.name)):
        return False
    is_private = function.name.startswith("_") and not function.name.endswith("__")
    if not (is_inner or is_private) or function.decorator_list:
        return False
    return not spot.project.passes_keyword(function.name, name)


def _released(spot: Spot, function: FunctionNode) -> tuple[Rewrite, ...]:
    """`del` of all unused arguments of the function, in one line."""
    names = [
        fellow.name
        for fellow in spot.fellows
        if _function(spot.source, fellow.name, fellow.line) is function
        and not any(is_loaded(part, fellow.name) for part in function.body)
    ]
    kept = [n for n in dict.fromkeys(names) if not _may_be_renamed(spot, function, n)]
    line = insert_first(spot.source, function, f"del {', '.join(kept)}")
    if line is None or not kept:
        return ()
    many = f"{', '.join(kept)} of {function.name} {'is' if len(kept) == 1 else 'are'} never read"
    return (Rewrite((line,), f"{many}: {_KEPT}, or somebody takes it out for good", is_sure=False),)


RULES: tuple[Rule, ...] = (rule("ARG001 ARG002 ARG003 ARG004 ARG005 W0613 U100", _repair),)
