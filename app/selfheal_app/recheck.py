"""Apply a patch in memory to the real files of a commit, and ask the policy again. Believes nothing of the report."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from selfheal.contract import diff
from selfheal.contract.diagnosis import Category
from selfheal.contract.policy import ChangeSet, FileChange, PolicySettings, Violation, check
from selfheal_app.tree_at import NotPlain, PlainFile

Read = Callable[[str], Awaitable[PlainFile | NotPlain | None]]
"""Gives the file at a path of the commit."""
MAX_FILES = 200
"""Asked of GitHub at most, whatever a repository allows."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as the patch leaves it; `content` None where it is deleted. An executable stays one."""

    path: str
    content: bytes | None
    mode: str = "100644"


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A patch that fits the commit and that the policy lets pass."""

    diffs: tuple[diff.FileDiff, ...]
    files: tuple[NewFile, ...]


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """Why the patch is not handed on; `violations` is empty where it did not even fit."""

    message: str
    violations: tuple[Violation, ...] = ()
    settings_line: int | None = None
    """The line of the repository's settings file, where that can't be read."""


async def recheck(patch: str, read: Read, *, category: Category, settings: PolicySettings) -> Rechecked | NotAllowed:
    """Apply the patch to what `read` gives, exactly where it says, and judge the result."""
    diffs = diff.parse(patch)
    if isinstance(diffs, diff.DiffProblem):
        return NotAllowed(diffs.message)
    if len(diffs) > min(MAX_FILES, settings.max_files):
        return NotAllowed(f"the patch touches {len(diffs)} files, the limit is {min(MAX_FILES, settings.max_files)}")
    changes: list[FileChange] = []
    files: list[NewFile] = []
    for file in diffs:
        found = await read(file.path)
        if isinstance(found, NotPlain):
            return NotAllowed(found.message)
        before = found.content if found is not None else None
        after = diff.apply(file, before)
        if isinstance(after, diff.DiffProblem):
            return NotAllowed(after.message)
        content = None if file.is_deleted else after
        changes.append(FileChange(path=file.path, before=before, after=content))
        files.append(NewFile(file.path, content, found.mode if found is not None else "100644"))
    violations = check(ChangeSet(changes=tuple(changes), category=category), settings)
    if violations:
        return NotAllowed("; ".join(f"{each.rule}: {each.message}" for each in violations[:5]), violations)
    return Rechecked(diffs, tuple(files))
