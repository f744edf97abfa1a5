"""What the tree of a Python file tells: which function or statement stands where, what is imported and what listed."""

import ast
from collections.abc import Iterable

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def function_in(nodes: Iterable[ast.AST], *, name: str, first_line: int) -> FunctionNode | None:
    """The function of that name that begins at a line, with its decorators or without; None where there is none."""
    for node in nodes:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name != name:
            continue
        if first_line in (node.lineno, first_line_of(node)):
            return node
    return None


def first_line_of(function: FunctionNode) -> int:
    """The line at which a function begins, decorators included."""
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


def statement_at(module: ast.Module, line: int) -> ast.stmt | None:
    """The innermost statement that holds a line, the outer one where several begin there; None where none does."""
    statements = [node for node in ast.walk(module) if isinstance(node, ast.stmt)]
    around = [node for node in statements if node.lineno <= line <= (node.end_lineno or node.lineno)]
    return max(around, key=lambda node: node.lineno, default=None)


def module_asked(node: ast.stmt) -> str:
    """The module that an import names, as it is written: `.a` of `from .a import b`; empty for another statement."""
    if isinstance(node, ast.ImportFrom):
        return "." * node.level + (node.module or "")
    return node.names[0].name if isinstance(node, ast.Import) else ""


def dunder_all(module: ast.Module) -> ast.List | ast.Tuple | None:
    """The literal that is the file's `__all__`; None where there is none."""
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        is_named = any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets)
        if is_named and isinstance(value, ast.List | ast.Tuple):
            return value
    return None
