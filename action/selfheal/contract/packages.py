"""What the agents may ask of the package index and of throw-away environments: typed calls, no free shell.

The side that holds the toolchain answers them. Names, versions and requirement lines are checked there again: what is
no plain requirement of the index is refused, whoever asks.
"""

import re
from typing import Annotated, Literal, Protocol

from pydantic import Field, StringConstraints

from selfheal.contract.base import Frozen
from selfheal.contract.tree import Version

Name = Annotated[
    str, StringConstraints(pattern=r"^(@[A-Za-z0-9][\w.-]{0,100}/)?[A-Za-z0-9]([A-Za-z0-9._/-]{0,200}[A-Za-z0-9])?$")
]
"""A distribution's name (PEP 508), a package's of npm with its scope, a module's of Go, a crate's."""
Release = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.!+_-]{0,60}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")]
Registry = Literal["pypi", "npm", "go", "crates"]
Tool = Literal["npm", "pnpm", "yarn", "uv", "poetry", "pdm", "pip-compile", "uv pip compile", "go", "cargo"]
"""What writes a lock file and installs by it."""
BLANK = "blank"
"""The environment that holds an interpreter and its installer alone, is made for one run, and may be written to. A
command that installs by itself finds nothing of the caller's in it, node_modules included."""


class Pin(Frozen):
    """One version of one distribution."""

    name: Name
    version: Release

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


class Question(Frozen):
    """Which versions serve `lines` within `constraints`? Both are requirement lines without URLs, paths or options.

    `newest` is a day: nothing that was published from then on is seen.
    """

    lines: tuple[Annotated[str, Field(max_length=1000)], ...]
    constraints: tuple[Annotated[str, Field(max_length=1000)], ...] = ()
    newest: Day | None = None


class Resolved(Frozen):
    """A pin and who wanted it; a name is the manifest's own wish where `wanted_by` is empty."""

    pin: Pin
    wanted_by: tuple[str, ...] = ()


class Solved(Frozen):
    """The answer."""

    kind: Literal["solved"] = "solved"
    packages: tuple[Resolved, ...]

    def version(self, name: str) -> str | None:
        """The version of a distribution, None where it is not among them."""
        return next((one.pin.version for one in self.packages if canonical(one.pin.name) == canonical(name)), None)

    @property
    def pins(self) -> tuple[Pin, ...]:
        """All pins, in the order of their names."""
        return tuple(one.pin for one in self.packages)


class Unsolved(Frozen):
    """There is no answer; `message` is the resolver's own, shortened."""

    kind: Literal["unsolved"] = "unsolved"
    message: str


class Built(Frozen):
    """An environment that lives as long as the executor. `name` is what a run asks for, `path` where it lies."""

    kind: Literal["built"] = "built"
    name: str
    path: str
    wall_s: float


class NotBuilt(Frozen):
    """It could not be built; `message` is the installer's own, shortened."""

    kind: Literal["not_built"] = "not_built"
    message: str


class Announcement(Frozen):
    """A file of a release that tells what changed: its path in the source distribution, and its text."""

    file: str
    text: str


class LockedFile(Frozen):
    """A lock file, or a manifest that the tool wrote itself (go.mod). `path` is relative to the top of the tree."""

    path: Annotated[str, Field(max_length=4096)]
    text: str


class Locked(Frozen):
    """What a tool made of the manifests: every lock file of its own, also where nothing changed."""

    kind: Literal["locked"] = "locked"
    files: tuple[LockedFile, ...]


class PackageHost(Protocol):
    """Resolves, builds and looks up, with the index that the machine's owner configured."""

    async def resolve(self, question: Question, *, timeout_s: float) -> Solved | Unsolved:
        """Find the newest versions that fit together."""
        ...

    async def build(
        self, pins: tuple[Pin, ...], *, at: Version, with_project: bool, timeout_s: float
    ) -> Built | NotBuilt:
        """Install exactly these, and the project of that version itself where it is wanted."""
        ...

    async def relock(
        self, tool: Tool, folder: str, *, at: Version, newest: Day | None, timeout_s: float, lock: str = ""
    ) -> Locked | Unsolved:
        """Let a tool write its lock for the manifests of a version, changing as little as it can.

        `lock` is the path of the lock, for tools that call it whatever they are told to.
        """
        ...

    async def install(self, tool: Tool, folder: str, *, at: Version, timeout_s: float) -> Built | NotBuilt:
        """Make an environment of what the lock of a version says, by its own tool; no script of a package runs free."""
        ...

    async def releases(self, name: str, *, registry: Registry = "pypi", timeout_s: float) -> tuple[str, ...]:
        """All versions of a package, the newest first; empty where the registry does not know it."""
        ...

    async def announcements(
        self, pin: Pin, *, registry: Registry = "pypi", timeout_s: float
    ) -> tuple[Announcement, ...]:
        """The change logs that a release itself holds; empty where there is none."""
        ...


def canonical(name: str) -> str:
    """A name as the index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
