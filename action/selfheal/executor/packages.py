"""Throw-away environments and questions to the package index, on the runner's side.

Wheels are fetched and hard-linked by uv outside of the sandbox, from a cache that lasts, with building switched off: so
nothing foreign runs there. What must be built is built in the sandbox, with a cache of its own that dies with the
executor: a build script of one repository can't leave anything in another's environment.

What other tools than uv and pip lock and install is in `toolchains.py`.
"""

import asyncio
import contextlib
import re
import shlex
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from selfheal.contract.packages import (
    Announcement,
    Built,
    Day,
    Locked,
    NotBuilt,
    Pin,
    Question,
    Registry,
    Solved,
    Tool,
    Unsolved,
    canonical,
)
from selfheal.contract.tree import TreeView, Version
from selfheal.executor.environments import Activation, Environments, python_activation
from selfheal.executor.installer import (
    Called,
    HeldRun,
    InstallerMissing,
    RewritingRun,
    call,
    uv_environment,
    uv_program,
)
from selfheal.executor.interpreter import base_interpreter
from selfheal.executor.registries import Registries
from selfheal.executor.requirement_lists import is_plain, read_pins, shortened, write_lists
from selfheal.executor.source_archives import change_logs
from selfheal.executor.toolchains import Toolchains
from selfheal.workspace.scratch import remove_tree

_BUILD_WANTED = re.compile(
    r"(?:have no (?:usable )?wheels|[Bb]uilding source distributions|building from source is disabled|--no-build)"
)
_UNBUILDABLE = re.compile(r"`([A-Za-z0-9][A-Za-z0-9._-]*)(?:==[^`]*)?`[^`\n]{0,80}(?:no-build|building|wheel)")
_VERSIONS = re.compile(r"^Available versions: (.*)$", re.MULTILINE)


@dataclass(slots=True)
class LocalPackages:
    """Implements `contract.packages.PackageHost`. Nothing is made before the first call."""

    environments: Environments
    environment: Mapping[str, str]
    original: Path
    held: HeldRun
    rewriting: RewritingRun
    view: Callable[[Version], TreeView]
    _releases: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False)
    _solved: dict[Question, Solved | Unsolved] = field(default_factory=dict, init=False)
    _python: Path | None = field(default=None, init=False)
    _installer: Path | None = field(default=None, init=False)

    async def resolve(self, question: Question, *, timeout_s: float) -> Solved | Unsolved:
        """Find the newest versions that fit together: among wheels, and source distributions where they are needed."""
        if (known := self._solved.get(question)) is not None:
            return known
        for line in (*question.lines, *question.constraints):
            if not is_plain(line):
                return Unsolved(message=f"{line.strip()[:100]!r} is no plain requirement of the index")
        try:
            answer = await self._resolve(question, timeout_s)
        except InstallerMissing as missing:
            return Unsolved(message=str(missing))
        self._solved[question] = answer
        return answer

    async def build(
        self, pins: tuple[Pin, ...], *, at: Version, with_project: bool, timeout_s: float
    ) -> Built | NotBuilt:
        """Install exactly these into a new environment."""
        began = time.monotonic()
        if (odd := next((pin for pin in pins if not is_plain(str(pin))), None)) is not None:
            return NotBuilt(message=f"{str(odd)!r} is no plain requirement of the index")
        try:
            name, place = await self._new_environment(seed=False, timeout_s=timeout_s)
            if pins and (fault := await self._install(place, pins, at, timeout_s)) is not None:
                return NotBuilt(message=fault)
        except InstallerMissing as missing:
            return NotBuilt(message=str(missing))
        if with_project and (fault := await self._install_project(place, at, timeout_s)) is not None:
            return NotBuilt(message=fault)
        # What tox or a script installs for itself is held at the same versions.
        limits = place / "selfheal-constraints.txt"
        limits.write_text("".join(f"{pin}\n" for pin in pins), encoding="utf-8")
        held = {"PIP_CONSTRAINT": str(limits), "UV_CONSTRAINT": str(limits), "TOX_RECREATE": "true"}
        known = python_activation(place)
        self.environments.remember(name, replace(known, variables={**known.variables, **held}))
        return Built(name=name, path=str(place), wall_s=time.monotonic() - began)

    async def relock(
        self, tool: Tool, folder: str, *, at: Version, newest: Day | None, timeout_s: float, lock: str = ""
    ) -> Locked | Unsolved:
        """Let a tool write its lock."""
        try:
            return await self._toolchains.relock(tool, folder, at=at, newest=newest, timeout_s=timeout_s, lock=lock)
        except InstallerMissing as missing:
            return Unsolved(message=str(missing))

    async def install(self, tool: Tool, folder: str, *, at: Version, timeout_s: float) -> Built | NotBuilt:
        """Make an environment of what a lock says."""
        try:
            return await self._toolchains.install(tool, folder, at=at, timeout_s=timeout_s)
        except InstallerMissing as missing:
            return NotBuilt(message=str(missing))

    async def releases(self, name: str, *, registry: Registry = "pypi", timeout_s: float) -> tuple[str, ...]:
        """Ask pip, from an environment of its own, which versions there are for this interpreter."""
        if registry != "pypi":
            return await self._registries.releases(name, registry, timeout_s=timeout_s)
        key = canonical(name)
        if key not in self._releases:
            if self._installer is None:
                _, self._installer = await self._new_environment(seed=True, timeout_s=timeout_s)
            arguments = (str(self._installer / "bin/python"), "-m", "pip", "index", "versions", "--", key)
            told = await call(arguments, environment=self.environment, folder=self._installer, timeout_s=timeout_s)
            found = _VERSIONS.search(told.output)
            self._releases[key] = tuple(found[1].split(", ")) if told.exit_code == 0 and found else ()
        return self._releases[key]

    async def announcements(
        self, pin: Pin, *, registry: Registry = "pypi", timeout_s: float
    ) -> tuple[Announcement, ...]:
        """Unpack the release's source distribution and read its change logs; nothing of it is built or run."""
        if registry != "pypi":
            return await self._registries.announcements(pin, registry, timeout_s=timeout_s)
        with contextlib.suppress(InstallerMissing):
            _, place = await self._new_environment(seed=False, timeout_s=timeout_s)
            cache = place.parent / f"{place.name}-source"
            # Without a build back end in the environment uv stops after unpacking, before anything runs.
            arguments = ("pip", "install", "--no-deps", "--no-build-isolation", "--no-binary", canonical(pin.name))
            line = (uv_program(), *arguments, "--python", str(place / "bin/python"), str(pin))
            wanted = uv_environment(self.environment, cache)
            await call(line, environment=wanted, folder=place, timeout_s=timeout_s)
            return await asyncio.to_thread(change_logs, cache, pin.version)
        return ()

    @contextlib.asynccontextmanager
    async def blank(self, *, timeout_s: float) -> AsyncIterator[Path]:
        """An interpreter with pip in a folder of its own, for one run of a command that installs by itself."""
        _, place = await self._new_environment(seed=True, timeout_s=timeout_s)
        try:
            yield place
        finally:
            await asyncio.to_thread(remove_tree, place)

    def find(self, name: str) -> Activation | None:
        """How a run uses an environment; None for a name that was not given out here."""
        return self.environments.find(name)

    def close(self) -> None:
        """Remove everything. Idempotent."""
        self.environments.close()

    async def _resolve(self, question: Question, timeout_s: float) -> Solved | Unsolved:
        folder = self._folder()
        lists = write_lists(folder / f"question-{len(self._solved)}", question)
        arguments = (
            *("pip", "compile", str(lists / "requirements.in"), "--constraint", str(lists / "constraints.txt")),
            *("--python", str(self._interpreter), "--no-header", "--annotation-style", "line", "--quiet"),
            *(("--exclude-newer", question.newest) if question.newest else ()),
        )
        told = await self._uv((*arguments, "--no-build"), timeout_s)
        if told.exit_code and _BUILD_WANTED.search(told.message):
            told = await self._uv_held(arguments, None, timeout_s)
        if told.exit_code:
            return Unsolved(message=shortened(told.message, lists))
        return Solved(packages=tuple(read_pins(told.output)))

    async def _install(self, place: Path, pins: tuple[Pin, ...], at: Version, timeout_s: float) -> str | None:
        """Wheels outside of the sandbox; what has none inside of it. Says what went wrong."""
        python, left, built = str(place / "bin/python"), list(pins), []
        while True:
            lines = "\n".join(map(str, left)) + "\n"
            common = ("pip", "install", "--quiet", "--no-deps", "--python", python)
            told = await self._uv((*common, "--no-build", "-r", "-"), timeout_s, given=lines)
            if not told.exit_code:
                break
            named = {canonical(name) for name in _UNBUILDABLE.findall(told.message)}
            sources = [pin for pin in left if canonical(pin.name) in named]
            if not sources:
                return told.message
            left = [pin for pin in left if pin not in sources]
            built += sources
        if built:
            wheels = ("pip", "install", "--quiet", "--no-deps", "--python", python)
            told = await self._uv_held((*wheels, *map(str, built)), at, timeout_s)
            return told.message if told.exit_code else None
        return None

    async def _install_project(self, place: Path, at: Version, timeout_s: float) -> str | None:
        common = ("pip", "install", "--quiet", "--no-deps", "--python", str(place / "bin/python"), "--editable", ".")
        told = await self._uv_held(common, at, timeout_s)
        return told.message if told.exit_code else None

    async def _uv(self, arguments: tuple[str, ...], timeout_s: float, *, given: str = "") -> Called:
        wanted = uv_environment(self.environment, self.environments.root / "uv")
        line = (uv_program(), *arguments)
        return await call(line, environment=wanted, folder=self._folder(), timeout_s=timeout_s, given=given)

    async def _uv_held(self, arguments: tuple[str, ...], at: Version | None, timeout_s: float) -> Called:
        """Call uv in the sandbox, where build scripts may run. Its cache lasts as long as the environments."""
        folder = self._folder()
        fixed = uv_environment({}, folder / "uv")
        settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in fixed.items())
        line = f"env {settings} {shlex.join((uv_program(), *arguments))}"
        run = await self.held(line, folder, at or _NOWHERE, timeout_s)
        return Called(run.exit_code, run.output, run.output if run.exit_code else "")

    async def _new_environment(self, *, seed: bool, timeout_s: float) -> tuple[str, Path]:
        name, place = self.environments.new_place()
        arguments = ("venv", "--quiet", "--python", str(self._interpreter), *(("--seed",) if seed else ()), name)
        told = await self._uv(arguments, timeout_s)
        if told.exit_code:
            raise InstallerMissing(f"an environment could not be made: {told.message}")
        self.environments.remember(name, python_activation(place))
        return name, place

    @property
    def _interpreter(self) -> Path:
        if self._python is None:
            self._python = base_interpreter(self.environment, apart_from=self.original)
        return self._python

    def _folder(self) -> Path:
        return self.environments.folder()

    @property
    def _toolchains(self) -> Toolchains:
        return Toolchains(
            environments=self.environments,
            environment=self.environment,
            original=self.original,
            held=self.held,
            rewriting=self.rewriting,
            view=self.view,
            python_tool=self._python_tool,
        )

    @property
    def _registries(self) -> Registries:
        return Registries(environments=self.environments, environment=self.environment, original=self.original)

    async def _python_tool(self, lines: tuple[str, ...], timeout_s: float) -> Path:
        """An environment that holds a Python program from the index, such as poetry. Raises InstallerMissing."""
        solved = await self.resolve(Question(lines=lines), timeout_s=timeout_s)
        if isinstance(solved, Unsolved):
            raise InstallerMissing(f"{lines[0]} can't be had: {solved.message}")
        _, place = await self._new_environment(seed=False, timeout_s=timeout_s)
        if (fault := await self._install(place, solved.pins, _NOWHERE, timeout_s)) is not None:
            raise InstallerMissing(f"{lines[0]} could not be installed: {fault}")
        return place


_NOWHERE = Version(number=0, commit="", tree="", message="")
"""For runs that don't look at the tree."""
