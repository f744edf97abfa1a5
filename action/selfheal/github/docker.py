"""Docker through its command line: argument lists, bounded waits, and whether it can be used here at all."""

import asyncio
import contextlib
import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_ANSWER_S = 30.0
_NO_ANSWER = 124
OWN_VARIABLES = ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG")
"""What its client goes by. No command of a repository sees them; the client must."""
_CONTAINER_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))


@dataclass(frozen=True, slots=True)
class Called:
    """What a call gave. Status 124: it did not answer in its time."""

    status: int
    out: str
    err: str

    @property
    def is_good(self) -> bool:
        """True where Docker did what was asked."""
        return self.status == 0

    @property
    def why_not(self) -> str:
        """Docker's own last words, on one line."""
        return " ".join(self.err.split())[-300:] or f"status {self.status}"


@dataclass(frozen=True, slots=True)
class Docker:
    """The program and the environment that it is called with."""

    program: str
    environ: Mapping[str, str]
    has_gpu: bool = False

    async def call(self, *arguments: str, timeout_s: float = _ANSWER_S) -> Called:
        """Run one command to its end; a call that is cancelled or late is killed."""
        process = await self.start(*arguments)
        try:
            async with asyncio.timeout(timeout_s):
                out, err = await process.communicate()
        except TimeoutError:
            return Called(_NO_ANSWER, "", f"docker {arguments[0]} did not answer within {timeout_s:g} s")
        finally:
            await ended(process)
        status = process.returncode or 0
        return Called(status, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    async def start(self, *arguments: str, limit: int = 1 << 20) -> asyncio.subprocess.Process:
        """Start one command with pipes at all three ends. It has a session of its own: a signal that is meant for us
        does not reach it."""
        return await asyncio.create_subprocess_exec(
            *(self.program, *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=dict(self.environ),
            limit=limit,
            start_new_session=True,
        )


async def ended(process: asyncio.subprocess.Process) -> None:
    """Kill a process that still runs, and wait for it."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class NoDocker(StrEnum):
    """Why Docker can't be used here."""

    NOT_LINUX = "not_linux"
    NO_PROGRAM = "no_program"
    NO_DAEMON = "no_daemon"
    ELSEWHERE = "elsewhere"
    JOB_CONTAINER = "job_container"
    MAPS_USERS = "maps_users"


@dataclass(frozen=True, slots=True)
class Unusable:
    """The reason, and the words for a person."""

    reason: NoDocker
    words: str


async def find_docker(environ: Mapping[str, str], *, system: str | None = None) -> Docker | Unusable:
    """Look for a Docker that shares this machine's files with us. `environ` must be scrubbed, less `OWN_VARIABLES`."""
    if (system or platform.system()) != "Linux":
        return Unusable(NoDocker.NOT_LINUX, "the runner is no Linux machine")
    program = shutil.which("docker", path=environ.get("PATH"))
    if program is None:
        return Unusable(NoDocker.NO_PROGRAM, "there is no docker program on the runner")
    docker = Docker(program, environ)
    if not (await _address(docker)).startswith("unix://"):
        return Unusable(NoDocker.ELSEWHERE, "Docker is told to use another machine's, which can't see our files")
    info = await docker.call("info", "--format", "{{json .SecurityOptions}} {{json .Runtimes}}")
    if not info.is_good:
        return Unusable(NoDocker.NO_DAEMON, f"Docker does not answer ({info.why_not})")
    if "name=rootless" in info.out or "name=userns" in info.out:
        return Unusable(NoDocker.MAPS_USERS, "this Docker maps user ids, so that the socket could not be shared")
    if any(mark.exists() for mark in _CONTAINER_MARKS):
        # Docker gives a container its own short id as host name; a daemon of another machine does not know it.
        own = await docker.call("container", "inspect", "--format", "{{.Id}}", platform.node() or "-")
        if own.is_good:
            return Unusable(NoDocker.JOB_CONTAINER, "the job itself runs in a container, whose files Docker can't see")
    return Docker(program, environ, has_gpu='"nvidia"' in info.out)


async def _address(docker: Docker) -> str:
    """Where the client finds the daemon: by its variable, or by the context that a person has chosen."""
    if told := docker.environ.get("DOCKER_HOST"):
        return told
    chosen = await docker.call("context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
    return chosen.out.strip() if chosen.is_good else "unix://"
