"""Guard what the failing command does not look at: the project's own tests, before and after a patch.

A linter or a type checker passes on code that does something else. Where the failing command runs no test,
the project's tests are run on the tree as it was and on the patched one, and what passed must still pass.
"""

import ast
import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from selfheal.contract.diagnosis import Diagnosis, Failure
from selfheal.contract.policy.interface import FileChange
from selfheal.verify.compare import signature


def changes_meaning(changes: Iterable[FileChange]) -> bool:
    """True where a patch may change what a program does, and not only how it is laid out."""
    return any(_changes_meaning(change) for change in changes)


def broken_by(before: Diagnosis, after: Diagnosis, changed: frozenset[str]) -> tuple[str, ...]:
    """Name the tests that fail in the patched tree and did not fail before.

    Of the tests in a file that could not be loaded before (what it imports did not parse) nobody knows whether
    they passed: there an assertion that fails counts, and an error that passes through a file that was `changed`.
    """
    old = {signature(failure) for failure in before.failures}
    unloaded = {failure.test_id for failure in before.failures if failure.test_id and "::" not in failure.test_id}
    new = [
        failure
        for failure in after.failures
        if signature(failure) not in old and (_file(failure) not in unloaded or _touches(failure, changed))
    ]
    return tuple(dict.fromkeys(failure.test_id or failure.message.partition("\n")[0] for failure in new))


def doubted_by(after: Diagnosis, changes: Iterable[FileChange], read: Callable[[str], bytes | None]) -> tuple[str, ...]:
    """Name the tests, or what stops them all, that fail in the patched tree in what the patch changes.

    A test does where its error passes through a changed file, or where its own file speaks of a function that was
    changed. `read` gives a file of the patched tree.
    """
    listed = tuple(changes)
    changed = frozenset(change.path for change in listed)
    words = [re.compile(rb"\b%b\b" % name.encode()) for change in listed for name in changed_functions(change)]
    doubting = []
    for failure in after.failures:
        passes = changed & {failure.file, *(frame.file for frame in failure.frames)}
        source = read(_file(failure)) or b"" if failure.test_id and not passes else b""
        if passes or any(word.search(source) for word in words):
            doubting.append(failure.test_id or failure.message.partition("\n")[0])
    return tuple(dict.fromkeys(doubting))


def changed_functions(change: FileChange) -> frozenset[str]:
    """Name the functions of a Python file that a patch changes; the class, where its own name says nothing."""
    old, new = _functions(change.before), _functions(change.after)
    names = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return frozenset(name.rpartition(".")[2] if not name.endswith("__") else name.partition(".")[0] for name in names)


def _functions(source: bytes | None) -> dict[str, str]:
    try:
        tree = ast.parse(source or b"")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, str] = {}
    for outer in ast.walk(tree):
        owner = f"{outer.name}." if isinstance(outer, ast.ClassDef) else ""
        for node in ast.iter_child_nodes(outer):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[owner + node.name] = found.get(owner + node.name, "") + ast.dump(node)
    return found


def _file(failure: Failure) -> str:
    return (failure.test_id or "").partition("::")[0]


def _touches(failure: Failure, changed: frozenset[str]) -> bool:
    is_assertion = (failure.code or "").endswith("AssertionError")
    return is_assertion or bool(changed & {failure.file, *(frame.file for frame in failure.frames)})


def _changes_meaning(change: FileChange) -> bool:
    if PurePosixPath(change.path).suffix != ".py":
        return change.path.endswith((".js", ".ts", ".jsx", ".tsx", ".go", ".rs", ".java", ".c", ".cc", ".cpp"))
    old, new = _tree(change.before), _tree(change.after)
    return old is None or new is None or old != new


def _tree(source: bytes | None) -> str | None:
    try:
        return ast.dump(ast.parse(source)) if source is not None else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
