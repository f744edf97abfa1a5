"""The embedded engine: xllamacpp in a supervised process, reached over a private socket."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelFault, ModelIdentity, ModelRequest
from selfheal.models.engine_process import EngineProcess, Launch, explain_end, launch
from selfheal.models.handshake import ServerFailed, Speculation
from selfheal.models.problems import Problem, Server

if TYPE_CHECKING:
    import httpx

    from selfheal.models.chat import ChatSession

DEFAULT_CONTEXT_TOKENS = 8192
DEFAULT_SPECULATION = Speculation(kind="ngram_mod", lookup_tokens=16, draft_tokens=32)
"""The best of the settings in bench/speculation.py: on rewrites three drafted tokens in four are accepted."""
_MAX_RESTARTS = 2
_END_WAIT_S = 10.0
"""How long to wait for the exit status of a server that broke the connection; a busy machine takes its time."""


class EmbeddedEngine:
    """Loads a GGUF file in a process of its own. A crash ends one answer, not the repair.

    The process is restarted at the next question, at most twice. `threads` defaults to the machine's cores.
    `name` and `digest` go into the identity; `memory_limit_bytes` caps the process's address space.
    """

    tells_likelihood = True

    def __init__(
        self,
        weights: Path,
        *,
        name: str | None = None,
        digest: str | None = None,
        context_tokens: int = DEFAULT_CONTEXT_TOKENS,
        threads: int | None = None,
        speculation: Speculation = DEFAULT_SPECULATION,
        memory_limit_bytes: int | None = None,
        start_timeout_s: float = 120.0,
    ) -> None:
        self._plan = Launch(
            weights=weights,
            alias=name or weights.stem,
            context_tokens=context_tokens,
            threads=threads or os.cpu_count() or 1,
            speculation=speculation,
            memory_limit_bytes=memory_limit_bytes,
            start_timeout_s=start_timeout_s,
        )
        self._digest = digest
        self._process: EngineProcess | None = None
        self._session: ChatSession | None = None
        self._identity: ModelIdentity | None = None
        self._launches = 0
        self._last_words = "it ended between two questions"

    async def start(self) -> ModelIdentity | ModelFailure:
        """Load the model. Takes 2 to 10 s for the default one."""
        if self._identity is not None and self._process is not None and self._process.is_running:
            return self._identity
        if not self._plan.weights.is_file():
            return _unavailable(f"no model file {self._plan.weights}: run `selfheal model pull`")
        await self._stop()
        self._launches += 1
        process = await launch(self._plan)
        if isinstance(process, ServerFailed):
            return ModelFailure(process.fault, process.message, is_final=True)
        self._process = process
        return await self._connect(process)

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        """Ask once; wakes a paused process and restarts a dead one."""
        if (failure := await self._ensure_running()) is not None:
            return failure
        assert self._session is not None
        assert self._process is not None
        self.resume()
        self._process.forget_log()
        outcome = await self._session.ask(request)
        return await self._explain_crash(outcome, self._process) if isinstance(outcome, ModelFailure) else outcome

    def pause(self) -> None:
        """Take the engine off the cores, and out of everybody's reach, until `resume` or the next question."""
        if self._process is not None:
            self._process.pause()

    def resume(self) -> None:
        """Undo `pause`. Safe to call at any time."""
        if self._process is not None:
            self._process.resume()

    @property
    def pid(self) -> int | None:
        """The engine's process id while it runs."""
        return self._process.pid if self._process is not None and self._process.is_running else None

    @property
    def address(self) -> str | None:
        """Where the server listens, `unix:///folder/engine.sock` or `http://127.0.0.1:port`: a sandbox must hide it."""
        return None if self.pid is None or self._process is None else self._process.address

    def log_tail(self) -> str:
        """The end of llama.cpp's log, for `doctor` and for bug reports."""
        return "" if self._process is None else self._process.log_tail()

    async def aclose(self) -> None:
        """End the process and remove its socket; a later question starts anew."""
        await self._stop()
        self._identity = None
        self._launches = 0

    async def _ensure_running(self) -> ModelFailure | None:
        if self._process is not None and self._process.is_running and self._session is not None:
            return None
        if self._was_last_launch:
            return _crashed(self._plan.alias, self._last_words, is_final=True)
        outcome = await self.start()
        return outcome if isinstance(outcome, ModelFailure) else None

    @property
    def _was_last_launch(self) -> bool:
        return self._launches > _MAX_RESTARTS

    async def _connect(self, process: EngineProcess) -> ModelIdentity | ModelFailure:
        from selfheal.models.openai_engine import open_session
        from selfheal.models.served import look_up

        base_url, transport = _route(process.address)
        server = self._server(process, self._plan.context_tokens)
        found = await look_up(
            base_url, transport=transport, api_key=process.api_key, server=server, wanted=self._plan.alias
        )
        if isinstance(found, Problem):
            failure = await self._explain_crash(found.failure(), process)
            await self._stop()
            return failure
        context_tokens = found.context_tokens or self._plan.context_tokens
        if context_tokens < self._plan.context_tokens:
            await self._stop()
            return ModelFailure(
                ModelFault.REJECTED,
                f"model {self._plan.alias} was trained for {context_tokens} tokens of context, "
                f"{self._plan.context_tokens} were asked for: ask for {context_tokens} or fewer",
                is_final=True,
            )
        self._session = open_session(
            base_url=base_url,
            transport=transport(),
            api_key=process.api_key,
            server=self._server(process, context_tokens),
        )
        self._identity = ModelIdentity(
            engine="embedded", name=self._plan.alias, digest=self._digest, context_tokens=context_tokens
        )
        return self._identity

    async def _explain_crash(self, outcome: ModelFailure, process: EngineProcess) -> ModelFailure:
        """Say how the process ended where it broke an answer off; every such end counts, whenever it comes."""
        if outcome.fault not in (ModelFault.CRASHED, ModelFault.UNREACHABLE):
            return outcome
        if not await process.wait_ended(_END_WAIT_S):
            # alive, and it breaks answers off: the next question must not meet it
            await process.kill()
            self._last_words = outcome.message
            return replace(outcome, is_final=self._was_last_launch)
        why = explain_end(process, self._plan)
        self._last_words = why.message
        is_out_of_memory = why.fault is ModelFault.OUT_OF_MEMORY
        return replace(
            outcome,
            fault=why.fault if is_out_of_memory else ModelFault.CRASHED,
            message=why.message,
            is_final=is_out_of_memory or self._was_last_launch,
        )

    async def _stop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.aclose()
        process, self._process = self._process, None
        if process is not None:
            await process.kill()

    def _server(self, process: EngineProcess, context_tokens: int) -> Server:
        return Server(
            engine="embedded",
            address=f"process {process.pid}",
            model=self._plan.alias,
            context_tokens=context_tokens,
            start_hint="it is started again with the next question",
            model_hint="run `selfheal model pull`",
            key_hint="start selfheal again",
        )


def _route(address: str) -> "tuple[str, Callable[[], httpx.AsyncBaseTransport]]":
    from selfheal.models.transport import tcp_transport, unix_transport

    if address.startswith("unix://"):
        return "http://embedded/v1", lambda: unix_transport(Path(address.removeprefix("unix://")))
    return f"{address}/v1", lambda: tcp_transport(address)


def _unavailable(message: str) -> ModelFailure:
    return ModelFailure(ModelFault.UNREACHABLE, message, is_final=True)


def _crashed(name: str, why: str, *, is_final: bool) -> ModelFailure:
    message = f"the engine of {name} crashed {_MAX_RESTARTS + 1} times and is not started again: {why}"
    return ModelFailure(ModelFault.CRASHED, message, is_final)
