"""`trace.jsonl`: one line of OTLP JSON a span, on disk when the span ends.

What is killed has no end, and would be missing. So spans that may take long are announced when they begin, by a line
with an OTLP log record (`selfheal.span.started`) and no span: a reader of spans finds nothing in it, ours finds what
was going on.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opentelemetry.exporter.otlp.json.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.trace import format_span_id, format_trace_id

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span

STARTED = "selfheal.span.started"
_LONG = ("repair", "state ", "invoke_agent ", "chat ", "command", "engine start", "execute_tool ")
"""How the names of spans begin that are announced."""


class TraceFile(SpanProcessor):
    """Writes a file of a private folder; flushed a line at a time, so that nothing of it is lost with the process."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._stream = path.open("a", encoding="utf-8")

    def on_start(self, span: "Span", parent_context: "Context | None" = None) -> None:
        """Announce it."""
        if span.name.startswith(_LONG):
            self._write(_announced(span))

    def on_end(self, span: ReadableSpan) -> None:
        """Write it."""
        self._write(encode_spans([span]).to_dict())

    def shutdown(self) -> None:
        """Close the file."""
        self._stream.close()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nothing waits."""
        return True

    def _write(self, line: Mapping[str, Any]) -> None:
        if not self._stream.closed:
            self._stream.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            self._stream.flush()


def _announced(span: ReadableSpan) -> dict[str, Any]:
    context = span.get_span_context()
    assert context is not None, "a span that begins has a context"
    parent = format_span_id(span.parent.span_id) if span.parent is not None else ""
    facts = {**dict(span.attributes or {}), "selfheal.parent_span_id": parent}
    record = {
        "timeUnixNano": str(span.start_time),
        "traceId": format_trace_id(context.trace_id),
        "spanId": format_span_id(context.span_id),
        "eventName": STARTED,
        "body": {"stringValue": span.name},
        "attributes": [{"key": key, "value": _value(value)} for key, value in facts.items()],
    }
    return {"resourceSpans": [], "resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}


def _value(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case _:
            return {"stringValue": str(value)}
