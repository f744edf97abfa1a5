"""A real executor process on a small repository."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from selfheal.executor.handshake import REPLY, ExecutorConfig, ExecutorReady
from workspace.repositories import a_repository

TOKEN = "the-token"
SECRET = "s3cr3t-of-the-runner"
FILES = {"app.py": b"print('one')\n", "latin.txt": b"caf\xe9\n"}


@dataclass(frozen=True)
class Running:
    """The process with its folders. `scratch` is where it keeps its working copies."""

    process: asyncio.subprocess.Process
    repo: Path
    socket: Path
    scratch: Path

    async def end(self) -> int:
        """Close its standard input and wait for it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return await self.process.wait()


def config_for(tmp_path: Path, **changes: object) -> ExecutorConfig:
    folder, scratch, home = (tmp_path / name for name in ("socket", "scratch", "home"))
    for one in (folder, scratch, home):
        one.mkdir(mode=0o700, exist_ok=True)
    base = {
        "repo": str(tmp_path / "repo"),
        "socket": str(folder / "x.sock"),
        "token": TOKEN,
        "environment": {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(home)},
        "secret_values": (SECRET,),
        "scratch_parent": str(scratch),
        "max_seconds": 600.0,
    }
    return ExecutorConfig.model_validate(base | changes)


@asynccontextmanager
async def running(tmp_path: Path, **changes: object) -> AsyncIterator[Running]:
    """Start it on a repository of two files; it is gone when the block ends."""
    files = changes.pop("files", FILES)
    repo = a_repository(tmp_path / "repo", files)  # type: ignore[arg-type]
    config = config_for(tmp_path, **changes)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "selfheal.executor"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(config.model_dump_json().encode() + b"\n")
    started = Running(process, repo, Path(config.socket), Path(config.scratch_parent))
    try:
        assert isinstance(REPLY.validate_json(await process.stdout.readline()), ExecutorReady)
        yield started
    finally:
        if process.returncode is None:
            await started.end()
