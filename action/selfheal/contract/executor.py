"""What the agents may have done on the runner: typed calls on versions of the tree. No free shell, no open file."""

from typing import Protocol

from selfheal.contract.base import Frozen
from selfheal.contract.command import CommandRun, Transformation
from selfheal.contract.history import Past
from selfheal.contract.packages import Day, PackageHost
from selfheal.contract.patch import FileEdit
from selfheal.contract.sandbox import Ladder, SandboxLevel
from selfheal.contract.suspects import ChangedLines
from selfheal.contract.tree import InvalidEdit, TreeView, Version


class Site(Frozen):
    """The repository under repair, as the executor found it.

    `root` is the original's top folder, `copy_root` that of the working copy: without a mount of its own a command
    names the latter in its output. `subdirectory` is the command's working directory below the top.
    """

    root: str
    copy_root: str
    subdirectory: str
    base: Version
    base_commit: str | None
    is_dirty: bool
    changed_lines: tuple[ChangedLines, ...]
    """What the commit under test changed, where the clone tells."""
    ladder: Ladder
    base_day: str | None = None
    """The day of the commit, as YYYY-MM-DD: the code passed on that day, as far as anybody knows."""


class Executor(Protocol):
    """Owns a working copy of the repository and runs lines in it, one at a time.

    Whatever runs, the tree is put into the version first. What takes more than milliseconds is async.
    """

    @property
    def site(self) -> Site:
        """The facts that don't change."""
        ...

    def view(self, version: Version) -> TreeView:
        """Look into a version."""
        ...

    @property
    def packages(self) -> PackageHost:
        """The package index and throw-away environments."""
        ...

    async def run(
        self, line: str, *, at: Version, level: SandboxLevel, timeout_s: float, environment: str | None = None
    ) -> CommandRun:
        """Run a shell line in the sandbox, to its end or to the limit.

        `environment` is the name of a built one, or `BLANK`; None is the caller's own.
        """
        ...

    async def run_warm(self, line: str, *, at: Version, level: SandboxLevel, timeout_s: float) -> CommandRun | None:
        """Run a line where what it leaves running is there for the next; None where that can't be had."""
        ...

    async def transform(self, line: str, *, at: Version, level: SandboxLevel, timeout_s: float) -> Transformation:
        """Run a rewriting tool, collect its edits, and put the tree back."""
        ...

    def change(self, base: Version, edits: tuple[FileEdit, ...], *, message: str) -> Version | InvalidEdit:
        """Record what the edits make of a version as the next one. All of them, or none."""
        ...

    def edits_between(self, base: Version, head: Version) -> tuple[FileEdit, ...]:
        """Say what differs between two versions, as edits on the first."""
        ...

    async def history(self, paths: tuple[str, ...], *, at: Version, until: Day | None) -> tuple[Past, ...]:
        """The last few commits that wrote one of these manifests or locks, the newest first, as edits on a version.

        `until` is the last day that counts. Other files are not looked up; empty where the clone holds no history.
        """
        ...

    def diff(self, base: Version, head: Version) -> str:
        """Write the patch from one version to another; `git apply` takes it."""
        ...

    def tie_state(self, number: int, version: Version, document: str) -> None:
        """Record a state document beside the version that it is about; append-only."""
        ...

    async def aclose(self) -> None:
        """End everything that runs and remove the working copy. Idempotent."""
        ...
