"""Which files of a case their parser refuses: those that the findings name, then, if none is, the tree's."""

import re

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.tree import TreeView
from selfheal.fix.syntax.damage import damage_of, decoded

_NAMED = re.compile(r"[\w./\\-]{1,200}\.pyi?\b")
_SYNTAX = re.compile(
    r"SyntaxError|IndentationError|TabError|invalid syntax|can(?:not|'t) parse|E999|E0001|invalid-syntax|unterminated"
)
_MOST_FILES = 30
_MOST_SCANNED = 600


def broken_python(diagnosis: Diagnosis, tree: TreeView) -> tuple[str, ...]:
    """The paths of Python files that don't compile, those of the first findings first."""
    named = dict.fromkeys(path for failure in diagnosis.failures[:200] for path in _paths_of(failure))
    found = [path for path in list(named)[: _MOST_FILES * 4] if is_broken(tree, path)]
    if not found and speaks_of_syntax(diagnosis):
        python = [path for path in tree.paths() if path.endswith((".py", ".pyi"))]
        found = [path for path in python[:_MOST_SCANNED] if is_broken(tree, path)]
    return tuple(found[:_MOST_FILES])


def speaks_of_syntax(diagnosis: Diagnosis) -> bool:
    """Tell whether the findings say that a file could not be parsed."""
    return diagnosis.category is Category.SYNTAX or any(
        _SYNTAX.search(f"{failure.code} {failure.message} {failure.excerpt}") for failure in diagnosis.failures[:200]
    )


def is_broken(tree: TreeView, path: str) -> bool:
    """Tell whether a file of the tree is Python text that does not compile."""
    if not path.endswith((".py", ".pyi")) or path.startswith(("/", "../")):
        return False
    text = decoded(tree.read(path))
    return text is not None and damage_of(text) is not None


def _paths_of(failure: Failure) -> list[str]:
    paths = [failure.file] if failure.file else []
    paths += [frame.file for frame in reversed(failure.frames)]
    said = _NAMED.findall(f"{failure.message[:4_000]} {failure.excerpt[:4_000]}")
    return [*paths, *(path.removeprefix("./") for path in said[:20])]
