"""Put a proved patch into the user's own tree: all of it or nothing."""

import contextlib
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path

from selfheal.workspace.errors import GitFailed
from selfheal.workspace.files import TreeFiles
from selfheal.workspace.listing import EXECUTABLE, LINK, NOTHING, TreeDifference, TreeEntry
from selfheal.workspace.problems import WorkspaceProblem
from selfheal.workspace.repository import find_repository
from selfheal.workspace.store import VersionStore


@dataclass(frozen=True, slots=True)
class Landed:
    """The patch is in the user's tree. Paths that can't be shown as text are written with replacements."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LandingRefused:
    """The user's tree was left as it was. `message` says why, `advice` what to do next."""

    message: str
    advice: str


def land(
    repo: Path, patch: bytes, *, store: VersionStore, base_tree: str, scratch: Path, apart_from: tuple[Path, ...] = ()
) -> Landed | LandingRefused:
    """Apply `patch` to the tree of `repo`, which must still equal `base_tree` byte for byte.

    The patch is applied to our own index, where git checks it as a whole; what comes out is written
    with our own hands, so neither filters nor line end conversion run, and a write that fails half way
    is taken back. `apart_from` are places that may have changed, such as the folder of the report.
    """
    if not patch.strip():
        return Landed(paths=())
    repository = find_repository(repo)
    if isinstance(repository, WorkspaceProblem):
        return LandingRefused(repository.message, repository.advice)
    root = repository.root
    index = scratch / "landing-index"
    index.unlink(missing_ok=True)
    apart = store.apart | {
        os.fsencode(place.relative_to(root))
        for place in (each.resolve() for each in apart_from)
        if place.is_relative_to(root)
    }
    users = replace(store, tree=root, index=index, apart=apart)
    try:
        users.read_index(base_tree)
        now = users.scan()
        if now != base_tree:
            return _changed_meanwhile(root, store.differences(base_tree, now))
        goal = users.apply_to_index(base_tree, patch)
    except GitFailed:
        return LandingRefused(f"the patch does not apply to {root}", "look at fix.patch, or run the repair again")
    except OSError as error:
        return LandingRefused(f"{root} can't be read ({error.strerror})", "check its permissions and run again")
    differences = store.differences(base_tree, goal)
    if any(LINK in (item.before.mode, item.after.mode) for item in differences):
        return LandingRefused("the patch touches a symbolic link", "apply fix.patch by hand with `git apply`")
    failure = _write_all(TreeFiles(root), differences, store)
    if failure is not None:
        return LandingRefused(
            f"{root} can't be written to ({failure.strerror}); it was left as it was",
            "free space or mend the permissions there, then apply fix.patch with `git apply`",
        )
    return Landed(paths=tuple(_shown(item) for item in differences))


def _changed_meanwhile(root: Path, differences: tuple[TreeDifference, ...]) -> LandingRefused:
    names = ", ".join(_shown(item) for item in differences[:3])
    return LandingRefused(
        f"the tree at {root} changed while the repair ran: {names}",
        "look at fix.patch and apply it with `git apply`, or run the repair again",
    )


def _write_all(files: TreeFiles, differences: tuple[TreeDifference, ...], store: VersionStore) -> OSError | None:
    second = int(time.time())
    done: list[TreeDifference] = []
    try:
        for item in differences:
            done.append(item)
            _put(files, item.after, store, second=second)
    except OSError as error:
        for item in done:
            with contextlib.suppress(OSError):
                _put(files, item.before, store, second=second)
        return error
    return None


def _put(files: TreeFiles, entry: TreeEntry, store: VersionStore, *, second: int) -> None:
    if entry.mode == NOTHING:
        files.remove(entry.path)
    else:
        content = store.blobs.read(entry.blob)
        files.write(entry.path, content, second=second, is_executable=entry.mode == EXECUTABLE)


def _shown(item: TreeDifference) -> str:
    return item.path.decode("utf-8", "replace")
