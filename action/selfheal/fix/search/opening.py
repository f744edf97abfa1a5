"""Open a suspect as the operators see it."""

import ast
from functools import lru_cache

from selfheal.contract.suspects import Suspect
from selfheal.fix.interface import RepairCase
from selfheal.fix.python_tree import FunctionNode, function_in
from selfheal.fix.search.hints import hints_of
from selfheal.fix.search.site import Site, everything_in

_MOST_LINES = 500


def site_of(case: RepairCase, suspect: Suspect) -> Site | None:
    """Open a suspect that is a Python function, or statements outside of functions; None for anything else."""
    file = opened(case, suspect.file)
    if file is None or suspect.last_line - suspect.first_line > _MOST_LINES:
        return None
    text, module = file
    function = _function_of(module, suspect)
    is_definition = function is None
    if function is None:
        statements = _definitions_of(module, suspect)
        if not statements:
            return None
        function = _holding(statements)
    failure = next(iter(case.diagnosis.failures), None)
    hints = hints_of(failure, function, module, case.tree, path=suspect.file)
    return Site(suspect.file, text, module, function, hints, is_definition)


def opened(case: RepairCase, path: str) -> tuple[str, ast.Module] | None:
    """The text and the tree of a Python file; None for any other, and where `ast` counts lines otherwise than we do."""
    raw = case.tree.read(path)
    if raw is None or not path.endswith(".py"):
        return None
    try:
        text = raw.decode()
        module = _parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return None if "\r" in text or "\f" in text else (text, module)


@lru_cache(maxsize=16)
def _parsed(text: str) -> ast.Module:
    """The tree of a file, which nobody changes: several suspects stand in one."""
    return ast.parse(text)


def _function_of(module: ast.Module, suspect: Suspect) -> FunctionNode | None:
    name = (suspect.symbol or "").rpartition(".")[2]
    return function_in(everything_in(module), name=name, first_line=suspect.first_line)


def _definitions_of(module: ast.Module, suspect: Suspect) -> list[ast.stmt]:
    """The assignments that a suspect outside of functions is: of the module, or of a class for itself.

    A bare call there is what a script is run for, a check as often as not: it is left as it stands.
    """
    kinds = (ast.Assign, ast.AnnAssign, ast.AugAssign)
    if suspect.symbol is None:
        return [node for node in module.body if isinstance(node, kinds) and node.lineno == suspect.first_line]
    return [
        node
        for owner in everything_in(module)
        if isinstance(owner, ast.ClassDef) and owner.name == suspect.symbol.rpartition(".")[2]
        for node in owner.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
    ]


def _holding(statements: list[ast.stmt]) -> ast.FunctionDef:
    """A function around statements that stand in none, so that the operators find what they look for."""
    arguments = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    last = statements[-1]
    return ast.FunctionDef(
        name="",
        args=arguments,
        body=statements,
        decorator_list=[],
        lineno=statements[0].lineno,
        col_offset=0,
        end_lineno=last.end_lineno,
        end_col_offset=last.end_col_offset,
    )
