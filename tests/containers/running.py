"""An action that is under way, as a process of its own."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from containers.real_docker import is_running, of_run
from github.test_containers import left_in

T = TypeVar("T")


@dataclass(frozen=True)
class Running:
    """Its process, and the folder for temporary files."""

    process: asyncio.subprocess.Process
    scratch: Path

    async def until(self, look: Callable[[], T]) -> T:
        """What is seen as soon as it is there; an action that ends before is the failure."""
        while not (seen := look()):
            if self.process.returncode is not None:
                pytest.fail(
                    f"it ended with {self.process.returncode}: {(await self.process.communicate())[0].decode()}"
                )
            await asyncio.sleep(0.05)
        return seen

    async def run(self) -> str:
        """The run's name, once it has a folder."""
        found = await self.until(lambda: list(self.scratch.glob("selfheal-agents-*")))
        return found[0].name.rpartition("-")[2]

    async def container(self, run: str, part: str) -> str:
        """The name of a part's container, once it runs."""
        name = f"selfheal-{run}-{part}"
        await self.until(lambda: is_running(name))
        return name


async def start(environ: dict[str, str]) -> Running:
    """Start it."""
    line = "from selfheal.cli import main; main()"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", line, "action"),
        env={**environ, "PATH": f"{Path(sys.executable).parent}:{environ['PATH']}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    return Running(process, Path(environ["TMPDIR"]))


async def gone(run: str, scratch: Path, temp: Path) -> None:
    """Wait until nothing of the run is there."""
    while of_run(run) or left_in(scratch, temp):
        await asyncio.sleep(0.1)
