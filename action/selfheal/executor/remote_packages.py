"""The package host of another process, reached over the executor's socket."""

from typing import TYPE_CHECKING

from selfheal.contract.packages import Announcement, Built, NotBuilt, Pin, Question, Solved, Unsolved
from selfheal.contract.tree import Version
from selfheal.executor.calling import lasting, reply_of
from selfheal.executor.wire import (
    AnnouncementsCall,
    AnnouncementsReply,
    BuildCall,
    BuildReply,
    ReleasesCall,
    ReleasesReply,
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

    async def releases(self, name: str, *, timeout_s: float) -> tuple[str, ...]:
        """All versions of a distribution, the newest first."""
        call = ReleasesCall(name=name, timeout_s=timeout_s)
        return reply_of(await lasting(self._client, "releases", call, timeout_s=timeout_s), ReleasesReply).versions

    async def announcements(self, pin: Pin, *, timeout_s: float) -> tuple[Announcement, ...]:
        """The change logs in a release's source distribution."""
        call = AnnouncementsCall(pin=pin, timeout_s=timeout_s)
        reply = reply_of(await lasting(self._client, "announcements", call, timeout_s=timeout_s), AnnouncementsReply)
        return reply.files
