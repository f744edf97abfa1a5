"""Whether two Python sources are the same program in another layout."""

import ast
import copy
import inspect
from collections import Counter

from selfheal.contract.policy.reading import python

_PLAIN = (
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Constant,
    ast.BinOp,
    ast.BitOr,
    ast.Tuple,
    ast.List,
    ast.Load,
    ast.Index,
)


def is_same_program(before: bytes, after: bytes, *, may_drop_imports: bool, may_annotate: bool) -> bool:
    """True where both sources have the same tree, docstrings' indentation aside.

    `may_drop_imports`: imports may change their order, and some may go (a linter's work).
    `may_annotate`: parameters and results may gain or change plain type annotations.
    """
    trees = [copy.deepcopy(tree) for tree in (python.parse(before), python.parse(after)) if tree is not None]
    if len(trees) != 2:
        return False
    try:
        if may_drop_imports:
            old, new = (_take_imports(tree) for tree in trees)
            if new - old:
                return False
        for tree in trees:
            _normalise(tree, drop_annotations=may_annotate)
        return ast.dump(trees[0]) == ast.dump(trees[1])
    except RecursionError:
        return False


def _take_imports(tree: ast.Module) -> Counter[str]:
    taken: Counter[str] = Counter()
    kept: list[ast.stmt] = []
    for statement in tree.body:
        match statement:
            case ast.Import(names=names):
                taken.update(f"{name.name} as {name.asname}" for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                taken.update(f"{'.' * level}{module}:{name.name} as {name.asname}" for name in names)
            case _:
                kept.append(statement)
    tree.body = kept
    return taken


def _normalise(tree: ast.Module, *, drop_annotations: bool) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            _clean_docstring(node.body)
        if drop_annotations and isinstance(node, ast.arg) and _is_plain(node.annotation):
            node.annotation = None
        if drop_annotations and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_plain(node.returns):
            node.returns = None


def _clean_docstring(body: list[ast.stmt]) -> None:
    match body:
        case [ast.Expr(value=ast.Constant(value=str(text)) as constant), *_]:
            constant.value = "\n".join(line.rstrip() for line in inspect.cleandoc(text).splitlines())
        case _:
            return


def _is_plain(annotation: ast.expr | None) -> bool:
    """No call, no comparison: evaluating it can't do anything that a type does not."""
    return annotation is not None and all(isinstance(node, _PLAIN) for node in ast.walk(annotation))
