"""The package host of another process, reached over the executor's socket."""

from typing import TYPE_CHECKING

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
)
from selfheal.contract.tree import Version
from selfheal.executor.calling import lasting, reply_of
from selfheal.executor.wire import (
    AnnouncementsCall,
    AnnouncementsReply,
    BuildCall,
    BuildReply,
    InstallCall,
    ReleasesCall,
    ReleasesReply,
    RelockCall,
    RelockReply,
    ResolveCall,
    ResolveReply,
)

if TYPE_CHECKING:
    import httpx


class RemotePackages:
    """Implements `contract.packages.PackageHost`."""

    def __init__(self, client: "httpx.AsyncClient") -> None:
        self._client = client

    async def resolve(self, question: Question, *, timeout_s: float) -> Solved | Unsolved:
        """Find the newest versions that fit together."""
        call = ResolveCall(question=question, timeout_s=timeout_s)
        return reply_of(await lasting(self._client, "resolve", call, timeout_s=timeout_s), ResolveReply).answer

    async def build(
        self, pins: tuple[Pin, ...], *, at: Version, with_project: bool, timeout_s: float
    ) -> Built | NotBuilt:
        """Install exactly these into a new environment of the runner's."""
        call = BuildCall(pins=pins, at=at, with_project=with_project, timeout_s=timeout_s)
        return reply_of(await lasting(self._client, "build", call, timeout_s=timeout_s), BuildReply).answer

    async def relock(
        self, tool: Tool, folder: str, *, at: Version, newest: Day | None, timeout_s: float, lock: str = ""
    ) -> Locked | Unsolved:
        """Let a tool write its lock on the runner's side."""
        call = RelockCall(tool=tool, folder=folder, at=at, newest=newest, timeout_s=timeout_s, lock=lock)
        return reply_of(await lasting(self._client, "relock", call, timeout_s=timeout_s), RelockReply).answer

    async def install(self, tool: Tool, folder: str, *, at: Version, timeout_s: float) -> Built | NotBuilt:
        """Make an environment of the runner's of what a lock says."""
        call = InstallCall(tool=tool, folder=folder, at=at, timeout_s=timeout_s)
        return reply_of(await lasting(self._client, "install", call, timeout_s=timeout_s), BuildReply).answer

    async def releases(self, name: str, *, registry: Registry = "pypi", timeout_s: float) -> tuple[str, ...]:
        """All versions of a package, the newest first."""
        call = ReleasesCall(name=name, registry=registry, timeout_s=timeout_s)
        return reply_of(await lasting(self._client, "releases", call, timeout_s=timeout_s), ReleasesReply).versions

    async def announcements(
        self, pin: Pin, *, registry: Registry = "pypi", timeout_s: float
    ) -> tuple[Announcement, ...]:
        """The change logs in a release."""
        call = AnnouncementsCall(pin=pin, registry=registry, timeout_s=timeout_s)
        reply = reply_of(await lasting(self._client, "announcements", call, timeout_s=timeout_s), AnnouncementsReply)
        return reply.files
