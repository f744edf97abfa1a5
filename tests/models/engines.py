"""Builders of the engines under test, so that a test states only what it asks."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from models.fake_model_server import CONTEXT_TOKENS, MODEL, FakeModelServer
from selfheal.contract.base import Frozen
from selfheal.contract.engine import Forced, ModelAnswer, ModelFailure, ModelIdentity, ModelRequest
from selfheal.models import OllamaEngine, OpenAIEngine
from selfheal.models.chat import ChatSession
from selfheal.models.openai_engine import open_session
from selfheal.models.problems import Server
from selfheal.models.transport import unix_transport

Kind = Literal["embedded", "openai", "ollama"]


class Pet(Frozen):
    """A small answer type, bounded as every answer type must be."""

    name: Annotated[str, Field(max_length=20)]
    legs: Annotated[int, Field(ge=0, le=8)]


class EmbeddedWire:
    """The embedded engine's way to its server, a session over a Unix socket, without the process behind it."""

    def __init__(self, socket: str) -> None:
        server = Server(
            engine="embedded",
            address="process 1",
            model=MODEL,
            context_tokens=CONTEXT_TOKENS,
            start_hint="start it",
            model_hint="run: selfheal model pull",
            key_hint="set the key",
        )
        transport = unix_transport(Path(socket))
        self._session: ChatSession = open_session(
            base_url="http://embedded/v1", transport=transport, api_key="key", server=server
        )

    async def start(self) -> ModelIdentity | ModelFailure:
        """Nothing to start."""
        return ModelIdentity(engine="embedded", name=MODEL, digest=None, context_tokens=CONTEXT_TOKENS)

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        """Ask once."""
        return await self._session.ask(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.aclose()


def engine_for(kind: Kind, fake: FakeModelServer, socket: str) -> EmbeddedWire | OpenAIEngine | OllamaEngine:
    """An engine that talks to the fake server."""
    if kind == "openai":
        return OpenAIEngine(base_url=f"{fake.url}/v1", model=MODEL, api_key="key")
    if kind == "ollama":
        return OllamaEngine(base_url=fake.url, model=MODEL, context_tokens=CONTEXT_TOKENS)
    return EmbeddedWire(socket)


def question(
    user: str = "Say hello.",
    *,
    max_tokens: int = 24,
    timeout_s: float = 300.0,
    answer_type: type[Frozen] | None = None,
    system: str = "You are terse.",
    forced: Forced | None = None,
) -> ModelRequest:
    """A short question."""
    return ModelRequest(
        system=system,
        user=user,
        max_tokens=max_tokens,
        timeout_s=timeout_s,
        answer_type=answer_type,
        purpose="test",
        forced=forced,
    )
