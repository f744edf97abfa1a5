"""Which files failed, and which of a tool's edits belong to them. Pure."""

import ast
from collections.abc import Callable

from selfheal.contract.diagnosis import Failure
from selfheal.contract.patch import FileEdit
from selfheal.contract.policy import ChangeSet, FileChange, PolicySettings
from selfheal.contract.policy.registry import check
from selfheal.contract.policy.rules import protected_path
from selfheal.contract.tree import TreeView
from selfheal.fix.interface import RepairCase
from selfheal.fix.tools.interface import Workplace
from selfheal.fix.tools.words import join_folder

_MOST_FILES = 500
_LARGEST_PARSED = 1_000_000


def failing_files(place: Workplace, answers: Callable[[Failure], bool] | None) -> tuple[str, ...]:
    """Name the repository's files with such findings (None: with any), without what looks like an option."""
    names: dict[str, None] = {}
    folders = dict.fromkeys(("", *(call.script.folder for call in place.calls)))
    for failure in place.failures:
        if not failure.file or failure.file.startswith("-") or (answers is not None and not answers(failure)):
            continue
        paths = (join_folder(folder, failure.file) for folder in folders)
        found = next((path for path in paths if path and place.tree.read(path) is not None), None)
        if found is not None and not found.startswith("-"):
            names[found] = None
        if len(names) >= _MOST_FILES:
            break
    return tuple(names)


def nearest_root(name: str, marks: tuple[str, ...], tree: TreeView) -> str:
    """Find the closest folder above a file that holds one of the marking files; the top where none does."""
    folder = name.rpartition("/")[0]
    while folder and marks:
        if any(tree.read(f"{folder}/{mark}") is not None for mark in marks):
            return folder
        folder = folder.rpartition("/")[0]
    return ""


def kept_edits(
    edits: tuple[FileEdit, ...], case: RepairCase, failures: tuple[Failure, ...], *, only_permitted: bool
) -> tuple[FileEdit, ...]:
    """Keep what a tool changed in failing files, in all files where a finding names none.

    New and deleted files and those that no patch may touch are dropped, with `only_permitted` also each edit that the
    policy's own defaults would refuse.
    """
    named = None if not failures or any(not one.file for one in failures) else {one.file for one in failures}
    kept = []
    for edit in edits:
        before = case.tree.read(edit.path)
        if before is None or edit.content is None or before == edit.content:
            continue
        if named is not None and not any(edit.path == one or edit.path.endswith(f"/{one}") for one in named):
            continue
        change = FileChange(path=edit.path, before=before, after=edit.content)
        changes = ChangeSet(changes=(change,), category=case.diagnosis.category)
        settings = PolicySettings()
        if any(protected_path.RULE.check(changes, settings)) or _is_broken(change):
            continue
        if only_permitted and check(changes, settings):
            continue
        kept.append(edit)
    return tuple(kept)


def _is_broken(change: FileChange) -> bool:
    """True where Python could read the file before and can't after."""
    if not change.path.endswith((".py", ".pyi")) or len(change.after or b"") > _LARGEST_PARSED:
        return False
    return not _parses(change.after or b"") and _parses(change.before or b"")


def _parses(source: bytes) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
