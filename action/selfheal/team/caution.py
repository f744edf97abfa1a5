"""Tell which proved patches a person should look at before they are merged. Pure."""

import ast
from collections.abc import Iterator

from selfheal.contract.policy import FileChange
from selfheal.contract.verdict import Proved

_GUARDS = (ast.Raise, ast.Assert)
_SHOWN = 3


def reasons_for_a_person(changes: tuple[FileChange, ...], proof: Proved, *, was_guessed: bool) -> tuple[str, ...]:
    """Say why a proof is weaker than it looks; empty where nothing speaks against merging.

    A command that counts no tests may pass because what complained is gone, a guard (`raise`,
    `assert`) that a patch takes away may have been right, and a test that goes on failing may do so because of it.
    `was_guessed` is True where the command's passing is all that speaks for the patch: no rule of a tool asked for it.
    """
    reasons = []
    has_tests = bool(proof.tests_after) or (proof.guarded is not None and proof.guarded.passed_after > 0)
    if was_guessed and not has_tests:
        reasons.append("a model or a search made it, and no test was counted that could tell whether it is right")
    if proof.guarded is not None and proof.guarded.still_failing:
        names = proof.guarded.still_failing
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        reasons.append(f"the project's own tests fail with it as they did before: {', '.join(names[:_SHOWN])}{more}")
    sources = [change for change in changes if change.path.endswith(".py")]
    reasons += [
        f"{change.path} has fewer raise or assert statements than before"
        for change in sources
        if _guards(change.after) < _guards(change.before)
    ]
    reasons += [
        f"{change.path} now does something when the process ends (atexit)"
        for change in sources
        if b"atexit" in (change.after or b"") and b"atexit" not in (change.before or b"")
    ]
    return tuple(reasons)


def _guards(source: bytes | None) -> int:
    return sum(isinstance(node, _GUARDS) for node in _walk(source))


def _walk(source: bytes | None) -> Iterator[ast.AST]:
    try:
        tree = ast.parse(source or b"")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return iter(())
    return ast.walk(tree)
