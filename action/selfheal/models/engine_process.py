"""The supervised child process in which the embedded engine runs."""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from selfheal.contract.engine import ModelFault
from selfheal.models.handshake import ServerConfig, ServerFailed, ServerReady, Speculation

_LOG_BYTES = 64 * 1024
_MAX_SOCKET_PATH = 100
"""Unix socket paths hold 104 bytes on macOS and 108 on Linux."""
_SIGKILL = 9
"""Nobody sends it but the kernel when memory runs out (and `kill`, whose result nobody asks)."""
_OUT_OF_MEMORY = ("failed to allocate", "unable to allocate", "cannot allocate memory", "bad_alloc")
_REPLY: TypeAdapter[ServerReady | ServerFailed] = TypeAdapter(
    Annotated[ServerReady | ServerFailed, Field(discriminator="kind")]
)


@dataclass(frozen=True, slots=True)
class Launch:
    """What to run. `host` None means a Unix socket in a private folder where the system has them."""

    weights: Path
    alias: str
    context_tokens: int
    threads: int
    speculation: Speculation
    memory_limit_bytes: int | None = None
    start_timeout_s: float = 120.0
    host: str | None = None


class EngineProcess:
    """A running server process. Made by `launch`; ends with `kill`, with its parent, or by itself."""

    def __init__(self, process: asyncio.subprocess.Process, *, folder: Path, api_key: str) -> None:
        self._process = process
        self._folder = folder
        self._log = bytearray()
        self._reading = asyncio.create_task(self._read_log())
        self._is_paused = False
        self.api_key = api_key
        self.address = ""

    @property
    def is_running(self) -> bool:
        """True until the process has ended."""
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """As `subprocess` gives it: negative for a signal."""
        return self._process.returncode

    def forget_log(self) -> None:
        """Drop what was logged so far, so that an old complaint does not explain a new crash."""
        self._log.clear()

    def log_tail(self) -> str:
        """The last part of what llama.cpp logged."""
        return self._log.decode("utf-8", "replace")

    async def handshake(self, config: ServerConfig, *, timeout_s: float) -> ServerReady | ServerFailed | None:
        """Tell the server what to load and wait until it listens; None when it died or fell silent."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(ConnectionError, TimeoutError, ValidationError, ValueError):
            async with asyncio.timeout(timeout_s):
                self._process.stdin.write(config.model_dump_json().encode() + b"\n")
                await self._process.stdin.drain()
                reply = _REPLY.validate_json(await self._process.stdout.readline())
            if isinstance(reply, ServerReady):
                self.address = reply.address
            return reply
        return None

    async def wait_ended(self, timeout_s: float) -> bool:
        """True when the process has ended by then, with its log read to the end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._process.wait()
                await asyncio.shield(self._reading)
        return not self.is_running

    def pause(self) -> None:
        """Stop the process: it uses no core and answers nobody until `resume`. Does nothing on Windows."""
        if sys.platform != "win32" and self.is_running and not self._is_paused:
            self._process.send_signal(signal.SIGSTOP)
            self._is_paused = True

    def resume(self) -> None:
        """Let the process go on."""
        if sys.platform != "win32" and self.is_running and self._is_paused:
            self._process.send_signal(signal.SIGCONT)
        self._is_paused = False

    async def kill(self) -> None:
        """End the process and remove its folder."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reading
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _read_log(self) -> None:
        assert self._process.stderr is not None
        while data := await self._process.stderr.read(8192):
            self._log += data
            del self._log[:-_LOG_BYTES]


async def launch(plan: Launch) -> EngineProcess | ServerFailed:
    """Start the server process and wait until it listens."""
    folder = _private_folder()
    key = secrets.token_urlsafe(32)
    config = ServerConfig(
        weights=str(plan.weights.absolute()),
        alias=plan.alias,
        api_key=key,
        host=plan.host or _default_host(folder),
        context_tokens=plan.context_tokens,
        threads=plan.threads,
        speculation=plan.speculation,
        memory_limit_bytes=plan.memory_limit_bytes,
        parent_pid=os.getpid(),
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        # Without -P the folder that selfheal runs in, a stranger's repository, could shadow modules.
        "-P",
        "-m",
        "selfheal.models.embedded_server",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        # A group of its own, so that Ctrl-C reaches the parent first.
        process_group=0 if sys.platform != "win32" else None,
    )
    engine = EngineProcess(process, folder=folder, api_key=key)
    try:
        reply = await engine.handshake(config, timeout_s=plan.start_timeout_s)
        if isinstance(reply, ServerReady):
            return engine
        has_ended = await engine.wait_ended(2.0)
    except BaseException:
        await engine.kill()
        raise
    await engine.kill()
    if isinstance(reply, ServerFailed) and reply.fault is not ModelFault.CRASHED:
        return reply
    if not has_ended:
        return ServerFailed(
            fault=ModelFault.TIMEOUT,
            message=f"the embedded engine did not start within {plan.start_timeout_s:g} s: raise the limit",
        )
    return explain_end(engine, plan)


def explain_end(engine: EngineProcess, plan: Launch) -> ServerFailed:
    """Why a server process ended, from its exit status and its log."""
    log = engine.log_tail()
    errors = [line for line in log.splitlines() if " E " in line[:24]]
    said = _without_stamp(errors[0]) if errors else _ending(engine.returncode)
    if engine.returncode == -_SIGKILL or any(word in log.lower() for word in _OUT_OF_MEMORY):
        return ServerFailed(
            fault=ModelFault.OUT_OF_MEMORY,
            message=f"{plan.alias} does not fit into memory with {plan.context_tokens} tokens of context ({said}): "
            "take a smaller model or a shorter context",
        )
    if "corrupted or incomplete" in log or "invalid magic" in log or "error loading model" in log:
        return ServerFailed(
            fault=ModelFault.REJECTED,
            message=f"{plan.weights} is no whole GGUF model ({said}): delete it and run `selfheal model pull`",
        )
    return ServerFailed(fault=ModelFault.CRASHED, message=f"the embedded engine ended by itself ({said})")


def _private_folder() -> Path:
    """A folder that only this user can enter, with a path short enough for a socket in it."""
    folder = Path(tempfile.mkdtemp(prefix="selfheal-engine-"))
    if len(os.fsencode(folder)) + len("/engine.sock") <= _MAX_SOCKET_PATH or sys.platform == "win32":
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="selfheal-engine-", dir="/tmp"))


def _default_host(folder: Path) -> str:
    return "127.0.0.1" if sys.platform == "win32" else str(folder / "engine.sock")


def _ending(returncode: int | None) -> str:
    return (
        f"killed by signal {-returncode}" if returncode is not None and returncode < 0 else f"exit status {returncode}"
    )


def _without_stamp(line: str) -> str:
    return line.split(" E ", 1)[-1].strip()[:200]
