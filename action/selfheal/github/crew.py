"""One run's containers: their names and places, what they may do, and their end."""

import asyncio
import contextlib
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from selfheal.config import ContainerSettings, Settings
from selfheal.contract.report import Report
from selfheal.github.docker import Docker
from selfheal.github.reaper import DEADLINE_LABEL, FOLDER_PREFIX, RUN_LABEL, Leftovers, remove

GRACE_S = 120.0
"""How much longer than `max_seconds` the whole may take: starting, and writing the report."""
_NOBODY = 10001


@dataclass(frozen=True, slots=True)
class Repaired:
    """The report, and what else a person should know of the way it was made."""

    report: Report
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContainersFailed:
    """No report came. `has_begun` is False where nothing of the repair was done: it can be done without Docker."""

    words: str
    has_begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """One run's names and places."""

    docker: Docker
    run: str
    deadline: int
    folder: Path
    user: int
    group: int
    settings: ContainerSettings
    notes: list[str] = field(default_factory=list)

    @property
    def link(self) -> Path:
        """Holds the executor's socket and the word that the model is there."""
        return self.folder / "link"

    @property
    def out(self) -> Path:
        """Where the agents write."""
        return self.folder / "out"

    def name(self, part: str) -> str:
        """The name of a container of this run."""
        return f"selfheal-{self.run}-{part}"

    def base(self, part: str, *more: str) -> tuple[str, ...]:
        """The arguments that every container of ours has: no right that it could lose."""
        return (
            *("--name", self.name(part)),
            *("--label", f"{RUN_LABEL}={self.run}", "--label", f"{DEADLINE_LABEL}={self.deadline}"),
            *("--pull", "never", "--read-only", "--tmpfs", "/tmp:rw,nosuid,nodev,size=512m"),  # noqa: S108
            *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
            *("--user", f"{self.user}:{self.group}", "--pids-limit", str(self.settings.max_processes)),
            *more,
        )

    def give(self, path: Path) -> None:
        """Hand a path to the containers' user, where that is another one."""
        if self.user != os.getuid():
            os.chown(path, self.user, self.group)


def assembled(docker: Docker, settings: Settings, parent: Path) -> Crew:
    """Name a new run and make its folders in `parent`, the containers' own where they write."""
    run = secrets.token_hex(8)
    deadline = int(time.time() + settings.max_seconds + 2 * GRACE_S)
    folder = parent / f"{FOLDER_PREFIX}{deadline}-{run}"
    is_root = os.getuid() == 0
    crew = Crew(
        docker=docker,
        run=run,
        deadline=deadline,
        folder=folder,
        # A runner's own user has no more rights in there than nobody, and can remove what the agents write.
        user=_NOBODY if is_root else os.getuid(),
        group=_NOBODY if is_root else os.getgid(),
        settings=settings.containers,
    )
    for place in (folder, crew.link, crew.out):
        place.mkdir(mode=0o700)
    crew.give(crew.link)
    crew.give(crew.out)
    return crew


@asynccontextmanager
async def reaped(crew: Crew) -> AsyncIterator[None]:
    """Have everything removed at the end, by a process that outlives this one if it must."""
    # GitHub's runner kills, by this variable, what a job leaves running.
    environ = {name: value for name, value in crew.docker.environ.items() if name != "RUNNER_TRACKING_ID"}
    left = Leftovers(docker=crew.docker.program, run=crew.run, folder=str(crew.folder))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "selfheal.github.reaper"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env=environ,
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(left.model_dump_json().encode() + b"\n")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            process.stdin.write(b"done\n")
            process.stdin.close()
        if await asyncio.shield(process.wait()) != 0:
            await asyncio.to_thread(remove, left, environ)


@asynccontextmanager
async def beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Let something go on beside, and end it with the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))
