"""The parts of Ollama's API around a conversation: which models it has, loading one, pulling one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selfheal.contract.engine import ModelFault
from selfheal.models.problems import Problem, Server, problem_of

if TYPE_CHECKING:
    import ollama

_ANSWER_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory. Either is None where an old server does not tell."""

    digest: str | None
    context_tokens: int | None


def ollama_server(base_url: str, model: str, context_tokens: int) -> Server:
    """How messages speak of a model in Ollama."""
    return Server(
        engine="Ollama",
        address=base_url,
        model=model,
        context_tokens=context_tokens,
        start_hint='start it with "ollama serve", or use another engine',
        model_hint=f"run: ollama pull {model}",
        key_hint="Ollama itself takes none, so look at the proxy in front of it",
    )


async def find(server: Server) -> str | Problem:
    """The digest of the server's model, or why it can't be had. Loads nothing."""
    try:
        async with asyncio.timeout(_ANSWER_TIMEOUT_S), _client(server.address) as client:
            listed = await client.list()
    except Exception as error:  # noqa: BLE001 - edge to a third-party client that parses a stranger's bytes
        return problem_of(error, server)
    wanted = _full_name(server.model)
    for entry in listed.models:
        if entry.model == wanted:
            return entry.digest or ""
    has = ", ".join(str(entry.model)[:80] for entry in listed.models[:8]) or "none"
    return Problem(
        ModelFault.REJECTED,
        f"Ollama at {server.address} has no model {server.model} (it has: {has}): {server.model_hint}",
        is_final=True,
    )


async def load(server: Server, *, keep_alive: str, timeout_s: float) -> Loaded | Problem:
    """Load the model with the server's context length, and read back what was applied."""
    digest = await find(server)
    if isinstance(digest, Problem):
        return digest
    try:
        async with asyncio.timeout(timeout_s), _client(server.address) as client:
            # No messages: Ollama loads the model and answers at once.
            await client.chat(
                model=server.model, messages=[], options={"num_ctx": server.context_tokens}, keep_alive=keep_alive
            )
            running = await client.ps()
    except TimeoutError:
        return Problem(
            ModelFault.TIMEOUT, f"Ollama did not load {server.model} within {timeout_s:g} s: raise the time limit"
        )
    except Exception as error:  # noqa: BLE001 - as above
        return problem_of(error, server)
    wanted = _full_name(server.model)
    for entry in running.models:
        if wanted in (entry.model, entry.name):
            return Loaded(digest or None, entry.context_length)
    return Loaded(digest or None, None)


async def pull_into_ollama(model: str, *, base_url: str, progress: Callable[[int, int, str], None]) -> Problem | None:
    """Let Ollama download a model.

    `progress` gets the bytes done, the bytes in all (0: unknown), and Ollama's own word for the step.
    """
    server = ollama_server(base_url, model, 0)
    try:
        async with _client(base_url) as client:
            async for step in await client.pull(model, stream=True):
                progress(step.completed or 0, step.total or 0, step.status or "")
    except Exception as error:  # noqa: BLE001 - as above
        return problem_of(error, server)
    return None


def _client(base_url: str) -> "ollama.AsyncClient":
    import ollama

    from selfheal.models.transport import tcp_transport, timeouts

    return ollama.AsyncClient(host=base_url, transport=tcp_transport(base_url), timeout=timeouts())


def _full_name(model: str) -> str:
    """Ollama's name with its tag: without one it means `latest`."""
    return model if ":" in model.rsplit("/", 1)[-1] else f"{model}:latest"
