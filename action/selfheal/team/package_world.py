"""The dependency strategies' view of the world: each question asked of the budget, each run told to the trace."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from selfheal.config import DependencySettings
from selfheal.contract.command import CommandRun
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.executor import Executor
from selfheal.contract.history import Past
from selfheal.contract.packages import (
    Announcement,
    Built,
    Locked,
    NotBuilt,
    Pin,
    Question,
    Registry,
    Solved,
    Tool,
    Unsolved,
)
from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import InvalidEdit, Version
from selfheal.fix.dependencies.advisories import Advisories
from selfheal.fix.dependencies.world import Probe
from selfheal.shell import quoted_program
from selfheal.team.budget import Budget
from selfheal.trace.spans import Tracer

_BUILD_S = 300.0
_ASK_S = 60.0
_KEPT_SHARE = 0.4

Run = Callable[[str, Version, str], Awaitable[CommandRun]]
"""Run a line in a version and an environment, metered and redacted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldPorts:
    """What the world acts through."""

    executor: Executor
    run: Run
    diagnose: Callable[[CommandRun], Diagnosis]
    budget: Budget
    tracer: Tracer
    progress: Callable[[str], None]


@dataclass(slots=True)
class PackageWorld:
    """Implements `fix.dependencies.world.World` on one base version."""

    ports: WorldPorts
    base: Version
    command: str
    """What a probe runs: the failing command without the steps that install."""
    settings: DependencySettings
    registry: Registry = "pypi"
    _probes: dict[tuple[object, str, object], Probe | NotBuilt] = field(default_factory=dict, init=False)
    _advisories: Advisories | None = field(default=None, init=False)

    @property
    def newest(self) -> str | None:
        """The day that counts as today."""
        return self.settings.today

    @property
    def green_day(self) -> str | None:
        """The day that a person named, else the commit's."""
        return self.settings.last_green or self.ports.executor.site.base_day

    @property
    def settled_day(self) -> str | None:
        """From this day on what is published is too young."""
        if not self.settings.min_age_days:
            return self.newest
        today = date.fromisoformat(self.newest) if self.newest else datetime.now(UTC).date()
        return (today - timedelta(days=self.settings.min_age_days)).isoformat()

    @property
    def may_hold_back(self) -> bool:
        """As the configuration says."""
        return self.settings.hold_back

    @property
    def has_time(self) -> bool:
        """False where less than two fifths of the seconds are left: the candidates have to be proved too."""
        return self.ports.budget.seconds_left > _KEPT_SHARE * self.ports.budget.limits.max_seconds

    async def history(self, paths: tuple[str, ...]) -> tuple[Past, ...]:
        """The last few commits that wrote one of these, none of them after the day that a person named."""
        with self.ports.tracer.tool("history") as span:
            found = await self.ports.executor.history(paths, at=self.base, until=self.settings.last_green)
            span.set(selfheal__commits=tuple(one.commit for one in found))
        return found

    async def resolve(self, question: Question) -> Solved | Unsolved:
        """Find the newest versions that fit together."""
        limit = self.ports.budget.permit_command(_BUILD_S)
        with self.ports.tracer.tool("resolve", selfheal__newest=question.newest or "now") as span:
            answer = await self.ports.executor.packages.resolve(question, timeout_s=limit)
            span.set(selfheal__answer=answer.kind)
        return answer

    async def build(self, pins: tuple[Pin, ...], at: Version, *, with_project: bool) -> Built | NotBuilt:
        """Build an environment of exactly these."""
        limit = self.ports.budget.permit_command(_BUILD_S)
        self.ports.progress(f"building an environment of {len(pins)} packages")
        with self.ports.tracer.tool("build", selfheal__packages=len(pins)) as span:
            built = await self.ports.executor.packages.build(pins, at=at, with_project=with_project, timeout_s=limit)
            span.set(selfheal__answer=built.kind)
        return built

    async def probe(
        self, pins: tuple[Pin, ...], *, with_project: bool, edits: tuple[FileEdit, ...] = ()
    ) -> Probe | NotBuilt:
        """Build an environment and run the command in it; what was tried once is remembered."""
        at = self._changed(edits)
        if isinstance(at, InvalidEdit):
            return NotBuilt(message=at.reason)
        key = (pins, at.tree, with_project)
        if key not in self._probes:
            self._probes[key] = await self._probe(pins, at, with_project=with_project)
        return self._probes[key]

    async def _probe(self, pins: tuple[Pin, ...], at: Version, *, with_project: bool) -> Probe | NotBuilt:
        built = await self.build(pins, at, with_project=with_project)
        if isinstance(built, NotBuilt):
            return built
        run = await self.ports.run(self.command, at, built.name)
        return Probe(pins=pins, environment=built.name, run=run, diagnosis=self.ports.diagnose(run))

    async def relock(
        self, tool: Tool, folder: str, edits: tuple[FileEdit, ...], *, newest: str | None = None, lock: str = ""
    ) -> Locked | Unsolved:
        """Let a tool write its lock for the base with these edits."""
        at = self._changed(edits)
        if isinstance(at, InvalidEdit):
            return Unsolved(message=at.reason)
        limit = self.ports.budget.permit_command(_BUILD_S)
        self.ports.progress(f"{tool} resolves the manifest")
        with self.ports.tracer.tool("relock", selfheal__tool=tool) as span:
            answer = await self.ports.executor.packages.relock(
                tool, folder, at=at, newest=newest, timeout_s=limit, lock=lock
            )
            span.set(selfheal__answer=answer.kind)
        return answer

    async def install(self, tool: Tool, folder: str, at: Version) -> Built | NotBuilt:
        """Make an environment of what a version's lock says."""
        limit = self.ports.budget.permit_command(_BUILD_S)
        self.ports.progress(f"{tool} installs")
        with self.ports.tracer.tool("install", selfheal__tool=tool) as span:
            built = await self.ports.executor.packages.install(tool, folder, at=at, timeout_s=limit)
            span.set(selfheal__answer=built.kind)
        return built

    async def install_for(self, tool: Tool, folder: str, at: Version) -> Built | NotBuilt:
        """The same where a version may have no lock: then what the tool resolves today."""
        limit = self.ports.budget.permit_command(_BUILD_S)
        locked = await self.ports.executor.packages.relock(tool, folder, at=at, newest=None, timeout_s=limit)
        if isinstance(locked, Unsolved):
            return NotBuilt(message=locked.message)
        edits = tuple(FileEdit(path=file.path, content=file.text.encode()) for file in locked.files)
        changed = self.ports.executor.change(at, edits, message="lock")
        return (
            NotBuilt(message=changed.reason)
            if isinstance(changed, InvalidEdit)
            else await self.install(tool, folder, changed)
        )

    async def probe_installed(
        self, tool: Tool, folder: str, *, installed: tuple[FileEdit, ...], edits: tuple[FileEdit, ...]
    ) -> Probe | NotBuilt:
        """Install by the lock of the base with `installed`, and run the command on the base with `edits`."""
        source, at = self._changed(installed), self._changed(edits)
        if isinstance(source, InvalidEdit):
            return NotBuilt(message=source.reason)
        if isinstance(at, InvalidEdit):
            return NotBuilt(message=at.reason)
        key = (source.tree, at.tree, tool)
        if key not in self._probes:
            built = await self.install(tool, folder, source)
            if isinstance(built, NotBuilt):
                self._probes[key] = built
            else:
                run = await self.ports.run(self.command, at, built.name)
                self._probes[key] = Probe(pins=(), environment=built.name, run=run, diagnosis=self.ports.diagnose(run))
        return self._probes[key]

    def _changed(self, edits: tuple[FileEdit, ...]) -> Version | InvalidEdit:
        return self.ports.executor.change(self.base, edits, message="probe") if edits else self.base

    async def ask(self, environment: str, program: str) -> str:
        """Run a Python program in a probed environment."""
        limit = self.ports.budget.permit_command(_ASK_S)
        line = f"python -W ignore -c {quoted_program(program)} 2>/dev/null"
        site = self.ports.executor.site
        with self.ports.tracer.tool("ask", selfheal__environment=environment) as span:
            run = await self.ports.executor.run(
                line, at=self.base, level=site.ladder.tightest, timeout_s=limit, environment=environment
            )
            span.set(selfheal__exit_code=run.exit_code)
        return run.output if run.passed else ""

    async def releases(self, name: str) -> tuple[str, ...]:
        """All versions, the newest first."""
        limit = self.ports.budget.permit_command(_ASK_S)
        with self.ports.tracer.tool("releases", selfheal__package=name) as span:
            found = await self.ports.executor.packages.releases(name, registry=self.registry, timeout_s=limit)
            span.set(selfheal__releases=len(found))
        return found

    async def announcements(self, pin: Pin) -> tuple[Announcement, ...]:
        """The change logs of a release."""
        limit = self.ports.budget.permit_command(_ASK_S)
        with self.ports.tracer.tool("announcements", selfheal__pin=str(pin)):
            return await self.ports.executor.packages.announcements(pin, registry=self.registry, timeout_s=limit)

    def is_vulnerable(self, pin: Pin) -> str | None:
        """Ask the database on disk, where one is given."""
        if self.settings.advisories is None:
            return None
        if self._advisories is None:
            self._advisories = Advisories.load(self.settings.advisories, self.registry)
        return self._advisories.against(pin)
