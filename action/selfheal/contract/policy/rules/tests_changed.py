"""The tests are the statement of what is right; a fix may not change it."""

import ast
import doctest
from collections import Counter
from collections.abc import Iterator

from selfheal.contract.diagnosis import Category
from selfheal.contract.policy.interface import ChangeSet, FileChange, PolicySettings, Rule, Violation
from selfheal.contract.policy.reading import python
from selfheal.contract.policy.reading.compare import changed
from selfheal.contract.policy.reading.equivalence import is_same_program
from selfheal.contract.policy.reading.layout import is_layout_only
from selfheal.contract.policy.reading.lines import decode
from selfheal.contract.policy.reading.paths import is_test_path


def _check(change_set: ChangeSet, settings: PolicySettings) -> Iterator[Violation]:
    if settings.allow_test_changes:
        return
    for change in changed(change_set):
        if is_test_path(change.path):
            if not _is_layout_only(change, change_set.category):
                yield _violation(change.path, f"{change.path} is a test and was {_what(change)}")
        elif lost := _lost_doctests(change):
            yield _violation(change.path, f"{change.path}: the documented example {lost!r} was changed or removed")


def _is_layout_only(change: FileChange, category: Category) -> bool:
    """A formatter may lay a test out anew, as long as it stays the same program."""
    if change.before is None or change.after is None:
        return False
    if not python.is_python(change.path):
        return category in {Category.LINT, Category.FORMAT} and is_layout_only(change)
    return is_same_program(
        change.before,
        change.after,
        may_drop_imports=category in {Category.LINT, Category.FORMAT},
        may_annotate=category is Category.TYPES,
    )


def _what(change: FileChange) -> str:
    if change.before is None:
        return "added"
    return "deleted" if change.after is None else "changed"


def _lost_doctests(change: FileChange) -> str:
    lost = _examples(change.path, change.before) - _examples(change.path, change.after)
    return next(iter(sorted(lost)), "")


def _examples(path: str, content: bytes | None) -> Counter[str]:
    if content is None or b">>>" not in content:
        return Counter()
    if path.endswith((".rst", ".md", ".txt")):
        return Counter(_parsed(decode(content)))
    if not python.is_python(path):
        return Counter()
    tree = python.parse(content)
    if tree is None:
        return Counter()
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = (ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, holders))
    return Counter(example for docstring in docstrings for example in _parsed(docstring))


def _parsed(text: str) -> Iterator[str]:
    try:
        examples = doctest.DocTestParser().get_examples(text)
    except ValueError:
        return
    for example in examples:
        yield f"{example.source.strip()} → {example.want.strip()}"


def _violation(path: str, what: str) -> Violation:
    message = f"{what}: fix the code under test, or set policy.allow_test_changes where the test is what is wrong"
    return Violation(rule=RULE.id, path=path, line=None, message=message)


RULE = Rule(id="tests-changed", reason="a test says what is right; the patch has to follow it", check=_check)
