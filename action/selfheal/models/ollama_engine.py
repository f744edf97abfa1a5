"""Ollama through its native API, the only one that can set the context length."""

from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelFault, ModelIdentity, ModelRequest
from selfheal.models.chat import ChatSession, schema_of, silence_autogen
from selfheal.models.ollama_api import load, ollama_server
from selfheal.models.problems import Problem, Server

DEFAULT_BASE_URL = "http://127.0.0.1:11434"
DEFAULT_MODEL = "qwen2.5-coder:1.5b"
DEFAULT_CONTEXT_TOKENS = 8192


class OllamaEngine:
    """A model in an Ollama server that somebody else started.

    `start` loads the model with `context_tokens` of context and reads back what was really applied, since Ollama
    takes less without a word where memory is short. `keep_alive` is Ollama's own notation.
    """

    def __init__(
        self,
        *,
        model: str = DEFAULT_MODEL,
        base_url: str = DEFAULT_BASE_URL,
        context_tokens: int = DEFAULT_CONTEXT_TOKENS,
        keep_alive: str = "15m",
        load_timeout_s: float = 300.0,
    ) -> None:
        self._model = model
        self._base_url = base_url.rstrip("/").removesuffix("/v1").removesuffix("/api")
        self._context_tokens = context_tokens
        self._keep_alive = keep_alive
        self._load_timeout_s = load_timeout_s
        self._session: ChatSession | None = None
        self._identity: ModelIdentity | None = None

    async def start(self) -> ModelIdentity | ModelFailure:
        """Load the model and prove its context length."""
        if self._identity is not None:
            return self._identity
        server = ollama_server(self._base_url, self._model, self._context_tokens)
        loaded = await load(server, keep_alive=self._keep_alive, timeout_s=self._load_timeout_s)
        if isinstance(loaded, Problem):
            return loaded.failure()
        applied = loaded.context_tokens
        if applied is not None and applied < self._context_tokens:
            return ModelFailure(
                ModelFault.REJECTED,
                f"Ollama applied {applied} tokens of context to {self._model}, {self._context_tokens} were asked for: "
                f"ask for {applied} or fewer, free memory, or take a model that was trained for more",
                is_final=True,
            )
        self._session = self._open_session(server)
        self._identity = ModelIdentity(
            engine="ollama", name=self._model, digest=loaded.digest, context_tokens=self._context_tokens
        )
        return self._identity

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        """Ask once, starting first where that was not done."""
        if self._session is None and isinstance(failure := await self.start(), ModelFailure):
            return failure
        assert self._session is not None
        return await self._session.ask(request)

    async def aclose(self) -> None:
        """Close the connections; the model stays loaded for `keep_alive`."""
        session, self._session, self._identity = self._session, None, None
        if session is not None:
            await session.aclose()

    def _open_session(self, server: Server) -> ChatSession:
        from autogen_core.models import ModelInfo
        from autogen_ext.models.ollama import OllamaChatCompletionClient
        from ollama import AsyncClient

        from selfheal.models.transport import TappedTransport, tcp_transport, timeouts

        silence_autogen()
        # By default Ollama cuts a long prompt, and later forgets its beginning, without a word. The SDK does
        # not know the two fields that forbid it (Ollama 0.13 and later; older ones ignore them).
        tapped = TappedTransport(
            tcp_transport(self._base_url), extra_paths=("/api/chat",), extra_fields={"truncate": False, "shift": False}
        )

        class Client(OllamaChatCompletionClient):
            """AutoGen's client over an HTTP client of ours; its own constructor takes nothing but a host."""

            def __init__(self, client: AsyncClient, *, model: str, model_info: ModelInfo) -> None:
                super(OllamaChatCompletionClient, self).__init__(
                    client, create_args={"model": model}, model_info=model_info
                )

        client = Client(
            AsyncClient(host=self._base_url, transport=tapped, timeout=timeouts()),
            model=self._model,
            model_info=ModelInfo(
                vision=False, function_calling=False, json_output=True, family="unknown", structured_output=True
            ),
        )
        return ChatSession(client=client, transport=tapped, server=server, arguments=self._arguments)

    def _arguments(self, request: ModelRequest) -> dict[str, object]:
        arguments: dict[str, object] = {
            "keep_alive": self._keep_alive,
            # Only inside `options` do unknown names survive AutoGen's client; the same num_ctx every time, since
            # another one makes Ollama load the model anew.
            "options": {
                "num_ctx": self._context_tokens,
                "num_predict": request.max_tokens,
                "temperature": request.temperature,
                "seed": request.seed,
            },
        }
        if (schema := schema_of(request)) is not None:
            arguments["format"] = schema
        return arguments
