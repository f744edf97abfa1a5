"""A running span, and what is done to a text before it leaves the process."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Span, SpanContext

Attribute = str | int | float | bool | tuple[str, ...]
MAX_TEXT = 8_000
MAX_MESSAGE = 16_000
"""Longer texts are cut in the middle before they leave the process: prompts and answers, and all others."""


def cut(text: str, most: int = MAX_TEXT) -> str:
    """The beginning and the end of a text, and how much was left out between them."""
    if len(text) <= most:
        return text
    head = most * 2 // 3
    return f"{text[:head]}\n… {len(text) - most} characters cut …\n{text[head - most :]}"


class RecordedSpan:
    """Records attributes, events and links. Every text is redacted, then cut."""

    def __init__(self, span: "Span", redact: Callable[[str], str]) -> None:
        self._span = span
        self._redact = redact

    @property
    def context(self) -> "SpanContext":
        """What another span links to."""
        return self._span.get_span_context()

    def set(self, **attributes: Attribute | None) -> None:
        """Record attributes; `__` in a name stands for a dot. None is left out."""
        self._span.set_attributes(cleaned(attributes, self._redact))

    def message(self, name: str, role: str, text: str, *, finish_reason: str = "") -> None:
        """Record a message of a chat in the form of the GenAI conventions: a JSON list of messages with parts."""
        clean = cut(self._redact(text), MAX_MESSAGE)
        said: dict[str, object] = {"role": role, "parts": [{"type": "text", "content": clean}]}
        if finish_reason:
            said["finish_reason"] = finish_reason
        self._span.set_attribute(name, json.dumps([said], ensure_ascii=False))

    def event(self, name: str, **attributes: Attribute | None) -> None:
        """Record that something happened now."""
        self._span.add_event(name, cleaned(attributes, self._redact))

    def link(self, context: "SpanContext | None", kind: str) -> None:
        """Say what this came from, in the same trace."""
        if context is not None:
            self._span.add_link(context, {"selfheal.link": kind})

    def failed(self, error: BaseException) -> None:
        """Mark the span as failed by an exception."""
        self.set(selfheal__error=str(error))
        self.broke(type(error).__name__, str(error))

    def broke(self, kind: str, message: str) -> None:
        """Mark the span as failed."""
        from opentelemetry.trace import Status, StatusCode

        self.set(error__type=kind)
        self._span.set_status(Status(StatusCode.ERROR, cut(self._redact(message))))


def cleaned(attributes: Mapping[str, Attribute | None], redact: Callable[[str], str]) -> dict[str, Attribute]:
    """Attributes as they may leave the process."""
    return {name.replace("__", "."): _clean(value, redact) for name, value in attributes.items() if value is not None}


def _clean(value: Attribute, redact: Callable[[str], str]) -> Attribute:
    match value:
        case str():
            return cut(redact(value))
        case tuple():
            return tuple(cut(redact(each)) for each in value)
        case _:
            return value
