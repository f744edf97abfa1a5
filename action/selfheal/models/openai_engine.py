"""Any server with OpenAI's chat API: vLLM, llama.cpp's server, and the embedded engine's own child."""

from typing import TYPE_CHECKING

from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelIdentity, ModelRequest
from selfheal.models.chat import ChatSession, schema_of, silence_autogen
from selfheal.models.problems import Problem, Server
from selfheal.models.served import Served, look_up

if TYPE_CHECKING:
    import httpx

DEFAULT_BASE_URL = "http://127.0.0.1:8000/v1"
_ASSUMED_CONTEXT_TOKENS = 4096


class OpenAIEngine:
    """A model behind an OpenAI-compatible server that somebody else started.

    `base_url` ends with the API's prefix, usually `/v1`. Without `model` the server's only one is taken.
    `context_tokens` is what to count on where the server does not tell its own.
    """

    tells_likelihood = True
    """llama.cpp does; others refuse the first such question."""

    def __init__(
        self,
        *,
        base_url: str = DEFAULT_BASE_URL,
        model: str | None = None,
        api_key: str | None = None,
        context_tokens: int | None = None,
        key_setting: str = "SELFHEAL_API_KEY",
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._model = model
        self._api_key = api_key
        self._context_tokens = context_tokens
        self._key_setting = key_setting
        self._session: ChatSession | None = None
        self._identity: ModelIdentity | None = None

    async def start(self) -> ModelIdentity | ModelFailure:
        """Ask the server which models it has and how long its context is."""
        if self._identity is not None:
            return self._identity
        from selfheal.models.transport import tcp_transport

        server = self._server(self._model or "(any)", self._context_tokens or _ASSUMED_CONTEXT_TOKENS)
        found = await look_up(
            self._base_url,
            transport=lambda: tcp_transport(self._base_url),
            api_key=self._api_key,
            server=server,
            wanted=self._model,
        )
        if isinstance(found, Problem):
            return found.failure()
        context_tokens = _least(found, self._context_tokens)
        self._session = open_session(
            base_url=self._base_url,
            transport=tcp_transport(self._base_url),
            api_key=self._api_key,
            server=self._server(found.model, context_tokens),
        )
        self._identity = ModelIdentity(engine="openai", name=found.model, digest=None, context_tokens=context_tokens)
        return self._identity

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        """Ask once, starting first where that was not done."""
        if self._session is None and isinstance(failure := await self.start(), ModelFailure):
            return failure
        assert self._session is not None
        return await self._session.ask(request)

    async def aclose(self) -> None:
        """Close the connections; the server stays up."""
        session, self._session, self._identity = self._session, None, None
        if session is not None:
            await session.aclose()

    def _server(self, model: str, context_tokens: int) -> Server:
        return Server(
            engine="OpenAI-compatible",
            address=self._base_url,
            model=model,
            context_tokens=context_tokens,
            start_hint="start one there, or point the base URL at one",
            model_hint="ask for one that it serves, or start it with that model",
            key_hint=f"set {self._key_setting} to the key that the server was started with",
        )


def open_session(
    *, base_url: str, transport: "httpx.AsyncBaseTransport", api_key: str | None, server: Server
) -> ChatSession:
    """A session over AutoGen's OpenAI client, without its retries and its guesses about the model."""
    import httpx
    from autogen_core.models import ModelInfo
    from autogen_ext.models.openai import BaseOpenAIChatCompletionClient
    from openai import AsyncOpenAI

    from selfheal.models.tokens import TokenServer
    from selfheal.models.transport import TappedTransport, timeouts
    from selfheal.models.weighing import Weigher

    silence_autogen()
    tapped = TappedTransport(transport)
    headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
    plain = httpx.AsyncClient(transport=tapped, timeout=timeouts(), headers=headers)
    client = BaseOpenAIChatCompletionClient(
        client=AsyncOpenAI(
            base_url=base_url,
            # Without one the SDK would look into the environment, or refuse to start.
            api_key=api_key or "none",
            http_client=httpx.AsyncClient(transport=tapped, timeout=timeouts()),
            max_retries=0,
        ),
        create_args={"model": server.model},
        include_name_in_message=False,
        model_info=ModelInfo(
            vision=False, function_calling=False, json_output=True, family="unknown", structured_output=True
        ),
    )
    weigher = Weigher(TokenServer(plain, base_url.removesuffix("/v1")), server)
    return ChatSession(client=client, transport=tapped, server=server, arguments=_arguments, weigher=weigher)


def _arguments(request: ModelRequest) -> dict[str, object]:
    arguments: dict[str, object] = {
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
        "stream_options": {"include_usage": True},
    }
    if (schema := schema_of(request)) is not None:
        # Not AutoGen's `json_output`: its parsing client raises at the limit or at a broken answer before the
        # token counts arrive, and calls that fail cost budget too.
        arguments["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": schema, "strict": True},
        }
    return arguments


def _least(found: Served, asked: int | None) -> int:
    known = [tokens for tokens in (found.context_tokens, asked) if tokens is not None]
    return min(known, default=_ASSUMED_CONTEXT_TOKENS)
