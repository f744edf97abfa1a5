"""What a streamed answer says about itself, read off the wire.

AutoGen's clients drop some of it: cached tokens and llama.cpp's timings altogether, Ollama's
`done_reason` "length" (it becomes "unknown"), and every token count when a stream ends early.
"""

import json
from dataclasses import dataclass

_MAX_LINE_BYTES = 1 << 20
"""A longer line is skipped: no server sends one, and a hostile one must not fill the memory."""


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What is known so far. `pieces` counts the parts of the answer that carried text, about one a token."""

    finish_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    pieces: int = 0

    @property
    def spent_completion_tokens(self) -> int:
        """The server's count, or the pieces that arrived where the stream broke before the count."""
        return self.pieces if self.completion_tokens is None else self.completion_tokens


class StreamReader:
    """Collects the facts of one answer from its bytes, however they are cut.

    Understands server-sent events in OpenAI's form (with llama.cpp's `timings`) and Ollama's JSON lines.
    Lines that are neither are passed over: judging the answer is the client's work.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._finish_reason: str | None = None
        self._prompt_tokens: int | None = None
        self._completion_tokens: int | None = None
        self._cached_tokens: int | None = None
        self._pieces = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _MAX_LINE_BYTES:
            self._rest = b""
        for line in lines:
            self._read_line(line.strip().removeprefix(b"data:").strip())

    def facts(self) -> StreamFacts:
        """What is known by now."""
        return StreamFacts(
            self._finish_reason,
            self._prompt_tokens,
            self._completion_tokens,
            self._cached_tokens,
            self._pieces,
        )

    def _read_line(self, line: bytes) -> None:
        if not line.startswith(b"{"):
            return
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            return
        self._read_openai(event)
        self._read_ollama(event)

    def _read_openai(self, event: dict[str, object]) -> None:
        choices = event.get("choices")
        choice = _mapping(choices[0]) if isinstance(choices, list) and choices else {}
        if _mapping(choice.get("delta")).get("content"):
            self._pieces += 1
        self._finish_reason = _text(choice.get("finish_reason")) or self._finish_reason
        usage, timings = _mapping(event.get("usage")), _mapping(event.get("timings"))
        details = _mapping(usage.get("prompt_tokens_details"))
        self._prompt_tokens = _count(usage.get("prompt_tokens"), self._prompt_tokens)
        self._completion_tokens = _count(usage.get("completion_tokens"), self._completion_tokens)
        self._cached_tokens = _count(details.get("cached_tokens"), self._cached_tokens)
        self._cached_tokens = _count(timings.get("cache_n"), self._cached_tokens)

    def _read_ollama(self, event: dict[str, object]) -> None:
        if _mapping(event.get("message")).get("content"):
            self._pieces += 1
        if event.get("done") is True:
            self._finish_reason = _text(event.get("done_reason")) or "stop"
        self._prompt_tokens = _count(event.get("prompt_eval_count"), self._prompt_tokens)
        self._completion_tokens = _count(event.get("eval_count"), self._completion_tokens)


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _count(value: object, otherwise: int | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else otherwise
