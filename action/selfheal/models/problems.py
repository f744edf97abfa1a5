"""Turns whatever a server or a client library throws into one of the typed model faults.

Works on the shape of errors (a status code, the kind of their causes) and on the words that Ollama, llama.cpp
and vLLM use, so that no SDK has to be imported for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from selfheal.contract.engine import ModelFailure, ModelFault

_MAX_SERVER_TEXT = 300

_OUT_OF_MEMORY = (
    "requires more system memory",
    "out of memory",
    "insufficient memory",
    "unable to allocate",
    "failed to allocate",
    "cannot allocate",
    "bad_alloc",
)
_TOO_LONG = (
    "exceed_context_size",
    "exceeds the available context size",
    "exceeds the context length",
    "maximum context length",
    "context_length_exceeded",
    "prompt is too long",
)
_DIED = ("runner process has terminated", "no longer running", "unexpectedly stopped", "connection was forcibly closed")


@dataclass(frozen=True, slots=True)
class Server:
    """Which server a message is about, and what a person can do about it."""

    engine: str
    address: str
    model: str
    context_tokens: int
    start_hint: str
    """How to get the server running, as a clause: `start it with "ollama serve"`."""
    model_hint: str
    """How to get the model, as a clause."""
    key_hint: str
    """Which setting holds the API key, as a clause."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault before tokens and time are known."""

    fault: ModelFault
    message: str
    is_final: bool = False

    def failure(self, *, prompt_tokens: int = 0, completion_tokens: int = 0, wall_s: float = 0.0) -> ModelFailure:
        """The typed outcome, with what the call cost."""
        return ModelFailure(
            self.fault,
            self.message,
            self.is_final,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            wall_s=wall_s,
        )


def problem_of(error: BaseException, server: Server) -> Problem:
    """Classify an exception of an SDK, of httpx, or of the parsing in between."""
    import httpx

    status = next((code for cause in _causes(error) if (code := _status(cause)) is not None), None)
    if status is not None:
        return problem_of_reply(status, str(error), server)
    for cause in _causes(error):
        match cause:
            case httpx.ConnectError() | httpx.ConnectTimeout():
                return unreachable(server)
            case TimeoutError() | httpx.TimeoutException():
                return Problem(ModelFault.TIMEOUT, f"{server.engine} at {server.address} stopped answering")
            case httpx.TransportError():
                return died(server, "the connection broke before the answer was complete")
            case ConnectionError():
                return unreachable(server)
    if _is_reply(error):
        return problem_of_reply(None, str(error), server)
    return Problem(
        ModelFault.REJECTED,
        f"what answers at {server.address} does not speak the {server.engine} protocol ({type(error).__name__}): "
        "check the base URL",
    )


def problem_of_reply(status: int | None, text: str, server: Server) -> Problem:
    """Classify what a server said: an HTTP status with a body, or an error event inside a stream."""
    said, words = _clean(text), text.lower()
    if any(phrase in words for phrase in _OUT_OF_MEMORY):
        return Problem(
            ModelFault.OUT_OF_MEMORY,
            f"model {server.model} does not fit into memory with {server.context_tokens} tokens of context: {said}; "
            "take a smaller model or a shorter context",
            is_final=True,
        )
    if any(phrase in words for phrase in _TOO_LONG):
        return too_long(server, said)
    if any(phrase in words for phrase in _DIED):
        return died(server, said)
    match status:
        case 401 | 403:
            # The body is left out: some servers echo the key.
            message = f"{server.address} refused the API key (HTTP {status}): {server.key_hint}"
            return Problem(ModelFault.REJECTED, message, is_final=True)
        case 404:
            message = f"{server.address} does not know model {server.model} (HTTP 404): {server.model_hint}"
            return Problem(ModelFault.REJECTED, message, is_final=True)
        case 408 | 504:
            return Problem(ModelFault.TIMEOUT, f"{server.address} gave up waiting (HTTP {status}): {said}")
        case 429 | 503:
            return Problem(ModelFault.REJECTED, f"{server.address} is busy (HTTP {status}): {said}")
        case int() if status < 500:
            return Problem(ModelFault.REJECTED, f"{server.address} refused the question (HTTP {status}): {said}")
        case _:
            return died(server, said)


def unreachable(server: Server) -> Problem:
    """Nothing listens there."""
    message = f"no {server.engine} server answers at {server.address}: {server.start_hint}"
    return Problem(ModelFault.UNREACHABLE, message, is_final=True)


def died(server: Server, how: str) -> Problem:
    """The server went away in the middle; it may be back for the next question."""
    return Problem(ModelFault.CRASHED, f"{server.engine} at {server.address} failed during the answer: {how}")


def too_long(server: Server, how: str) -> Problem:
    """The question does not fit the context; a shorter one may."""
    return Problem(
        ModelFault.PROMPT_TOO_LONG,
        f"the question does not fit {server.context_tokens} tokens of context of {server.model}: {how}; "
        "ask a shorter one or raise the context length",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it, the innermost last. Bounded, since a chain may be circular."""
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _status(error: BaseException) -> int | None:
    code = getattr(error, "status_code", None)
    return code if isinstance(code, int) and code >= 400 else None


def _is_reply(error: BaseException) -> bool:
    """True for an error that the server sent inside a stream (without a status of its own)."""
    import ollama
    import openai

    if isinstance(error, ollama.ResponseError):
        return True
    return isinstance(error, openai.APIError) and not isinstance(error, openai.APIConnectionError)


def _clean(text: str) -> str:
    """One printable line of bounded length: servers are not trusted with the terminal."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text[: 4 * _MAX_SERVER_TEXT]).split())
    return line if len(line) <= _MAX_SERVER_TEXT else line[:_MAX_SERVER_TEXT] + "…"
