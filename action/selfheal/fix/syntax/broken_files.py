"""Which files of a case their parser refuses: those that the findings name, then, if none is, the tree's."""

import re
from functools import lru_cache

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.policy.reading.paths import is_test_path
from selfheal.contract.tree import TreeView
from selfheal.fix.syntax.damage import damage_of, decoded

_NAMED = re.compile(r"[\w./\\-]{1,200}\.pyi?\b")
_SYNTAX = re.compile(
    r"SyntaxError|IndentationError|TabError|invalid syntax|can(?:not|'t) parse|E999|E0001|invalid-syntax|unterminated"
)
_MOST_FILES = 30
_MOST_SCANNED = 600
_MOST_LISTED = 3_000


def broken_python(diagnosis: Diagnosis, tree: TreeView) -> tuple[str, ...]:
    """The paths of Python files that don't compile, those of the first findings first."""
    named = dict.fromkeys(path for failure in diagnosis.failures[:200] for path in _paths_of(failure))
    found = [path for path in list(named)[: _MOST_FILES * 4] if is_broken(tree, path)]
    if not found and speaks_of_syntax(diagnosis):
        python = [path for path in tree.paths() if path.endswith((".py", ".pyi"))]
        found = [path for path in python[:_MOST_SCANNED] if is_broken(tree, path)]
    return tuple(found[:_MOST_FILES])


def broken_beside(tree: TreeView, named: tuple[str, ...]) -> tuple[str, ...]:
    """Further broken files of the same packages: no templates, no tests."""
    tops = {_top(path) for path in named}
    found = []
    for path in tree.paths()[:_MOST_LISTED]:
        if path in named or not path.endswith(".py") or is_test_path(path) or _top(path) not in tops:
            continue
        text = decoded(tree.read(path))
        if text is not None and not compiles(text) and "{{" not in path and "{%" not in text:
            found.append(path)
    return tuple(found[:_MOST_FILES])


@lru_cache(maxsize=2048)
def compiles(text: str) -> bool:
    """Tell whether Python takes a text; remembered for many files, where `damage_of` remembers few."""
    return damage_of(text) is None


def _top(path: str) -> str:
    parts = path.removeprefix("src/").split("/")
    return parts[0] if len(parts) > 1 else ""


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
    return text is not None and not compiles(text)


def _paths_of(failure: Failure) -> list[str]:
    paths = [failure.file] if failure.file else []
    paths += [frame.file for frame in reversed(failure.frames)]
    said = _NAMED.findall(f"{failure.message[:4_000]} {failure.excerpt[:4_000]}")
    return [*paths, *(path.removeprefix("./") for path in said[:20])]
