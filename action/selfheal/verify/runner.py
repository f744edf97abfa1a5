"""Run the command in its sandbox, to its end or to a limit, and leave no process behind."""

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from selfheal.contract.command import CommandRun, Ending
from selfheal.contract.sandbox import SandboxLevel
from selfheal.verify.errors import SandboxFailed
from selfheal.verify.limits import Limits
from selfheal.verify.output import OutputBuffer
from selfheal.verify.sandbox import Launch, SandboxTree, launch, place_links

_BLOCK = 1 << 18
_PIPE_BYTES = 1 << 20
_GUARD = Path(__file__).with_name("guard.py")
# How long the guard may take to kill everything, and how long to wait for the pipe to empty after that.
_GUARD_LIMIT_S = 20.0
_DRAIN_S = 1.0
_NOT_FOUND = 127
_FIRST_SIGNAL = 128
_TIMED_OUT = 124


@dataclass(frozen=True, slots=True)
class SandboxedRunner:
    """Implements `contract.command.CommandRunner` at one level of the ladder.

    `environment` must be scrubbed already. `on_output` is called with the raw bytes as they come, on the event
    loop's thread. One run at a time: the runs share the tree.
    """

    level: SandboxLevel
    place: SandboxTree
    environment: Mapping[str, str]
    limits: Limits = field(default_factory=Limits)
    on_output: Callable[[bytes], None] | None = None

    def at(self, level: SandboxLevel) -> "SandboxedRunner":
        """Return the same runner at another level."""
        return replace(self, level=level)

    async def run(self, command: str, *, timeout_s: float) -> CommandRun:
        """Run to the end or to the limit; the whole process tree is gone when this returns.

        Cancelling it kills the tree before the cancellation goes on.

        Raises:
            SandboxFailed: the sandbox could not start the command, which says nothing about the command.
        """
        if "\0" in command:
            return self._never_started(command, "a command line can't hold a NUL character")
        self._prepare_folders()
        buffer = OutputBuffer(head_bytes=self.limits.output_head_bytes, tail_bytes=self.limits.output_tail_bytes)
        started = time.monotonic()
        session = _Session(buffer=buffer, on_output=self.on_output)
        status_read, status_write = os.pipe()
        try:
            start = launch(
                command, level=self.level, place=self.place, environment=self.environment, status_fd=status_write
            )
            how = await session.run(start, limits=self.limits, status_fd=status_write, timeout_s=timeout_s)
            status = _read_all(status_read)
        finally:
            os.close(status_read)
        wall_s = time.monotonic() - started
        # bubblewrap tells the exit code only of a command that it really started (its `child-pid` comes before
        # the mounts, which may fail); killed by a signal it tells nothing.
        is_bwraps_own = b'"exit-code"' not in status and not str(how.get("status")).startswith("-")
        if self.level.has_bwrap and how.get("how") == "ended" and is_bwraps_own:
            words = buffer.text().strip()[-300:]
            raise SandboxFailed(f"the sandbox could not start: {words}; run `selfheal doctor` to see what is missing")
        return self._describe(command, how, buffer, wall_s, timeout_s)

    def _prepare_folders(self) -> None:
        for name in ("tmp", "cache"):
            (self.place.private / name).mkdir(parents=True, exist_ok=True)
        _empty(self.place.private / "tmp")
        place_links(self.place, as_links=not self.level.has_bwrap)

    def _describe(
        self, command: str, how: Mapping[str, object], buffer: OutputBuffer, wall_s: float, timeout_s: float
    ) -> CommandRun:
        note = ""
        match how.get("how"):
            case "ended":
                status = how["status"]
                assert isinstance(status, int)
                ending, code = _ending(status)
            case "told":
                ending, code, note = Ending.TIMED_OUT, _TIMED_OUT, f"stopped: it did not end within {timeout_s:g} s"
            case "memory":
                ending, code = Ending.KILLED, _FIRST_SIGNAL + signal.SIGKILL
                note = f"killed: its processes used more than {self.limits.memory() >> 20} MiB of memory together"
            case "processes":
                ending, code = Ending.KILLED, _FIRST_SIGNAL + signal.SIGKILL
                note = f"killed: it started more than {self.limits.processes} processes and threads"
            case "not_started":
                return self._never_started(command, f"it could not be started: {os.strerror(int(str(how['errno'])))}")
            case _:
                ending, code, note = Ending.KILLED, _FIRST_SIGNAL + signal.SIGKILL, "killed from outside"
        text = buffer.text()
        if note:
            text += f"{'' if not text or text.endswith(chr(10)) else chr(10)}[selfheal: {note}]\n"
        return self._run(command, ending, code, text, output_bytes=buffer.total, wall_s=wall_s)

    def _never_started(self, command: str, why: str) -> CommandRun:
        shown = command.replace("\0", "\\0")
        return self._run(shown, Ending.NOT_FOUND, _NOT_FOUND, f"[selfheal: {why}]\n", output_bytes=0, wall_s=0.0)

    def _run(
        self, command: str, ending: Ending, code: int, text: str, *, output_bytes: int, wall_s: float
    ) -> CommandRun:
        return CommandRun(
            command=command,
            ending=ending,
            exit_code=code,
            output=text,
            output_bytes=output_bytes,
            wall_s=wall_s,
            sandbox=self.level.value,
        )


@dataclass(slots=True)
class _Session:
    """One start of the guard, with its pipes."""

    buffer: OutputBuffer
    on_output: Callable[[bytes], None] | None

    async def run(self, start: Launch, *, limits: Limits, status_fd: int, timeout_s: float) -> dict[str, object]:
        """Start the guard, wait for its report, and kill on time-out and cancellation."""
        loop = asyncio.get_running_loop()
        output_read, output_write = os.pipe()
        control_read, control_write = os.pipe()
        report_read, report_write = os.pipe()
        with contextlib.suppress(OSError, AttributeError):
            fcntl.fcntl(output_read, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        spec = {
            "argv": start.argv,
            "cwd": start.cwd,
            "env": start.env,
            "control_fd": control_read,
            "report_fd": report_write,
            "pass_fds": [status_fd],
            "limits": {
                "processes": limits.processes,
                "file_bytes": limits.file_bytes,
                "memory_bytes": limits.memory(),
            },
        }
        closed = asyncio.Event()
        try:
            guard = _start_guard(spec, output=output_write, pass_fds=(control_read, report_write, status_fd))
        finally:
            for fd in (output_write, control_read, report_write, status_fd):
                os.close(fd)
        os.set_blocking(output_read, False)
        loop.add_reader(output_read, self._read, output_read, closed)
        # On a thread: a child watcher would tie the runner to one kind of event loop.
        ended = loop.run_in_executor(None, guard.wait)
        control: int | None = control_write
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(ended), timeout_s)
            os.close(control_write)
            control = None
            await self._finish(guard, ended)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(closed.wait(), _DRAIN_S)
            return _parse_report(_read_all(report_read))
        except asyncio.CancelledError:
            if control is not None:
                os.close(control)
                control = None
            await asyncio.shield(self._finish(guard, ended))
            raise
        finally:
            if control is not None:
                os.close(control)
            loop.remove_reader(output_read)
            os.close(output_read)
            os.close(report_read)

    async def _finish(self, guard: subprocess.Popen[bytes], ended: "asyncio.Future[int]") -> None:
        try:
            await asyncio.wait_for(asyncio.shield(ended), _GUARD_LIMIT_S)
        except TimeoutError:
            guard.kill()
            await asyncio.shield(ended)

    def _read(self, fd: int, closed: asyncio.Event) -> None:
        try:
            block = os.read(fd, _BLOCK)
        except BlockingIOError:
            return
        except OSError:
            block = b""
        if not block:
            asyncio.get_running_loop().remove_reader(fd)
            closed.set()
            return
        self.buffer.add(block)
        if self.on_output is not None:
            self.on_output(block)


def _start_guard(spec: Mapping[str, object], *, output: int, pass_fds: tuple[int, ...]) -> subprocess.Popen[bytes]:
    # The guard's own environment is empty: what the command must not see can't be read from its parent.
    guard = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_GUARD)],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        pass_fds=pass_fds,
        env={},
        cwd="/",
    )
    assert guard.stdin is not None
    with contextlib.suppress(BrokenPipeError), guard.stdin as stream:
        stream.write(json.dumps(spec).encode())
    return guard


def _ending(status: int) -> tuple[Ending, int]:
    if status < 0:
        return Ending.KILLED, _FIRST_SIGNAL - status
    if status == _NOT_FOUND:
        return Ending.NOT_FOUND, status
    # A shell and bubblewrap say 128+n for a child that signal n ended.
    if status - _FIRST_SIGNAL in frozenset(signal.Signals):
        return Ending.KILLED, status
    return Ending.EXITED, status


def _parse_report(text: bytes) -> dict[str, object]:
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _read_all(fd: int) -> bytes:
    os.set_blocking(fd, False)
    parts = []
    with contextlib.suppress(BlockingIOError):
        while part := os.read(fd, _BLOCK):
            parts.append(part)
    return b"".join(parts)


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
