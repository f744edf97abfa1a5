"""Try sets of versions for one manifest: resolve, build, run the command."""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from selfheal.contract.history import Past
from selfheal.contract.packages import NotBuilt, Pin, Question, Resolved, Solved, Unsolved, canonical
from selfheal.contract.patch import FileEdit
from selfheal.contract.tree import TreeView
from selfheal.fix.dependencies.edits import EditedTree, added_edits, held_edits
from selfheal.fix.dependencies.locks import locked_pins
from selfheal.fix.dependencies.plan import Plan, Wanted
from selfheal.fix.dependencies.versions import day_after, is_pin, unlimited
from selfheal.fix.dependencies.world import Probe, World

_MOST_PROBES = 40


@dataclass(slots=True)
class Bench(ABC):
    """Tries sets of versions for the manifests of a plan with `edits`, and counts the environments."""

    world: World
    plan: Plan
    tree: TreeView
    edits: tuple[FileEdit, ...] = ()
    builds: int = 0
    lock_edits: tuple[FileEdit, ...] = ()

    def with_edits(self, edits: tuple[FileEdit, ...]) -> Self:
        """The same for other manifests. It counts for itself."""
        return type(self)(self.world, self.plan, self.tree, edits)

    @abstractmethod
    async def settle(self) -> Solved | Unsolved:
        """Resolve as the project's own installer does, with its lock brought up to date where it has one.

        What that changed in the lock is in `lock_edits` then.
        """

    @property
    def recorded(self) -> tuple[str, ...]:
        """The files whose earlier versions tell what was installed then."""
        lock = (self.plan.lock.path,) if self.plan.lock is not None else ()
        read = (path for path, _ in self.plan.wanted(self.tree).readings)
        return tuple(dict.fromkeys((*lock, *self.plan.files, *read)))

    @property
    @abstractmethod
    def is_exact(self) -> bool:
        """True where those files name exact versions, so that nobody has to guess at a day."""

    @abstractmethod
    async def recall(self, past: Past) -> Solved | Unsolved:
        """What was installed when a commit's manifests and lock were the present ones."""

    @property
    def edited(self) -> EditedTree:
        """The tree with the edits."""
        return EditedTree(self.tree, self.edits)

    @abstractmethod
    async def solve(
        self, *, also: Iterable[str] = (), within: Iterable[str] = (), newest: str | None = None
    ) -> Solved | Unsolved:
        """Resolve with more wishes and constraints, by default as of now."""

    @abstractmethod
    async def run(self, solved: Solved) -> Probe | NotBuilt:
        """Run the command in an environment of these versions."""

    async def passes(self, *, also: Iterable[str] = (), within: Iterable[str] = ()) -> bool | None:
        """Resolve and run; None where there are no such versions or they can't be built."""
        probe = await self.probe(also=also, within=within)
        return None if probe is None else probe.passed

    async def probe(self, *, also: Iterable[str] = (), within: Iterable[str] = ()) -> Probe | None:
        """As `passes`, with what the command said."""
        solved = await self.solve(also=also, within=within)
        if isinstance(solved, Unsolved) or self.builds >= _MOST_PROBES or not self.world.has_time:
            return None
        probe = await self.run(solved)
        return None if isinstance(probe, NotBuilt) else probe

    def _changed_files(self, files: Iterable[tuple[str, str]]) -> tuple[FileEdit, ...]:
        """Edits that write these, as far as they differ from what the tree has."""
        made = [FileEdit(path=path, content=text.encode()) for path, text in files]
        return tuple(edit for edit in made if self.edited.read(edit.path) != edit.content)


@dataclass(slots=True)
class PythonBench(Bench):
    """Resolves by uv, within the versions of the project's lock where it has one."""

    _wanted: Wanted | None = field(default=None, init=False)

    @property
    def wanted(self) -> Wanted:
        """What the edited manifests ask for."""
        if self._wanted is None:
            self._wanted = self.plan.wanted(self.edited)
        return self._wanted

    @property
    def is_exact(self) -> bool:
        """True with a lock, and with pins among the wishes."""
        return self.plan.lock is not None or any(is_pin(wish.specifier) for wish in self.wanted.wishes)

    async def recall(self, past: Past) -> Solved | Unsolved:
        """Exactly what a lock named; without one what the manifests asked for, as of the commit's day."""
        then = self.with_edits(past.edits)
        if self.plan.lock is None:
            answer = await then.solve(newest=day_after(past.day))
            # A private index may tell no days; what is pinned is known without.
            return answer if isinstance(answer, Solved) or not then.is_exact else await then.solve()
        pins = then._pins()
        if not pins:
            return Unsolved(message=f"{self.plan.lock.path} of {past.commit} names no versions")
        return await then._within(pins, lines=then.wanted.lines, limits=then.wanted.constraint_lines)

    async def settle(self) -> Solved | Unsolved:
        """Resolve within the lock, written anew by its own tool where the manifests changed or it no longer fits."""
        lock = self.plan.lock
        if lock is None:
            return await self.solve()
        if self.edits or self.plan.is_lock_stale:
            told = await self.world.relock(lock.tool, lock.folder, self.edits, lock=lock.path)
            if isinstance(told, Unsolved):
                return told
            self.lock_edits = self._changed_files((file.path, file.text) for file in told.files)
        return await self.solve()

    async def solve(
        self, *, also: Iterable[str] = (), within: Iterable[str] = (), newest: str | None = None
    ) -> Solved | Unsolved:
        """Resolve with more wishes and constraints; what manifests and lock say of the same packages gives way."""
        held = {_named(line) for line in within}
        lines = tuple(unlimited(line) if _named(line) in held else line for line in self.wanted.lines) + tuple(also)
        limits = tuple(line for line in self.wanted.constraint_lines if _named(line) not in held) + tuple(within)
        pins = self._pins() if newest is None else ()
        if pins:
            free = held | {_named(line) for line in also}
            kept = tuple(pin for pin in pins if canonical(pin.name) not in free)
            answer = await self._within(kept, lines=lines, limits=limits)
            if isinstance(answer, Solved):
                return answer
        return await self.world.resolve(Question(lines=lines, constraints=limits, newest=newest or self.world.newest))

    async def _within(
        self, pins: tuple[Pin, ...], *, lines: tuple[str, ...], limits: tuple[str, ...]
    ) -> Solved | Unsolved:
        """Resolve within the versions of a lock. Where it names two of a package, either will do."""
        counts = Counter(canonical(pin.name) for pin in pins)
        held = tuple(f"{pin.name}=={pin.version}" for pin in pins if counts[canonical(pin.name)] == 1)
        return await self.world.resolve(Question(lines=lines, constraints=(*limits, *held), newest=self.world.newest))

    async def run(self, solved: Solved) -> Probe | NotBuilt:
        """Run the command in an environment of these versions."""
        self.builds += 1
        return await self.world.probe(solved.pins, with_project=self.wanted.with_project, edits=self.edits)

    def _pins(self) -> tuple[Pin, ...]:
        lock = self.plan.lock
        raw = EditedTree(self.edited, self.lock_edits).read(lock.path) if lock is not None else None
        return locked_pins(lock.path, raw.decode("utf-8", "replace")) if lock is not None and raw is not None else ()


def _named(line: str) -> str:
    match = re.match(r"[A-Za-z0-9][\w.-]*", line.strip())
    return canonical(match[0]) if match is not None else ""


@dataclass(slots=True)
class ToolBench(Bench):
    """Lets npm, pnpm, yarn, Go or Cargo resolve and install; what is held is written into the manifest for a trial."""

    _installs: dict[tuple[Pin, ...], tuple[FileEdit, ...]] = field(default_factory=dict, init=False)

    @property
    def is_exact(self) -> bool:
        """True with a lock."""
        return self.plan.lock is not None

    async def recall(self, past: Past) -> Solved | Unsolved:
        """What the lock of a commit named; it is installed by that lock and the manifests that it belongs to."""
        lock = self.plan.lock
        raw = EditedTree(self.tree, past.edits).read(lock.path) if lock is not None else None
        pins = locked_pins(lock.path, raw.decode("utf-8", "replace")) if lock is not None and raw is not None else ()
        if not pins:
            return Unsolved(message=f"{past.commit} holds no lock that names versions")
        # Versions that are known already are installed as they were.
        self._installs.setdefault(pins, past.edits)
        return _solved(pins)

    async def settle(self) -> Solved | Unsolved:
        """Resolve as the tool does from the lock that is there."""
        solved = await self._solved(self.edits, None)
        if isinstance(solved, Solved) and self.plan.lock is not None:
            self.lock_edits = tuple(edit for edit in self._installs[solved.pins] if edit not in self.edits)
        return solved

    async def solve(
        self, *, also: Iterable[str] = (), within: Iterable[str] = (), newest: str | None = None
    ) -> Solved | Unsolved:
        """Resolve with more wishes and constraints."""
        tree = EditedTree(self.tree, self.edits)
        edits = {edit.path: edit for edit in self.edits}
        for line, is_held in (*((line, False) for line in also), *((line, True) for line in within)):
            made = held_edits(tree, self.plan, line) if is_held else added_edits(tree, self.plan, line)
            if not made:
                return Unsolved(message=f"{line} can't be written into {self.plan.files[0]}")
            edits.update({edit.path: edit for edit in made})
            tree = EditedTree(self.tree, tuple(edits.values()))
        lock = self.plan.lock
        if newest is not None and lock is not None and self.tree.read(lock.path) is not None:
            edits[lock.path] = FileEdit(path=lock.path, content=None)
        return await self._solved(tuple(edits.values()), newest)

    async def run(self, solved: Solved) -> Probe | NotBuilt:
        """Run the command beside what the lock of these versions installs."""
        self.builds += 1
        assert self.plan.tool is not None
        installed = self._installs[solved.pins]
        # Go and Cargo read at every run what npm and its like read when they install.
        edits = installed if self.plan.tool in ("go", "cargo") else self.edits
        return await self.world.probe_installed(self.plan.tool, self.plan.folder, installed=installed, edits=edits)

    async def _solved(self, edits: tuple[FileEdit, ...], newest: str | None) -> Solved | Unsolved:
        assert self.plan.tool is not None
        told = await self.world.relock(self.plan.tool, self.plan.folder, edits, newest=newest)
        if isinstance(told, Unsolved):
            return told
        pins = tuple(pin for file in told.files for pin in locked_pins(file.path, file.text))
        written = {edit.path: edit for edit in edits}
        tree = EditedTree(self.tree, edits)
        for file in told.files:
            if tree.read(file.path) != file.text.encode():
                written[file.path] = FileEdit(path=file.path, content=file.text.encode())
        self._installs[pins] = tuple(written.values())
        return _solved(pins)


def _solved(pins: tuple[Pin, ...]) -> Solved:
    return Solved(packages=tuple(Resolved(pin=pin, wanted_by=()) for pin in pins))
