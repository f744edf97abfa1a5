"""A shell that stays up in the sandbox, for tools that keep what they know between two calls."""

import asyncio
import contextlib
import os
import shutil
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from selfheal.contract.command import CommandRun, Ending
from selfheal.shell import find_invocations
from selfheal.verify.runner import SandboxedRunner
from selfheal.verify.sandbox import programs_of

_POLL_S = 0.01
_START_S = 20.0
_OUTPUT_BYTES = 4 << 20
_TIMED_OUT = 124
# Requests come through a pipe that the loop itself holds open, so that it never sees an end of it.
_LOOP = """\
mkfifo "$TMPDIR/ask" && exec 3<>"$TMPDIR/ask" && : >"$TMPDIR/ready"
while IFS= read -r -u 3 name; do
  status=0
  bash --noprofile --norc -o pipefail "$TMPDIR/$name.sh" >"$TMPDIR/$name.out" 2>&1 </dev/null 3<&- || status=$?
  echo "$status" >"$TMPDIR/$name.new" && mv "$TMPDIR/$name.new" "$TMPDIR/$name.status"
done
"""


@dataclass(slots=True)
class WarmShell:
    """Runs lines one after the other in one sandbox that lasts; what they leave running is there for the next.

    Its `/tmp` is its own, the tree is the runner's. What it says is good for turning candidates away early; a
    proof needs a run of its own.
    """

    runner: SandboxedRunner
    longest_s: float
    _session: "asyncio.Task[CommandRun] | None" = field(default=None, init=False)
    _number: int = field(default=0, init=False)
    _programs: tuple[str, ...] = field(default=(), init=False)

    async def run(self, line: str, *, timeout_s: float) -> CommandRun | None:
        """Run a line; None where the shell can't be had. A line that does not end in time ends the shell."""
        if missing := tuple(name for name in programs_of(line) if name not in self._programs):
            # What a command names is shown in the sandbox from its start on.
            await self.aclose()
            self._programs += missing
        if not await self._is_up():
            return None
        self._number += 1
        name = f"line-{self._number}"
        (self._tmp / f"{name}.sh").write_text(line + "\n")
        began = time.monotonic()
        if not self._tell(name):
            await self.aclose()
            return None
        status = self._tmp / f"{name}.status"
        while not status.exists():
            assert self._session is not None
            if self._session.done() or time.monotonic() - began > timeout_s:
                await self.aclose()
                return None if time.monotonic() - began <= timeout_s else self._described(line, name, _TIMED_OUT, began)
            await asyncio.sleep(_POLL_S)
        return self._described(line, name, _number(status.read_text()), began)

    async def aclose(self) -> None:
        """End the shell and everything in it."""
        if self._session is not None:
            self._session.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._session
            self._session = None

    @property
    def _private(self) -> Path:
        return self.runner.place.private / "warm"

    @property
    def _tmp(self) -> Path:
        return self._private / "tmp"

    async def _is_up(self) -> bool:
        if self._session is not None and not self._session.done():
            return True
        # What an earlier shell left there must not look like this one's.
        shutil.rmtree(self._tmp, ignore_errors=True)
        own = replace(self.runner, place=replace(self.runner.place, private=self._private), on_output=None)
        loop = f"{_LOOP}# for {' '.join(self._programs)}\n"
        self._session = asyncio.create_task(own.run(loop, timeout_s=self.longest_s))
        until = time.monotonic() + _START_S
        while not (self._tmp / "ready").exists():
            if self._session.done() or time.monotonic() > until:
                await self.aclose()
                return False
            await asyncio.sleep(_POLL_S)
        return True

    def _tell(self, name: str) -> bool:
        try:
            pipe = os.open(self._tmp / "ask", os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            os.write(pipe, f"{name}\n".encode())
        except OSError:
            return False
        finally:
            os.close(pipe)
        return True

    def _described(self, line: str, name: str, exit_code: int, began: float) -> CommandRun:
        output = self._tmp / f"{name}.out"
        data = output.read_bytes()[:_OUTPUT_BYTES] if output.is_file() and not output.is_symlink() else b""
        return CommandRun(
            command=line,
            ending=Ending.TIMED_OUT if exit_code == _TIMED_OUT else Ending.EXITED,
            exit_code=exit_code,
            output=data.decode("utf-8", "replace"),
            output_bytes=len(data),
            wall_s=time.monotonic() - began,
            sandbox=self.runner.level.value,
        )


def daemon_line(command: str) -> str | None:
    """The call of mypy's daemon that stands for the mypy in `command`; None where it calls none, or several."""
    calls = find_invocations(command, "mypy")
    if len(calls) != 1:
        return None
    *head, program = calls[0].prefix
    tool = (*head, "mypy.dmypy") if head[-1:] == ["-m"] else (*head, program.removesuffix("mypy") + "dmypy")
    daemon = replace(calls[0], prefix=tool)
    # Its own folder for what it remembers of itself; the cache stays where the project has it.
    return daemon.with_arguments("--status-file", "/dev/null", "run", "--", *calls[0].arguments).replace(
        "/dev/null", '"$TMPDIR/dmypy.json"', 1
    )


def _number(text: str) -> int:
    return int(text) if text.strip().isdigit() else _TIMED_OUT
