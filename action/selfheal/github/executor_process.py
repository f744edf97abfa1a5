"""The executor beside the containers: the one that runs the command, on the runner."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import ValidationError

from selfheal.config import network_is_allowed, scratch_parent
from selfheal.executor.handshake import REPLY, ExecutorConfig, ExecutorReady
from selfheal.github.agents_order import SOCKET
from selfheal.github.crew import GRACE_S, Crew
from selfheal.team.repair import RepairRequest
from selfheal.team.secrets import scrubbed


@asynccontextmanager
async def executor_of(
    crew: Crew, request: RepairRequest, *, token: str, hidden: tuple[Path, ...]
) -> AsyncIterator[str | None]:
    """Run the executor's process; gives why it can't."""
    settings = request.settings
    known = scrubbed(request.environ or {}, keep=settings.sandbox.keep_env)
    config = ExecutorConfig(
        repo=str(request.repo),
        socket=str(crew.link / SOCKET),
        token=token,
        environment=dict(known.variables),
        secret_values=known.secret_values,
        allow_network=network_is_allowed(settings),
        scratch_parent=str(scratch_parent()),
        memory_bytes=settings.sandbox.memory_mb << 20 if settings.sandbox.memory_mb else None,
        processes=settings.sandbox.max_processes,
        max_seconds=settings.max_seconds + 2 * GRACE_S,
        hidden=tuple(map(str, hidden)),
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "selfheal.executor"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=dict(crew.docker.environ),
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(config.model_dump_json().encode() + b"\n")
        yield _refusal(await process.stdout.readline(), crew)
    finally:
        with contextlib.suppress(OSError):
            process.stdin.close()
        await asyncio.shield(process.wait())


def _refusal(line: bytes, crew: Crew) -> str | None:
    try:
        reply = REPLY.validate_json(line)
    except ValidationError:
        return "the executor's process ended before it listened"
    if isinstance(reply, ExecutorReady):
        crew.give(crew.link / SOCKET)
        return None
    return reply.message
