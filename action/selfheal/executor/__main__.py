"""The executor's own process: it ends with its parent, and leaves no working copy and no process behind.

Run as `python -P -m selfheal.executor`. It reads an `ExecutorConfig` line from standard input, writes one line of
`ExecutorReady` or `ExecutorFailed` to standard output, and serves until standard input closes.
"""

import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from selfheal.config import packages_dir
from selfheal.executor.handshake import ExecutorConfig, ExecutorFailed, ExecutorReady
from selfheal.executor.local import ExecutorSettings, LocalExecutor
from selfheal.executor.server import ExecutorServer, serving
from selfheal.logs import Redactor, prepare
from selfheal.private_process import keep_private
from selfheal.verify import Limits, find_ladder
from selfheal.workspace import WorkspaceProblem


def main() -> int:
    """Serve until the parent is gone, told to end, or out of time."""
    keep_private()
    config = ExecutorConfig.model_validate_json(sys.stdin.readline())
    return asyncio.run(serve(config))


async def serve(config: ExecutorConfig) -> int:
    """Copy the tree, listen, wait for the end, take everything away."""
    folder = Path(config.socket).parent
    settings = ExecutorSettings(
        environment=config.environment,
        ladder=await asyncio.to_thread(find_ladder, allow_network=config.allow_network),
        scratch_parent=Path(config.scratch_parent),
        warm_longest_s=config.max_seconds,
        limits=Limits(memory_bytes=config.memory_bytes, processes=config.processes),
        hidden=(folder, *map(Path, config.hidden)),
        packages_dir=Path(config.packages_dir) if config.packages_dir else packages_dir(),
    )
    prepare()
    executor = await asyncio.to_thread(LocalExecutor.open, Path(config.repo), settings)
    if isinstance(executor, WorkspaceProblem):
        _say(ExecutorFailed(message=f"{executor.message}: {executor.advice}"))
        return 1
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(executor.aclose)
        server = ExecutorServer(executor, token=config.token, redact=Redactor(config.secret_values).redact)
        try:
            await stack.enter_async_context(serving(server, Path(config.socket)))
        except OSError as error:
            _say(ExecutorFailed(message=f"can't listen on {config.socket}: {error.strerror or error}"))
            return 1
        _say(ExecutorReady())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_told_to_end(), config.max_seconds)
    return 0


async def _told_to_end() -> None:
    """Wait for a signal, or for the end of standard input: the parent holds its other end."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    waits = (asyncio.create_task(ended.wait()), asyncio.create_task(reader.read()))
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


def _say(words: ExecutorReady | ExecutorFailed) -> None:
    sys.stdout.write(words.model_dump_json() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
