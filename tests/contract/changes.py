"""Builders of change sets: a test states the two sides of a file and nothing else."""

from textwrap import dedent

from selfheal.contract.diagnosis import Category
from selfheal.contract.policy import ChangeSet, FileChange, PolicySettings, check

LOOSE = PolicySettings(allow_test_changes=True)
"""Settings that let a test be changed, so that only what weakens it is left to refuse."""


def text(source: str | None) -> bytes | None:
    """The dedented bytes of one side; None for a side that does not exist."""
    return None if source is None else dedent(source).lstrip("\n").encode()


def change(path: str, before: str | None, after: str | None) -> FileChange:
    """One file's two sides, dedented."""
    return FileChange(path=path, before=text(before), after=text(after))


def refused_by(
    *changes: FileChange, settings: PolicySettings | None = None, category: Category = Category.TEST
) -> set[str]:
    """The ids of the rules that refuse a patch."""
    found = check(ChangeSet(changes=changes, category=category), settings or PolicySettings())
    for violation in found:
        assert violation.message, "a refusal says why"
    return {violation.rule for violation in found}
