"""The executor of another process, reached over its Unix socket."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from selfheal.contract.command import CommandRun, Transformation
from selfheal.contract.executor import Site
from selfheal.contract.patch import FileEdit
from selfheal.contract.sandbox import SandboxLevel
from selfheal.contract.tree import InvalidEdit, TreeView, Version
from selfheal.errors import SelfhealError
from selfheal.executor.wire import (
    BetweenCall,
    ChangeCall,
    ChangeReply,
    DiffReply,
    DoneReply,
    EditsReply,
    FaultReply,
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
from selfheal.verify import SandboxFailed
from selfheal.workspace import WorkspaceBroken

if TYPE_CHECKING:
    import httpx

Reply = TypeVar("Reply", bound=Wire)
_QUICK_S = 120.0
"""For calls that take milliseconds on an ordinary tree."""
_GRACE_S = 60.0
"""How much later than a run's own limit its reply may come: everything that it started is killed first."""
_CACHED_FILES = 4096
_FAULTS: Mapping[str, type[SelfhealError]] = {
    "SandboxFailed": SandboxFailed,
    "WorkspaceBroken": WorkspaceBroken,
    "GitFailed": WorkspaceBroken,
}


class ExecutorGone(SelfhealError):
    """The executor's process ended, or what answers there is none."""


class RemoteExecutor:
    """Implements `contract.executor.Executor` by calls over `socket`. Made by `connect`."""

    def __init__(self, *, client: "httpx.Client", runs: "httpx.AsyncClient", site: Site) -> None:
        self._client = client
        self._runs = runs
        self._site = site
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
        site = _reply(_sent(client, "site", SiteCall()), SiteReply).site
        return cls(client=client, runs=runs, site=site)

    @property
    def site(self) -> Site:
        """The facts that don't change."""
        return self._site

    def view(self, version: Version) -> TreeView:
        """Look into a version. Files are fetched when they are read."""
        paths = _reply(self._call("paths", PathsCall(at=version)), PathsReply).paths
        return _RemoteTree(paths, functools.partial(self._read, version))

    async def run(self, line: str, *, at: Version, level: SandboxLevel, timeout_s: float) -> CommandRun:
        """Run a shell line in the sandbox, to its end or to the limit."""
        reply = await self._run(RunCall(line=line, at=at, level=level, timeout_s=timeout_s, how="once"))
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
        reply = _reply(self._call("change", ChangeCall(base=base, edits=edits, message=message)), ChangeReply)
        made = reply.version or reply.invalid
        if made is None:
            raise ExecutorGone("the executor said nothing of a change")
        return made

    def edits_between(self, base: Version, head: Version) -> tuple[FileEdit, ...]:
        """Say what differs between two versions, as edits on the first."""
        return _reply(self._call("edits", BetweenCall(base=base, head=head)), EditsReply).edits

    def diff(self, base: Version, head: Version) -> str:
        """Write the patch from one version to another; `git apply` takes it."""
        return _reply(self._call("diff", BetweenCall(base=base, head=head)), DiffReply).diff

    def tie_state(self, number: int, version: Version, document: str) -> None:
        """Record a state document beside the version that it is about; append-only."""
        _reply(self._call("state", StateCall(number=number, version=version, document=document)), DoneReply)

    async def aclose(self) -> None:
        """Close the connections; the executor stays up for whoever started it."""
        self._client.close()
        await self._runs.aclose()

    def _ask_for_file(self, version: Version, path: str) -> bytes | None:
        return _reply(self._call("read", ReadCall(at=version, path=path)), ReadReply).content

    def _call(self, name: str, call: Wire) -> "httpx.Response":
        return _sent(self._client, name, call)

    async def _run(self, call: RunCall) -> RunReply:
        import httpx

        try:
            # Cancelling closes the connection, on which the executor ends the run.
            response = await self._runs.post("/run", content=call.model_dump_json(), timeout=call.timeout_s + _GRACE_S)
        except httpx.HTTPError as error:
            raise ExecutorGone(f"the executor on the runner went away during a run ({type(error).__name__})") from error
        return _reply(response, RunReply)


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


def _sent(client: "httpx.Client", name: str, call: Wire) -> "httpx.Response":
    import httpx

    try:
        return client.post(f"/{name}", content=call.model_dump_json())
    except httpx.HTTPError as error:
        raise ExecutorGone(f"the executor on the runner does not answer ({type(error).__name__})") from error


def _reply(response: "httpx.Response", model: type[Reply]) -> Reply:
    try:
        if response.status_code == 200:
            return model.model_validate_json(response.content)
        fault = FaultReply.model_validate_json(response.content)
    except ValidationError as error:
        raise ExecutorGone("what answers on the socket is no executor of this version") from error
    raise _FAULTS.get(fault.kind, ExecutorGone)(fault.message)
