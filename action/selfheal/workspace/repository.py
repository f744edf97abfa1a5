"""Look at the user's repository without writing to it."""

import os
from dataclasses import dataclass
from pathlib import Path

from selfheal.contract.suspects import ChangedLines
from selfheal.workspace.changes import ARGUMENTS, read_changes
from selfheal.workspace.errors import GitFailed
from selfheal.workspace.git import git, git_program, split_z
from selfheal.workspace.history import PastCommit, day_of, read_past
from selfheal.workspace.problems import ProblemKind, WorkspaceProblem, from_os_error

_GITLINK = b"160000"
_HISTORY_LIMIT_S = 30.0
"""Who wrote a file last is told in milliseconds, but for the largest histories."""


@dataclass(frozen=True, slots=True)
class Repository:
    """Where the parts of a repository lie; worktrees and submodules keep them in different places.

    `root` is the top of the working tree, `subdirectory` where in it the caller pointed ("" at the top).
    """

    root: Path
    subdirectory: str
    git_dir: Path
    common_dir: Path

    def base_commit(self) -> str | None:
        """The commit that HEAD names, or None before the first commit."""
        try:
            return self._git("rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip() or None
        except GitFailed:
            return None

    def base_day(self) -> str | None:
        """The day of that commit as YYYY-MM-DD, in UTC."""
        try:
            return day_of(self._git("rev-list", "--timestamp", "--max-count=1", "HEAD").partition(b" ")[0])
        except GitFailed:
            return None

    def past(self, paths: tuple[str, ...], *, until: str | None) -> tuple[PastCommit, ...]:
        """The last commits that wrote one of the paths, the newest first; see `read_past`."""
        return read_past(self._quick, paths, until=until)

    def tracked(self) -> "TrackedPaths":
        """List what the index holds, as raw names."""
        files: list[bytes] = []
        submodules: list[bytes] = []
        for line in split_z(self._git("ls-files", "-z", "--stage")):
            head, _, name = line.partition(b"\t")
            (submodules if head.startswith(_GITLINK) else files).append(name)
        return TrackedPaths(files=tuple(dict.fromkeys(files)), submodules=tuple(submodules))

    def is_dirty(self) -> bool:
        """True when the tree differs from HEAD. The repository's own filters are not run for it."""
        filters = {key.rpartition(".")[0] for key, _ in self.settings() if key.startswith("filter.")}
        calm = [f"{name}.{part}=" for name in sorted(filters) for part in ("clean", "smudge", "process")]
        calm += [f"{name}.required=false" for name in sorted(filters)]
        found = self._git("status", "--porcelain", "-z", "--ignore-submodules=all", "--no-renames", settings=calm)
        return bool(found)

    def changed_lines(self) -> tuple[ChangedLines, ...]:
        """List what the commit under test changed; empty where its parent is not there, as in a shallow clone."""
        try:
            return read_changes(self._git(*ARGUMENTS))
        except GitFailed:
            return ()

    def settings(self) -> tuple[tuple[str, str], ...]:
        """The repository's own settings in order, keys as git prints them, without what they include."""
        pairs = []
        for entry in split_z(self._git("config", "--list", "--local", "--no-includes", "-z")):
            key, _, value = entry.decode("utf-8", "surrogateescape").partition("\n")
            pairs.append((key, value))
        return tuple(pairs)

    def ignore_rules(self) -> bytes:
        """Ignore rules that lie outside the tree: the repository's `info/exclude`."""
        try:
            return (self.common_dir / "info" / "exclude").read_bytes()
        except OSError:
            return b""

    def _quick(self, *arguments: str) -> bytes:
        return git(*arguments, cwd=self.root, git_dir=self.git_dir, work_tree=self.root, time_limit_s=_HISTORY_LIMIT_S)

    def _git(self, *arguments: str, settings: list[str] | None = None) -> bytes:
        return git(*arguments, cwd=self.root, git_dir=self.git_dir, work_tree=self.root, settings=tuple(settings or ()))


@dataclass(frozen=True, slots=True)
class TrackedPaths:
    """Raw names as git stores them, relative to the root."""

    files: tuple[bytes, ...]
    submodules: tuple[bytes, ...]

    def folders(self) -> frozenset[str]:
        """Every folder that holds a tracked file or submodule, the submodules' own folders included."""
        found: set[str] = set()
        for name in (*self.files, *(module + b"/" for module in self.submodules)):
            folder = os.fsdecode(name).rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)


def find_repository(place: Path) -> Repository | WorkspaceProblem:
    """Find the repository that `place` lies in."""
    if git_program() is None:
        return WorkspaceProblem(ProblemKind.NO_GIT, "git is not installed", "install git and run again")
    try:
        real = place.resolve(strict=True)
        if not real.is_dir():
            return _no_repository(place, "is not a directory")
        next(real.iterdir(), None)
    except OSError as error:
        return from_os_error(error, doing="opening the repository", place=str(place))
    try:
        if _ask(real, "--is-bare-repository") == "true":
            return WorkspaceProblem(
                ProblemKind.BARE,
                f"{place} is a bare repository: it has no files to repair",
                "clone it and use the clone",
            )
        if _ask(real, "--is-inside-work-tree") != "true":
            return _no_repository(place, "lies inside git's own folder")
        root = Path(_ask(real, "--show-toplevel"))
        git_dir, common_dir = (
            Path(_ask(real, "--path-format=absolute", f"--git-{which}")) for which in ("dir", "common-dir")
        )
    except GitFailed as failure:
        if "not a git repository" in failure.stderr:
            return _no_repository(place, "is not inside a git repository")
        return WorkspaceProblem(
            ProblemKind.UNREADABLE,
            f"git can't read the repository at {place}",
            "run `git status` there and mend what it says",
        )
    if not real.is_relative_to(root):
        return _no_repository(place, "has its working tree elsewhere (core.worktree)")
    subdirectory = real.relative_to(root).as_posix()
    return Repository(
        root=root, subdirectory="" if subdirectory == "." else subdirectory, git_dir=git_dir, common_dir=common_dir
    )


def _ask(place: Path, *questions: str) -> str:
    # One question a call: a path may hold a newline, so several answers could not be told apart.
    return os.fsdecode(git("rev-parse", *questions, cwd=place)).removesuffix("\n")


def _no_repository(place: Path, why: str) -> WorkspaceProblem:
    return WorkspaceProblem(
        ProblemKind.NOT_A_REPOSITORY,
        f"{place} {why}",
        "run selfheal on a git checkout, or run `git init` and commit first",
    )
