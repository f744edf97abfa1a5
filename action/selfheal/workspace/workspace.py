"""A scratch copy of the user's working tree, with numbered versions that can be gone back to exactly."""

import contextlib
import os
import signal
import time
from pathlib import Path

from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import InvalidEdit, TreeView, Version
from selfheal.workspace.copying import copy_tree
from selfheal.workspace.editing import check_edits
from selfheal.workspace.errors import GitFailed, WorkspaceBroken
from selfheal.workspace.files import Clock, TreeFiles
from selfheal.workspace.gitdir import share_git
from selfheal.workspace.history import PastCommit
from selfheal.workspace.landing import Landed, LandingRefused, land
from selfheal.workspace.listing import EXECUTABLE, LINK, NOTHING, TreeDifference
from selfheal.workspace.patchtext import patch_text
from selfheal.workspace.problems import ProblemKind, WorkspaceProblem, from_os_error
from selfheal.workspace.repository import Repository, TrackedPaths, find_repository
from selfheal.workspace.scratch import Scratch, make_scratch
from selfheal.workspace.store import VersionStore
from selfheal.workspace.view import GitTreeView

_RESTORE_ROUNDS = 3
# The C library's words and git's own (`write_or_die` and the pack writer put it in theirs).
_NO_SPACE = ("No space left", "quota", "File too large", "Out of diskspace")


class Workspace:
    """Owns the scratch folder of one repair. The user's repository is only ever read.

    All methods are synchronous and take milliseconds. They must not be called while a command runs
    in the tree.
    """

    def __init__(
        self,
        *,
        repository: Repository,
        scratch: Scratch,
        store: VersionStore,
        linked_dirs: tuple[str, ...],
        skipped: tuple[str, ...],
        empty_dirs: frozenset[str],
        shared_objects: tuple[tuple[Path, Path], ...],
        is_dirty: bool,
    ) -> None:
        self.root = repository.root
        """The original's top folder; inside the sandbox the copy lies at this path."""
        self.subdirectory = repository.subdirectory
        """Where below the top the caller pointed; "" at the top. The command's working directory."""
        self.tree = store.tree
        self.scratch = scratch.path
        """Everything of ours; to be hidden from the command, except `tree`."""
        self.private = scratch.path / "private"
        """An empty folder for the sandbox's own use."""
        self.linked_dirs = linked_dirs
        self.skipped = skipped
        """What is not in the copy because it could not be read, relative paths."""
        self.shared_objects = shared_objects
        """(original, link) pairs that a sandbox must mount read-only, original at link."""
        self.base_commit = repository.base_commit()
        self.base_day = repository.base_day()
        self.is_dirty = is_dirty
        self.changed_lines = repository.changed_lines()
        """What the commit under test changed, where the clone holds its parent."""
        self._repository = repository
        self._scratch = scratch
        self._store = store
        self._files = TreeFiles(store.tree)
        self._clock = Clock(int(time.time()))
        self._empty_dirs = frozenset(os.fsencode(folder) for folder in empty_dirs)
        self._state_commit: str | None = None
        first = store.snapshot()
        self._versions = [self._commit(first, number=0, parent=None, message="the tree as it was found")]

    @classmethod
    def open(cls, repo: Path, *, scratch_parent: Path) -> "Workspace | WorkspaceProblem":
        """Copy the working tree of the repository that `repo` lies in, and record it as version 0.

        Scratch folders of dead processes under `scratch_parent` are swept first.
        """
        repository = find_repository(repo)
        if isinstance(repository, WorkspaceProblem):
            return repository
        try:
            tracked = repository.tracked()
            is_dirty = repository.is_dirty()
        except GitFailed:
            return WorkspaceProblem(
                ProblemKind.UNREADABLE,
                f"git can't read the index of {repository.root}",
                "run `git status` there and mend what it says",
            )
        try:
            scratch = make_scratch(scratch_parent)
        except OSError as error:
            return from_os_error(error, doing="making the scratch folder", place=str(scratch_parent))
        try:
            return cls._fill(repository, scratch, tracked=tracked, is_dirty=is_dirty)
        except OSError as error:
            scratch.remove()
            return from_os_error(error, doing="copying the tree", place=str(scratch_parent))
        except GitFailed as failure:
            problem = _git_problem(failure, scratch_parent)
            scratch.remove()
            return problem
        except BaseException:
            scratch.remove()
            raise

    @classmethod
    def _fill(cls, repository: Repository, scratch: Scratch, *, tracked: TrackedPaths, is_dirty: bool) -> "Workspace":
        tree = scratch.path / "tree"
        copied = copy_tree(repository.root, tree, tracked_dirs=tracked.folders(), apart=scratch.path.parent)
        shared = share_git(repository, tree=tree, links=scratch.path / "objects")
        (scratch.path / "private").mkdir()
        apart = frozenset((*map(os.fsencode, copied.linked_dirs), *tracked.submodules))
        store = VersionStore.create(
            scratch.path / "versions.git",
            tree=tree,
            apart=apart,
            ignore_rules=repository.ignore_rules(),
            tracked=tracked.files,
        )
        return cls(
            repository=repository,
            scratch=scratch,
            store=store,
            linked_dirs=copied.linked_dirs,
            skipped=copied.skipped,
            empty_dirs=copied.empty_dirs,
            shared_objects=shared,
            is_dirty=is_dirty,
        )

    @property
    def head(self) -> Version:
        """The version recorded last."""
        return self._versions[-1]

    @property
    def versions(self) -> tuple[Version, ...]:
        """All versions, version 0 first."""
        return tuple(self._versions)

    def view(self, version: Version) -> TreeView:
        """Look into a version."""
        return GitTreeView(self._store.entries(version.tree), self._store.blobs)

    def tree_hash(self) -> str:
        """Hash the working tree as it is now. Equal hashes mean equal bytes, names and modes."""
        return self._store.snapshot()

    def apply(self, edits: tuple[FileEdit, ...]) -> str | InvalidEdit:
        """Write the edits into the working tree and return its new hash. All of them, or none.

        Raises:
            WorkspaceBroken: the disk refused; the tree is back at `head` if that was possible.
        """
        invalid = check_edits(edits, files=self._files, apart=self._store.apart, ignored=self._store.ignored)
        if invalid is not None:
            return invalid
        second = self._clock.tick()
        try:
            for edit in edits:
                path = edit.path.encode()
                if edit.content is None:
                    self._files.remove(path, keep=self._empty_dirs)
                else:
                    self._files.write(path, edit.content, second=second)
            return self._store.snapshot()
        except OSError as error:
            with contextlib.suppress(OSError, WorkspaceBroken):
                self.restore(self.head)
            raise WorkspaceBroken(
                f"writing an edit failed ({error.strerror}): free space under {self.scratch.parent}, then run again"
            ) from error

    def record(self, message: str) -> Version:
        """Record the working tree as the next version."""
        head = self.head
        version = self._commit(self._store.snapshot(), number=head.number + 1, parent=head.commit, message=message)
        self._versions.append(version)
        return version

    def tie_state(self, number: int, version: Version, document: str) -> str:
        """Record a state document beside the version that it is about, as commit `states/<number>`; append-only."""
        parent = self._state_commit
        self._state_commit = self._store.commit(
            version.tree, number=number, parent=parent, message=document, kind="states"
        )
        return self._state_commit

    def restore(self, version: Version) -> None:
        """Make the working tree equal to a version: bytes, names, modes, links.

        What git ignores (caches, build output) stays. Only files that differ are written, each with
        a time that no earlier write had.

        Raises:
            WorkspaceBroken: the tree could not be made equal.
        """
        try:
            for _ in range(_RESTORE_ROUNDS):
                # More than one round only where an ignore file was among the changes: files that a
                # rewritten .gitignore hid come to light when it is back.
                differences = self._store.differences(self._store.snapshot(), version.tree)
                if not differences:
                    break
                self._write_back(differences)
            else:
                raise WorkspaceBroken(f"version {version.number} could not be restored: run again")
            for folder in self._empty_dirs:
                self._files.make_folder(folder)
        except OSError as error:
            raise WorkspaceBroken(
                f"version {version.number} could not be restored ({error.strerror}): check {self.scratch.parent}"
            ) from error

    def changed_since(self, version: Version) -> tuple[FileEdit, ...]:
        """Say what differs between a version and the working tree now, as edits on that version.

        Links, modes and names that are not UTF-8 can't be put as edits and are left out.
        """
        return self._edits(version.tree, self._store.snapshot())

    def edits_between(self, base: Version, head: Version) -> tuple[FileEdit, ...]:
        """Say what differs between two versions, as edits on the first; see `changed_since`."""
        return self._edits(base.tree, head.tree)

    def _edits(self, before_tree: str, after_tree: str) -> tuple[FileEdit, ...]:
        edits = []
        for difference in self._store.differences(before_tree, after_tree):
            before, after = difference.before, difference.after
            try:
                path = difference.path.decode("utf-8")
            except UnicodeDecodeError:
                continue
            if after.is_regular and before.mode != LINK:
                if after.blob != before.blob:
                    edits.append(FileEdit(path=path, content=self._store.blobs.read(after.blob)))
            elif before.is_regular and after.mode == NOTHING:
                edits.append(FileEdit(path=path, content=None))
        return tuple(edits)

    def past(self, paths: tuple[str, ...], *, until: str | None) -> tuple[PastCommit, ...]:
        """The last commits of the repository that wrote one of the paths, the newest first, with their contents."""
        return self._repository.past(paths, until=until)

    def diff(self, base: Version, head: Version) -> str:
        """Write the patch from one version to another; `git apply` takes it. Write it with `newline=""`."""
        return patch_text(self._store, base.tree, head.tree)

    def apply_to(self, repo: Path, diff: str, *, apart_from: tuple[Path, ...] = ()) -> Landed | LandingRefused:
        """Apply a patch to the user's own tree (`--apply`): all of it or nothing.

        Refused when the tree is not byte for byte the one that version 0 was copied from; `apart_from`
        are places that don't count, such as the folder of the report.
        """
        return land(
            repo,
            diff.encode(),
            store=self._store,
            base_tree=self._versions[0].tree,
            scratch=self.scratch,
            apart_from=(*apart_from, *(self.root / path for path in self.skipped)),
        )

    def close(self) -> None:
        """Remove the scratch folder with all versions. Idempotent."""
        self._store.close()
        self._scratch.remove()

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _commit(self, tree_hash: str, *, number: int, parent: str | None, message: str) -> Version:
        commit = self._store.commit(tree_hash, number=number, parent=parent, message=message)
        return Version(number=number, commit=commit, tree=tree_hash, message=message)

    def _write_back(self, differences: tuple[TreeDifference, ...]) -> None:
        second = self._clock.tick()
        # Deletions first, so that a file may come back where a folder stands now and the other way round.
        for difference in differences:
            if difference.after.mode == NOTHING:
                self._files.remove(difference.path, keep=self._empty_dirs)
        for difference in differences:
            after = difference.after
            if after.mode == LINK:
                self._files.link(after.path, self._store.blobs.read(after.blob))
            elif after.is_regular:
                content = self._store.blobs.read(after.blob)
                self._files.write(after.path, content, second=second, is_executable=after.mode == EXECUTABLE)


def _git_problem(failure: GitFailed, place: Path) -> WorkspaceProblem:
    if failure.exit_code == -signal.SIGXFSZ or any(words in failure.stderr for words in _NO_SPACE):
        return WorkspaceProblem(
            ProblemKind.NO_SPACE,
            f"recording the tree failed: no space left under {place}",
            f"free space under {place}, or choose another scratch folder",
        )
    return WorkspaceProblem(ProblemKind.UNREADABLE, str(failure), f"check {place} and run again")
