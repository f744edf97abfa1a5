"""Chooses the engine: the one that was asked for, or the best one that is there."""

import asyncio
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from selfheal.contract.engine import Engine, ModelFailure, ModelFault
from selfheal.models.catalogue import DEFAULT_WEIGHTS
from selfheal.models.embedded import DEFAULT_CONTEXT_TOKENS, EmbeddedEngine
from selfheal.models.fetching import fetch
from selfheal.models.ollama_engine import DEFAULT_BASE_URL, OllamaEngine
from selfheal.models.openai_engine import OpenAIEngine
from selfheal.models.store import Located, WeightsStore

EngineKind = Literal["auto", "embedded", "ollama", "openai"]
_PROBE_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What the user said about the model. `model` is a catalogue name, the path of a GGUF file, or the server's name.

    `threads` counts for the embedded engine alone; None means all cores. With `fetch` its weights are downloaded
    where they are missing, when the first question comes.
    """

    models_dir: Path
    kind: EngineKind = "auto"
    model: str | None = None
    base_url: str | None = None
    api_key: str | None = None
    context_tokens: int = DEFAULT_CONTEXT_TOKENS
    threads: int | None = None
    fetch: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine, not started yet, and in words why it was taken."""

    engine: Engine
    reason: str


async def choose_engine(settings: EngineSettings) -> Choice | ModelFailure:
    """Make the engine that `settings.kind` names; for `auto` Ollama where it has the model, else the embedded one."""
    match settings.kind:
        case "openai":
            return _openai(settings, "asked for")
        case "ollama":
            return _ollama(settings, "asked for")
        case "embedded":
            return await _embedded(settings, "asked for")
        case "auto":
            return await _best(settings)


async def _best(settings: EngineSettings) -> Choice | ModelFailure:
    base_url = settings.base_url or DEFAULT_BASE_URL
    if settings.api_key is not None or urlsplit(base_url).path.rstrip("/").endswith("/v1"):
        return _openai(settings, f"{base_url} is given with an API key or as an OpenAI-compatible address")
    if not await _listens(base_url):
        why_not = f"nothing answers at {base_url}"
    else:
        from selfheal.models.ollama_api import find, ollama_server

        found = await find(ollama_server(base_url, _ollama_model(settings), settings.context_tokens))
        if isinstance(found, str):
            return _ollama(settings, f"Ollama at {base_url} has the model")
        why_not = found.message
    if settings.base_url is not None:
        return ModelFailure(ModelFault.UNREACHABLE, f"{why_not}: mend it, or leave the base URL out", is_final=True)
    embedded = await _embedded(settings, why_not)
    if isinstance(embedded, Choice):
        return embedded
    message = f"no model is at hand: {why_not}; embedded engine: {embedded.message}"
    return ModelFailure(embedded.fault, message, is_final=True)


async def _embedded(settings: EngineSettings, reason: str) -> Choice | ModelFailure:
    if importlib.util.find_spec("xllamacpp") is None:
        message = "xllamacpp is not installed: pip install 'selfheal[embedded]'"
        return ModelFailure(ModelFault.UNREACHABLE, message, is_final=True)
    store = WeightsStore(settings.models_dir)
    # Hashing a gigabyte, where that was not done before, must not hold up the loop.
    name = settings.model or DEFAULT_WEIGHTS.name
    located = await asyncio.to_thread(store.locate, name)
    if not isinstance(located, Located) and settings.fetch and store.known(name) is not None:
        await fetch(settings.models_dir, name)
        located = await asyncio.to_thread(store.locate, name)
    if not isinstance(located, Located):
        return ModelFailure(ModelFault.UNREACHABLE, located.message, is_final=True)
    engine = EmbeddedEngine(
        located.path,
        name=located.name,
        digest=None if located.sha256 is None else f"sha256:{located.sha256}",
        context_tokens=settings.context_tokens,
        threads=settings.threads,
    )
    return Choice(engine, f"embedded: {reason}")


def _ollama(settings: EngineSettings, reason: str) -> Choice:
    engine = OllamaEngine(
        model=_ollama_model(settings),
        base_url=settings.base_url or DEFAULT_BASE_URL,
        context_tokens=settings.context_tokens,
    )
    return Choice(engine, f"ollama: {reason}")


def _openai(settings: EngineSettings, reason: str) -> Choice | ModelFailure:
    if settings.base_url is None:
        message = "the openai engine needs to know where its server is: give --base-url http://HOST:PORT/v1"
        return ModelFailure(ModelFault.REJECTED, message, is_final=True)
    engine = OpenAIEngine(
        base_url=settings.base_url,
        model=settings.model,
        api_key=settings.api_key,
        context_tokens=settings.context_tokens,
    )
    return Choice(engine, f"openai: {reason}")


def _ollama_model(settings: EngineSettings) -> str:
    if settings.model is None:
        return DEFAULT_WEIGHTS.ollama_name
    known = WeightsStore(settings.models_dir).known(settings.model)
    return settings.model if known is None else known.ollama_name


async def _listens(url: str) -> bool:
    """True when something accepts connections there; cheaper than loading an SDK to find out."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(_PROBE_TIMEOUT_S):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
            )
    except (OSError, TimeoutError, ValueError):
        return False
    writer.close()
    return True
