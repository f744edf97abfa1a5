"""The executor in this process: a workspace, a sandbox, and a shell that may stay warm."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from selfheal.config import packages_dir
from selfheal.contract.command import CommandRun, Transformation
from selfheal.contract.executor import Site
from selfheal.contract.history import Past
from selfheal.contract.packages import BLANK, Day
from selfheal.contract.patch import FileEdit
from selfheal.contract.sandbox import Ladder, SandboxLevel
from selfheal.contract.tree import InvalidEdit, TreeView, Version
from selfheal.errors import SelfhealError
from selfheal.executor.environments import Environments, python_activation
from selfheal.executor.installer import has_installer
from selfheal.executor.packages import LocalPackages
from selfheal.executor.within import clear_installed, uncover, within_environment, without_installed, without_sync_off
from selfheal.fix.dependencies.plan import is_manifest
from selfheal.shell import calls_python
from selfheal.verify import Limits, SandboxedRunner, SandboxTree, WarmShell
from selfheal.workspace import Landed, LandingRefused, Workspace, WorkspaceProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorSettings:
    """How the commands are held. `environment` must be scrubbed; `hidden` places are out of their sight."""

    environment: Mapping[str, str]
    ladder: Ladder
    scratch_parent: Path
    warm_longest_s: float
    """How long a shell may stay up between two candidates."""
    limits: Limits = field(default_factory=Limits)
    hidden: tuple[Path, ...] = ()
    packages_dir: Path = field(default_factory=packages_dir)
    """Where wheels are cached and throw-away environments lie."""


class EnvironmentUnknown(SelfhealError):
    """A run asked for an environment that was not built here."""


class LocalExecutor:
    """Implements `contract.executor.Executor` on a workspace that it owns."""

    def __init__(self, workspace: Workspace, settings: ExecutorSettings) -> None:
        self._workspace = workspace
        self._warm_longest_s = settings.warm_longest_s
        self._warm: WarmShell | None = None
        place = SandboxTree(
            tree=workspace.tree,
            original=workspace.root,
            private=workspace.private,
            subdirectory=workspace.subdirectory,
            linked_dirs=workspace.linked_dirs,
            shared=workspace.shared_objects,
            hidden=(workspace.scratch, *settings.hidden),
        )
        self._runner = SandboxedRunner(
            level=settings.ladder.tightest, place=place, environment=settings.environment, limits=settings.limits
        )
        self._site = Site(
            root=str(workspace.root),
            copy_root=str(workspace.tree),
            subdirectory=workspace.subdirectory,
            base=workspace.head,
            base_commit=workspace.base_commit,
            is_dirty=workspace.is_dirty,
            changed_lines=workspace.changed_lines,
            ladder=settings.ladder,
            base_day=workspace.base_day,
        )
        self._packages = LocalPackages(
            environments=Environments(settings.packages_dir),
            environment=settings.environment,
            original=workspace.root,
            held=self._run_held,
            rewriting=self._rewrite_held,
            view=workspace.view,
        )

    @classmethod
    def open(cls, repo: Path, settings: ExecutorSettings) -> "LocalExecutor | WorkspaceProblem":
        """Copy the repository's working tree."""
        workspace = Workspace.open(repo, scratch_parent=settings.scratch_parent)
        return workspace if isinstance(workspace, WorkspaceProblem) else cls(workspace, settings)

    @property
    def site(self) -> Site:
        """The facts that don't change."""
        return self._site

    def view(self, version: Version) -> TreeView:
        """Look into a version."""
        return self._workspace.view(version)

    @property
    def packages(self) -> LocalPackages:
        """The package index and throw-away environments."""
        return self._packages

    async def run(
        self, line: str, *, at: Version, level: SandboxLevel, timeout_s: float, environment: str | None = None
    ) -> CommandRun:
        """Run a shell line in the sandbox, to its end or to the limit. Raises EnvironmentUnknown."""
        self._workspace.restore(at)
        runner = self._runner.at(level)
        if environment is None:
            return await runner.run(line, timeout_s=timeout_s)
        if environment == BLANK:
            return await self._run_blank(runner, line, timeout_s)
        if (found := self._packages.find(environment)) is None:
            raise EnvironmentUnknown(f"there is no environment {environment!r} here")
        within = within_environment(runner, found)
        try:
            return await within.run(line, timeout_s=timeout_s)
        finally:
            uncover(within.place)

    async def _run_blank(self, runner: SandboxedRunner, line: str, timeout_s: float) -> CommandRun:
        """Give a command that installs by itself nothing of the caller's, and a place for what it fetches."""
        bare = without_installed(runner)
        async with contextlib.AsyncExitStack() as stack:
            if has_installer() and calls_python(line):
                place = await stack.enter_async_context(self._packages.blank(timeout_s=timeout_s))
                found = python_activation(place)
                bare = within_environment(bare, replace(found, variables=without_sync_off(found.variables)))
                bare = replace(bare, place=replace(bare.place, writable=(place,)))
            try:
                return await bare.run(line, timeout_s=timeout_s)
            finally:
                await asyncio.to_thread(clear_installed, bare.place)

    async def _run_held(self, line: str, folder: Path, at: Version, timeout_s: float) -> CommandRun:
        """For build scripts: the loosest sandbox that there is, and one folder that they may write to."""
        if at.commit:
            self._workspace.restore(at)
        levels = [level for level in self._site.ladder.levels if level.has_bwrap]
        runner = self._runner.at(levels[-1] if levels else self._site.ladder.loosest)
        place = replace(runner.place, writable=(folder,))
        top = place.original if runner.level.has_bwrap else place.tree
        environment = {**runner.environment, "SELFHEAL_TOP": str(top)}
        return await replace(runner, place=place, environment=environment).run(line, timeout_s=timeout_s)

    async def _rewrite_held(self, line: str, folder: Path, at: Version, timeout_s: float) -> Transformation:
        run = await self._run_held(line, folder, at, timeout_s)
        edits = self._workspace.changed_since(at)
        self._workspace.restore(at)
        return Transformation(run=run, edits=edits)

    async def run_warm(self, line: str, *, at: Version, level: SandboxLevel, timeout_s: float) -> CommandRun | None:
        """Run a line where what it leaves running is there for the next; None where that can't be had."""
        self._workspace.restore(at)
        if self._warm is None or self._warm.runner.level is not level:
            await self._end_warm()
            self._warm = WarmShell(self._runner.at(level), longest_s=self._warm_longest_s)
        return await self._warm.run(line, timeout_s=timeout_s)

    async def transform(self, line: str, *, at: Version, level: SandboxLevel, timeout_s: float) -> Transformation:
        """Run a rewriting tool, collect its edits, and put the tree back."""
        run = await self.run(line, at=at, level=level, timeout_s=timeout_s)
        edits = self._workspace.changed_since(at)
        self._workspace.restore(at)
        return Transformation(run=run, edits=edits)

    def change(self, base: Version, edits: tuple[FileEdit, ...], *, message: str) -> Version | InvalidEdit:
        """Record what the edits make of a version as the next one. All of them, or none."""
        self._workspace.restore(base)
        tree = self._workspace.apply(edits)
        return tree if isinstance(tree, InvalidEdit) else self._workspace.record(message)

    def edits_between(self, base: Version, head: Version) -> tuple[FileEdit, ...]:
        """Say what differs between two versions, as edits on the first."""
        return self._workspace.edits_between(base, head)

    async def history(self, paths: tuple[str, ...], *, at: Version, until: Day | None) -> tuple[Past, ...]:
        """The last few commits that wrote one of these manifests or locks, as edits on a version."""
        known = tuple(path for path in dict.fromkeys(paths) if is_manifest(path))
        found = await asyncio.to_thread(self._workspace.past, known, until=until)
        view = self.view(at)
        return tuple(
            Past(
                commit=one.commit,
                day=one.day,
                edits=tuple(FileEdit(path=p, content=text) for p, text in one.contents if view.read(p) != text),
            )
            for one in found
        )

    def diff(self, base: Version, head: Version) -> str:
        """Write the patch from one version to another; `git apply` takes it."""
        return self._workspace.diff(base, head)

    def tie_state(self, number: int, version: Version, document: str) -> None:
        """Record a state document beside the version that it is about; append-only."""
        self._workspace.tie_state(number, version, document)

    def apply_to(self, repo: Path, diff: str, *, apart_from: tuple[Path, ...] = ()) -> Landed | LandingRefused:
        """Apply a patch to the user's own tree; see `Workspace.apply_to`."""
        return self._workspace.apply_to(repo, diff, apart_from=apart_from)

    async def aclose(self) -> None:
        """End everything that runs and remove the working copy. Idempotent."""
        await self._end_warm()
        self._packages.close()
        self._workspace.close()

    async def _end_warm(self) -> None:
        if self._warm is not None:
            warm, self._warm = self._warm, None
            await warm.aclose()
