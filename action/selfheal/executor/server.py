"""Serves one executor over a Unix socket: the only way from the agents' container to the runner.

Nothing is trusted that comes in: the token is compared in constant time, calls are typed and bounded, a version must be
one that was recorded here, a sandbox level one that the runner's own ladder has. What commands print is redacted before
it leaves. A caller that goes away ends its run.
"""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from aiohttp import web
from pydantic import ValidationError

from selfheal.contract.command import CommandRun
from selfheal.contract.executor import Executor
from selfheal.contract.packages import NotBuilt, Unsolved
from selfheal.contract.sandbox import SandboxLevel
from selfheal.contract.tree import InvalidEdit, Version
from selfheal.errors import SelfhealError
from selfheal.executor.wire import (
    MAX_CALL_BYTES,
    AnnouncementsCall,
    AnnouncementsReply,
    BetweenCall,
    BuildCall,
    BuildReply,
    ChangeCall,
    ChangeReply,
    DiffReply,
    DoneReply,
    EditsReply,
    FaultReply,
    HistoryCall,
    HistoryReply,
    InstallCall,
    PathsCall,
    PathsReply,
    ReadCall,
    ReadReply,
    ReleasesCall,
    ReleasesReply,
    RelockCall,
    RelockReply,
    ResolveCall,
    ResolveReply,
    RunCall,
    RunReply,
    SiteCall,
    SiteReply,
    StateCall,
    Wire,
)

Call = TypeVar("Call", bound=Wire)


class NotAllowed(SelfhealError):
    """A call that this executor does not answer."""


class ExecutorServer:
    """Answers the calls of whoever knows the token. One call works on the tree at a time."""

    def __init__(self, executor: Executor, *, token: str, redact: Callable[[str], str]) -> None:
        self._executor = executor
        self._redact = redact
        self._token = token.encode()
        self._versions = {executor.site.base.commit: executor.site.base}
        self._turn = asyncio.Lock()

    def application(self) -> web.Application:
        """The routes, one a call."""
        app = web.Application(client_max_size=MAX_CALL_BYTES, middlewares=[self._guard])
        routes: tuple[tuple[str, Callable[[web.Request], Awaitable[web.Response]]], ...] = (
            ("site", _typed(SiteCall, self._site)),
            ("paths", _typed(PathsCall, self._paths)),
            ("read", _typed(ReadCall, self._read)),
            ("run", _typed(RunCall, self._run)),
            ("change", _typed(ChangeCall, self._change)),
            ("edits", _typed(BetweenCall, self._edits)),
            ("history", _typed(HistoryCall, self._history)),
            ("diff", _typed(BetweenCall, self._diff)),
            ("state", _typed(StateCall, self._state)),
            ("resolve", _typed(ResolveCall, self._resolve)),
            ("build", _typed(BuildCall, self._build)),
            ("relock", _typed(RelockCall, self._relock)),
            ("install", _typed(InstallCall, self._install)),
            ("releases", _typed(ReleasesCall, self._releases)),
            ("announcements", _typed(AnnouncementsCall, self._announcements)),
        )
        for name, handler in routes:
            app.router.add_post(f"/{name}", handler)
        return app

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._token):
            return _fault(401, NotAllowed("this executor's token is another one"))
        try:
            return await handler(request)
        except ValidationError as error:
            fields = ", ".join(sorted({".".join(map(str, one["loc"])) for one in error.errors(include_input=False)}))
            return _fault(400, NotAllowed(f"the call is not well formed: {fields}"))
        except NotAllowed as error:
            return _fault(403, error)
        except SelfhealError as error:
            return _fault(500, error)

    async def _site(self, call: SiteCall) -> Wire:
        return SiteReply(site=self._executor.site)

    async def _paths(self, call: PathsCall) -> Wire:
        return PathsReply(paths=self._executor.view(self._known(call.at)).paths())

    async def _read(self, call: ReadCall) -> Wire:
        return ReadReply(content=self._executor.view(self._known(call.at)).read(call.path))

    async def _run(self, call: RunCall) -> Wire:
        at, level = self._known(call.at), self._permitted(call.level)
        async with self._turn:
            match call.how:
                case "warm":
                    warm = await self._executor.run_warm(call.line, at=at, level=level, timeout_s=call.timeout_s)
                    return RunReply(run=warm and self._redacted(warm))
                case "transform":
                    done = await self._executor.transform(call.line, at=at, level=level, timeout_s=call.timeout_s)
                    return RunReply(run=self._redacted(done.run), edits=done.edits)
                case "once":
                    run = await self._executor.run(
                        call.line, at=at, level=level, timeout_s=call.timeout_s, environment=call.environment
                    )
                    return RunReply(run=self._redacted(run))

    async def _change(self, call: ChangeCall) -> Wire:
        base = self._known(call.base)
        async with self._turn:
            made = self._executor.change(base, call.edits, message=call.message)
        if isinstance(made, InvalidEdit):
            return ChangeReply(invalid=made)
        self._versions[made.commit] = made
        return ChangeReply(version=made)

    async def _edits(self, call: BetweenCall) -> Wire:
        return EditsReply(edits=self._executor.edits_between(self._known(call.base), self._known(call.head)))

    async def _history(self, call: HistoryCall) -> Wire:
        at = self._known(call.at)
        return HistoryReply(found=await self._executor.history(call.paths, at=at, until=call.until))

    async def _diff(self, call: BetweenCall) -> Wire:
        return DiffReply(diff=self._executor.diff(self._known(call.base), self._known(call.head)))

    async def _state(self, call: StateCall) -> Wire:
        self._executor.tie_state(call.number, self._known(call.version), call.document)
        return DoneReply()

    async def _resolve(self, call: ResolveCall) -> Wire:
        async with self._turn:
            answer = await self._executor.packages.resolve(call.question, timeout_s=call.timeout_s)
        if isinstance(answer, Unsolved):
            answer = Unsolved(message=self._redact(answer.message))
        return ResolveReply(answer=answer)

    async def _build(self, call: BuildCall) -> Wire:
        at = self._known(call.at)
        async with self._turn:
            answer = await self._executor.packages.build(
                call.pins, at=at, with_project=call.with_project, timeout_s=call.timeout_s
            )
        if isinstance(answer, NotBuilt):
            answer = NotBuilt(message=self._redact(answer.message))
        return BuildReply(answer=answer)

    async def _relock(self, call: RelockCall) -> Wire:
        at = self._known(call.at)
        async with self._turn:
            answer = await self._executor.packages.relock(
                call.tool, call.folder, at=at, newest=call.newest, timeout_s=call.timeout_s, lock=call.lock
            )
        if isinstance(answer, Unsolved):
            answer = Unsolved(message=self._redact(answer.message))
        return RelockReply(answer=answer)

    async def _install(self, call: InstallCall) -> Wire:
        at = self._known(call.at)
        async with self._turn:
            answer = await self._executor.packages.install(call.tool, call.folder, at=at, timeout_s=call.timeout_s)
        if isinstance(answer, NotBuilt):
            answer = NotBuilt(message=self._redact(answer.message))
        return BuildReply(answer=answer)

    async def _releases(self, call: ReleasesCall) -> Wire:
        async with self._turn:
            versions = await self._executor.packages.releases(
                call.name, registry=call.registry, timeout_s=call.timeout_s
            )
        return ReleasesReply(versions=versions)

    async def _announcements(self, call: AnnouncementsCall) -> Wire:
        async with self._turn:
            files = await self._executor.packages.announcements(
                call.pin, registry=call.registry, timeout_s=call.timeout_s
            )
        return AnnouncementsReply(files=files)

    def _redacted(self, run: CommandRun) -> CommandRun:
        """Without the runner's secrets, which nobody behind the socket knows and could black out."""
        return run.model_copy(update={"output": self._redact(run.output)})

    def _known(self, version: Version) -> Version:
        """The version as it was recorded here, whatever else the call says of it."""
        known = self._versions.get(version.commit)
        if known is None:
            raise NotAllowed("the version is not one of this executor's")
        return known

    def _permitted(self, level: SandboxLevel) -> SandboxLevel:
        if level not in self._executor.site.ladder.levels:
            raise NotAllowed(f"the sandbox level {level.value} is not allowed here")
        return level


@asynccontextmanager
async def serving(server: ExecutorServer, socket: Path) -> AsyncIterator[None]:
    """Listen on `socket`, which only this user can open. Its folder must be this user's own."""
    runner = web.AppRunner(server.application(), handler_cancellation=True, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.UnixSite(runner, str(socket)).start()
        socket.chmod(0o600)
        yield
    finally:
        await runner.cleanup()
        with suppress(OSError):
            socket.unlink()


def _typed(
    model: type[Call], answer: Callable[[Call], Awaitable[Wire]]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        reply = await answer(model.model_validate_json(await request.read()))
        return web.Response(body=reply.model_dump_json().encode(), content_type="application/json")

    return handle


def _fault(status: int, error: SelfhealError) -> web.Response:
    reply = FaultReply(kind=type(error).__name__, message=str(error))
    return web.Response(status=status, body=reply.model_dump_json().encode(), content_type="application/json")
