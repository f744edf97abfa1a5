"""The executor of another process, reached over its Unix socket."""

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from selfheal.contract.command import CommandRun, Transformation
from selfheal.contract.executor import Site
from selfheal.contract.history import Past
from selfheal.contract.packages import Day
from selfheal.contract.patch import FileEdit
from selfheal.contract.sandbox import SandboxLevel
from selfheal.contract.tree import InvalidEdit, TreeView, Version
from selfheal.executor.calling import ExecutorGone, lasting, reply_of, sent
from selfheal.executor.remote_packages import RemotePackages
from selfheal.executor.wire import (
    BetweenCall,
    ChangeCall,
    ChangeReply,
    DiffReply,
    DoneReply,
    EditsReply,
    HistoryCall,
    HistoryReply,
    PathsCall,
    PathsReply,
    ReadCall,
    ReadReply,
    RunCall,
    RunReply,
    SiteCall,
    SiteReply,
    StateCall,
    Wire,
)

__all__ = ["ExecutorGone", "RemoteExecutor"]

if TYPE_CHECKING:
    import httpx

_QUICK_S = 120.0
"""For calls that take milliseconds on an ordinary tree."""
_CACHED_FILES = 4096


class RemoteExecutor:
    """Implements `contract.executor.Executor` by calls over `socket`. Made by `connect`."""

    def __init__(self, *, client: "httpx.Client", runs: "httpx.AsyncClient", site: Site) -> None:
        self._client = client
        self._runs = runs
        self._site = site
        self._packages = RemotePackages(runs)
        self._read = functools.lru_cache(_CACHED_FILES)(self._ask_for_file)

    @classmethod
    def connect(cls, socket: Path, *, token: str) -> "RemoteExecutor":
        """Ask the executor for its facts. Raises ExecutorGone."""
        import httpx

        # The address is no address: it all goes through the socket.
        url, headers = "http://executor", {"Authorization": f"Bearer {token}"}
        client = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(socket)), base_url=url, headers=headers, timeout=_QUICK_S
        )
        runs = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=str(socket)), base_url=url, headers=headers, timeout=_QUICK_S
        )
        site = reply_of(sent(client, "site", SiteCall()), SiteReply).site
        return cls(client=client, runs=runs, site=site)

    @property
    def site(self) -> Site:
        """The facts that don't change."""
        return self._site

    def view(self, version: Version) -> TreeView:
        """Look into a version. Files are fetched when they are read."""
        paths = reply_of(self._call("paths", PathsCall(at=version)), PathsReply).paths
        return _RemoteTree(paths, functools.partial(self._read, version))

    @property
    def packages(self) -> RemotePackages:
        """The package index and throw-away environments of the runner."""
        return self._packages

    async def run(
        self, line: str, *, at: Version, level: SandboxLevel, timeout_s: float, environment: str | None = None
    ) -> CommandRun:
        """Run a shell line in the sandbox, to its end or to the limit."""
        call = RunCall(line=line, at=at, level=level, timeout_s=timeout_s, how="once", environment=environment)
        reply = await self._run(call)
        if reply.run is None:
            raise ExecutorGone("the executor gave no run")
        return reply.run

    async def run_warm(self, line: str, *, at: Version, level: SandboxLevel, timeout_s: float) -> CommandRun | None:
        """Run a line where what it leaves running is there for the next; None where that can't be had."""
        return (await self._run(RunCall(line=line, at=at, level=level, timeout_s=timeout_s, how="warm"))).run

    async def transform(self, line: str, *, at: Version, level: SandboxLevel, timeout_s: float) -> Transformation:
        """Run a rewriting tool, collect its edits, and put the tree back."""
        call = RunCall(line=line, at=at, level=level, timeout_s=timeout_s, how="transform")
        return (await self._run(call)).transformation()

    def change(self, base: Version, edits: tuple[FileEdit, ...], *, message: str) -> Version | InvalidEdit:
        """Record what the edits make of a version as the next one. All of them, or none."""
        reply = reply_of(self._call("change", ChangeCall(base=base, edits=edits, message=message)), ChangeReply)
        made = reply.version or reply.invalid
        if made is None:
            raise ExecutorGone("the executor said nothing of a change")
        return made

    def edits_between(self, base: Version, head: Version) -> tuple[FileEdit, ...]:
        """Say what differs between two versions, as edits on the first."""
        return reply_of(self._call("edits", BetweenCall(base=base, head=head)), EditsReply).edits

    async def history(self, paths: tuple[str, ...], *, at: Version, until: Day | None) -> tuple[Past, ...]:
        """The last few commits that wrote one of these manifests or locks, as edits on a version."""
        call = HistoryCall(paths=paths, at=at, until=until)
        return reply_of(await lasting(self._runs, "history", call, timeout_s=_QUICK_S), HistoryReply).found

    def diff(self, base: Version, head: Version) -> str:
        """Write the patch from one version to another; `git apply` takes it."""
        return reply_of(self._call("diff", BetweenCall(base=base, head=head)), DiffReply).diff

    def tie_state(self, number: int, version: Version, document: str) -> None:
        """Record a state document beside the version that it is about; append-only."""
        reply_of(self._call("state", StateCall(number=number, version=version, document=document)), DoneReply)

    async def aclose(self) -> None:
        """Close the connections; the executor stays up for whoever started it."""
        self._client.close()
        await self._runs.aclose()

    def _ask_for_file(self, version: Version, path: str) -> bytes | None:
        return reply_of(self._call("read", ReadCall(at=version, path=path)), ReadReply).content

    def _call(self, name: str, call: Wire) -> "httpx.Response":
        return sent(self._client, name, call)

    async def _run(self, call: RunCall) -> RunReply:
        return reply_of(await lasting(self._runs, "run", call, timeout_s=call.timeout_s), RunReply)


class _RemoteTree:
    """A `TreeView` whose files are fetched when they are asked for."""

    def __init__(self, paths: tuple[str, ...], read: "functools.partial[bytes | None]") -> None:
        self._paths = paths
        self._known = frozenset(paths)
        self._read = read

    def paths(self) -> tuple[str, ...]:
        """All regular files, sorted."""
        return self._paths

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None where there is no such regular file."""
        return self._read(path) if path in self._known else None
