"""Check edits against a working tree before the first byte is written."""

import os
from collections.abc import Callable

from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import InvalidEdit
from selfheal.workspace.files import TreeFiles
from selfheal.workspace.paths import path_fault


def check_edits(
    edits: tuple[FileEdit, ...],
    *,
    files: TreeFiles,
    apart: frozenset[bytes],
    ignored: Callable[[tuple[str, ...]], frozenset[str]],
) -> InvalidEdit | None:
    """Return the first edit that can't be made, or None when all can.

    `apart` are folders that belong to somebody else: submodules and linked environments.
    """
    names = [edit.path for edit in edits]
    for edit in edits:
        fault = path_fault(edit.path) or _fault_on_disk(edit, files, apart)
        if fault is not None:
            return _invalid(edit.path, fault)
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return _invalid(name, "is edited twice")
        seen.add(name)
    for name in names:
        parents = _parents(name)
        clash = next((parent for parent in parents if parent in seen), None)
        if clash is not None:
            return _invalid(name, f"can't exist beside the file {clash!r} of the same patch")
    new = tuple(edit.path for edit in edits if edit.content is not None and files.kind(edit.path.encode()) == "nothing")
    for name in sorted(ignored(new)):
        return _invalid(name, "is ignored by git, so the patch would not hold it")
    return None


def _fault_on_disk(edit: FileEdit, files: TreeFiles, apart: frozenset[bytes]) -> str | None:
    path = os.fsencode(edit.path)
    if any(path == folder or path.startswith(folder + b"/") for folder in apart):
        return "lies in a submodule or an installed environment"
    faults = {
        "link": "is a symbolic link: edit the file that it points to",
        "folder": "is a folder",
        "special": "is no regular file",
        "behind_link": "is reached through a symbolic link: name the real path",
        "behind_file": "has a file where a folder would have to be",
    }
    kind = files.kind(path)
    if kind == "nothing" and edit.content is None:
        return "does not exist, so it can't be deleted"
    return faults.get(kind)


def _parents(path: str) -> tuple[str, ...]:
    parts = path.split("/")
    return tuple("/".join(parts[:count]) for count in range(1, len(parts)))


def _invalid(path: str, fault: str) -> InvalidEdit:
    return InvalidEdit(path=path, reason=f"{path!r} {fault}")
