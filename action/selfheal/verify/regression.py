"""Guard what the failing command does not look at: the project's own tests, before and after a patch.

A linter or a type checker passes on code that does something else. Where the failing command runs no test,
the project's tests are run on the tree as it was and on the patched one, and what passed must still pass.
"""

import ast
from collections.abc import Iterable
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
