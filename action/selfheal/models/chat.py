"""One question to an AutoGen model client, and everything that can become of it."""

import asyncio
import contextlib
import time
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from selfheal.contract.engine import Forced, ModelAnswer, ModelFailure, ModelFault, ModelRequest
from selfheal.models.judge import judge
from selfheal.models.problems import Problem, Server, problem_of, too_long

if TYPE_CHECKING:
    from autogen_core.models import ChatCompletionClient

    from selfheal.models.transport import TappedTransport
    from selfheal.models.weighing import Weigher

_MAX_CHARS_PER_TOKEN = 64
"""No tokenizer in use packs more text into a token on average; past it the server ignores the limit."""
_MAX_BYTES_PER_TOKEN = 16
"""A prompt longer than this per token of context is refused without asking: reading it costs minutes."""


class ChatSession:
    """Asks a client one question at a time, streaming, so that giving up on one frees the engine at once."""

    def __init__(
        self,
        *,
        client: "ChatCompletionClient",
        transport: "TappedTransport",
        server: Server,
        arguments: Callable[[ModelRequest], dict[str, object]],
        weigher: "Weigher | None" = None,
    ) -> None:
        self._client = client
        self._transport = transport
        self._server = server
        self._arguments = arguments
        self._weigher = weigher
        self._turn = asyncio.Lock()

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        """Ask once. Cancelling propagates, and closes the connection first."""
        started = time.monotonic()
        if (refusal := self._refuse_unasked(request)) is not None:
            return refusal.failure()
        if request.forced is not None:
            return await self._weigh(request, request.forced)
        async with self._turn:
            self._transport.begin()
            try:
                async with asyncio.timeout(request.timeout_s):
                    text = await self._read(request)
            except TimeoutError:
                outcome: str | Problem = Problem(
                    ModelFault.TIMEOUT,
                    f"{self._server.engine} gave no whole answer to a {request.purpose} question within "
                    f"{request.timeout_s:.3g} s: raise the time limit, or ask for less",
                )
            except Exception as error:  # noqa: BLE001 - edge to third-party clients that parse a stranger's bytes
                outcome = problem_of(error, self._server)
            else:
                outcome = text
            finally:
                await self._transport.release()
            facts = self._transport.facts()
        return judge(outcome, request=request, facts=facts, server=self._server, wall_s=time.monotonic() - started)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()
        await self._transport.aclose()

    async def _weigh(self, request: ModelRequest, forced: Forced) -> ModelAnswer | ModelFailure:
        if self._weigher is None:
            message = f"{self._server.engine} does not tell how likely an answer is"
            return Problem(ModelFault.REJECTED, message).failure()
        async with self._turn:
            return await self._weigher.weigh(request, forced)

    def _refuse_unasked(self, request: ModelRequest) -> Problem | None:
        prompt_bytes = len((request.system + request.user).encode("utf-8", "replace"))
        if prompt_bytes <= self._server.context_tokens * _MAX_BYTES_PER_TOKEN:
            return None
        return too_long(self._server, f"it has {prompt_bytes} bytes")

    async def _read(self, request: ModelRequest) -> str:
        from autogen_core.models import CreateResult, LLMMessage, SystemMessage, UserMessage

        limit = request.max_tokens * _MAX_CHARS_PER_TOKEN
        pieces: list[str] = []
        length = 0
        text: str | None = None
        messages: list[LLMMessage] = [
            SystemMessage(content=request.system),
            UserMessage(content=request.user, source="user"),
        ]
        stream = self._client.create_stream(messages, extra_create_args=self._arguments(request))
        async with contextlib.aclosing(stream) as parts:
            async for part in parts:
                if isinstance(part, CreateResult):
                    text = part.content if isinstance(part.content, str) else None
                    continue
                pieces.append(part)
                length += len(part)
                if length > limit:
                    break
        # The Ollama client leaves the result empty when the answer came in one piece.
        return "".join(pieces) if text is None else text


def silence_autogen() -> None:
    """Keep AutoGen's advice to its own developers off the user's terminal.

    Its warnings are charged to their caller, which is this module.
    """
    warnings.filterwarnings("ignore", category=UserWarning, module=r"(autogen_ext|selfheal\.models)\..*")


def schema_of(request: ModelRequest) -> dict[str, object] | None:
    """The JSON schema that the engine must keep to, or None for free text."""
    return None if request.answer_type is None else request.answer_type.model_json_schema()
