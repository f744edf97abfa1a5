"""The agents' side, inside the container: the repair with an executor at the other end of a socket.

Run as `python -P -m selfheal.github.agents`. It reads an `AgentsOrder` line from standard input, tells what it does on
standard error, and writes one line of `AgentsDone` or `AgentsFailed` to standard output. It ends when standard input
closes: whoever ordered the repair is gone then.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from selfheal.contract.engine import Engine, ModelAnswer, ModelFailure, ModelFault, ModelIdentity, ModelRequest
from selfheal.errors import SelfhealError
from selfheal.executor.remote import RemoteExecutor
from selfheal.github.agents_order import MODEL_WANTED, MODEL_WORD, SOCKET, AgentsDone, AgentsFailed, AgentsOrder
from selfheal.render.progress import PlainProgress
from selfheal.team.engines import LazyEngine, engine_settings
from selfheal.team.repair import RepairRequest, repair

_LOOK_S = 0.2


def main() -> int:
    """Repair as ordered; status 0 where a report was written."""
    order = AgentsOrder.model_validate_json(sys.stdin.buffer.readline())
    ended = asyncio.run(_until_left(order))
    sys.stdout.write(ended.model_dump_json() + "\n")
    sys.stdout.flush()
    return 0 if isinstance(ended, AgentsDone) else 1


async def _until_left(order: AgentsOrder) -> AgentsDone | AgentsFailed:
    """Work until it is done, or until nobody waits for it any more."""
    work = asyncio.create_task(carry_out(order))
    left = asyncio.create_task(_closed_input())
    await asyncio.wait((work, left), return_when=asyncio.FIRST_COMPLETED)
    left.cancel()
    if work.done():
        return await work
    work.cancel()
    await asyncio.wait((work,))
    return AgentsFailed(words="whoever ordered the repair is gone")


async def carry_out(order: AgentsOrder, *, engine: Engine | None = None) -> AgentsDone | AgentsFailed:
    """Connect, repair, and leave the report in the out folder. `engine` replaces the sidecar's (tests)."""
    link = Path(order.link)
    try:
        with tempfile.TemporaryDirectory() as own:
            executor = await asyncio.to_thread(RemoteExecutor.connect, link / SOCKET, token=order.token)
            request = RepairRequest(
                repo=Path(own),
                command=order.command,
                out=Path(order.out),
                settings=order.settings,
                previous=_previous(order, Path(own)),
                environ={},
                executor=executor,
            )
            chosen = engine or LazyEngine(engine_settings(order.settings, Path(own)))
            report = await repair(
                request,
                progress=PlainProgress(sys.stderr),
                engine=WaitingEngine(chosen, link=link, out=Path(order.out)),
            )
    except SelfhealError as error:
        return AgentsFailed(words=str(error))
    return AgentsDone(outcome=report.outcome.value)


class WaitingEngine:
    """An engine that may be asked before its model is there: the first question waits for the runner's word.

    Most repairs ask none: nothing is downloaded, hashed or imported for them.
    """

    def __init__(self, engine: Engine, *, link: Path, out: Path) -> None:
        self._engine = engine
        self._wanted = out / MODEL_WANTED
        self._word = link / MODEL_WORD

    async def start(self) -> ModelIdentity | ModelFailure:
        """Wait for the word, then start."""
        failure = await self._ready()
        return failure if failure is not None else await self._engine.start()

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        """Wait for the word, then ask."""
        failure = await self._ready()
        return failure if failure is not None else await self._engine.ask(request)

    @property
    def tells_likelihood(self) -> bool:
        """Whether the engine behind may be asked how likely an answer is."""
        return bool(getattr(self._engine, "tells_likelihood", False))

    async def aclose(self) -> None:
        """Close the engine behind."""
        await self._engine.aclose()

    async def _ready(self) -> ModelFailure | None:
        self._wanted.touch()
        # The word comes from outside the container, where no event of ours reaches: looking is all that there is.
        while not self._word.exists():  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S)
        words = self._word.read_text(encoding="utf-8")
        return ModelFailure(ModelFault.UNREACHABLE, words, is_final=True) if words else None


def _previous(order: AgentsOrder, folder: Path) -> Path | None:
    if order.previous is None:
        return None
    file = folder / "previous.json"
    file.write_text(order.previous, encoding="utf-8")
    return file


async def _closed_input() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1 << 16):
        pass


if __name__ == "__main__":
    sys.exit(main())
