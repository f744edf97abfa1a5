"""The port through which the dependency strategies act: resolve, build and try, each asked of the budget."""

from dataclasses import dataclass
from typing import Protocol

from selfheal.contract.command import CommandRun
from selfheal.contract.diagnosis import Diagnosis
from selfheal.contract.history import Past
from selfheal.contract.packages import Announcement, Locked, NotBuilt, Pin, Question, Solved, Tool, Unsolved
from selfheal.contract.patch import FileEdit


@dataclass(frozen=True, slots=True)
class Probe:
    """The failing command in a fresh environment of exactly these pins."""

    pins: tuple[Pin, ...]
    environment: str
    run: CommandRun
    diagnosis: Diagnosis

    @property
    def passed(self) -> bool:
        """True when the command said so itself."""
        return self.run.passed


class World(Protocol):
    """What the index and the executor can tell about packages."""

    @property
    def newest(self) -> str | None:
        """The day that counts as today; None is the real one."""
        ...

    @property
    def green_day(self) -> str | None:
        """The last day on which the command is known to have passed: told by a person, else the commit's."""
        ...

    @property
    def settled_day(self) -> str | None:
        """What was published from this day on is too young to be chosen; None where any age will do."""
        ...

    @property
    def may_hold_back(self) -> bool:
        """False where the owner wants the code adapted rather than a release held back."""
        ...

    @property
    def has_time(self) -> bool:
        """False where what is left of the budget belongs to those who come after."""
        ...

    async def history(self, paths: tuple[str, ...]) -> tuple[Past, ...]:
        """The last few commits that wrote one of these, the newest first; none after a green day that was told."""
        ...

    async def resolve(self, question: Question) -> Solved | Unsolved:
        """Find the newest versions that fit together."""
        ...

    async def probe(
        self, pins: tuple[Pin, ...], *, with_project: bool, edits: tuple[FileEdit, ...] = ()
    ) -> Probe | NotBuilt:
        """Build an environment and run the command in it, on the base with these edits."""
        ...

    async def relock(
        self, tool: Tool, folder: str, edits: tuple[FileEdit, ...], *, newest: str | None = None, lock: str = ""
    ) -> Locked | Unsolved:
        """Let a tool write its lock for the base with these edits."""
        ...

    async def probe_installed(
        self, tool: Tool, folder: str, *, installed: tuple[FileEdit, ...], edits: tuple[FileEdit, ...]
    ) -> Probe | NotBuilt:
        """Install by the lock of the base with `installed`, and run the command on the base with `edits`."""
        ...

    async def ask(self, environment: str, program: str) -> str:
        """Run a Python program in an environment that was probed; what it printed, empty where it failed."""
        ...

    async def releases(self, name: str) -> tuple[str, ...]:
        """All versions, the newest first; empty where the index does not know the name."""
        ...

    async def announcements(self, pin: Pin) -> tuple[Announcement, ...]:
        """The change logs of a release."""
        ...

    def is_vulnerable(self, pin: Pin) -> str | None:
        """The advisory that speaks against a version, where a database is at hand."""
        ...
