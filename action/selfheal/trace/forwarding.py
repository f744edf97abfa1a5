"""Send on what agents without a network have written: their `trace.jsonl` is read where it grows, on the runner.

What agents in a container write is a stranger's: read strictly, redacted again, and bounded.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from selfheal import __version__
from selfheal.contract.trace_lines import MOST_LINE, MOST_SPANS, SpanRecord, Value, spans_of_line

_BLOCK = 1 << 20
_KINDS = tuple(SpanKind)
_AT_ONCE = 500
_NEVER_ENDED = "it had not ended when its process did"


class Forwarder:
    """Follows one growing file. `step` sends what is new; it blocks. `clock` gives Unix nanoseconds."""

    def __init__(
        self,
        path: Path,
        exporter: SpanExporter,
        *,
        redact: Callable[[str], str],
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._path, self._exporter, self._redact, self._clock = path, exporter, redact, clock
        self._open: dict[str, SpanRecord] = {}
        """What was announced and has not ended."""
        self._at, self._rest, self._sent = 0, b"", 0
        self._lock = threading.Lock()
        own = {"service.name": "selfheal", "service.version": __version__}
        self._resource = Resource.create(own).merge(OTELResourceDetector().detect())
        self._scope = InstrumentationScope("selfheal", __version__)

    def step(self) -> int:
        """Send the spans of the lines that are whole; how many bytes were new."""
        # The last step may still be under way in its thread when the end comes.
        with self._lock:
            return self._step()

    def _step(self) -> int:
        data = self._read()
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > MOST_LINE:
            self._rest = b""
        found = [span for line in lines for span in spans_of_line(line)[0]]
        ended = [span for span in found if span.end_ns is not None]
        begun = [span for span in found if span.end_ns is None]
        self._open |= {span.span_id: span for span in begun[: MOST_SPANS - len(self._open)]}
        for span in ended:
            self._open.pop(span.span_id, None)
        self._send(ended)
        return len(data)

    def close(self) -> None:
        """Send the rest, and end. What never ended, since its process was killed, ends now and as an error."""
        while self.step():
            pass
        with self._lock:
            now, left = self._clock(), tuple(self._open.values())
            self._send([_killed(span, now) for span in left])
        self._exporter.shutdown()

    def _send(self, spans: list[SpanRecord]) -> None:
        spans = spans[: MOST_SPANS - self._sent]
        self._sent += len(spans)
        for start in range(0, len(spans), _AT_ONCE):
            self._exporter.export([self._made(span) for span in spans[start : start + _AT_ONCE]])

    def _read(self) -> bytes:
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return b""
        with os.fdopen(descriptor, "rb") as stream:
            if not self._path.is_file():
                return b""
            stream.seek(self._at)
            data = stream.read(_BLOCK)
        self._at += len(data)
        return data

    def _made(self, span: SpanRecord) -> ReadableSpan:
        return ReadableSpan(
            name=self._redact(span.name)[:200],
            context=_context(span.trace_id, span.span_id),
            parent=_context(span.trace_id, span.parent_id) if span.parent_id else None,
            resource=self._resource,
            attributes=self._cleaned(span.attributes),
            events=tuple(
                Event(self._redact(each.name), self._cleaned(each.attributes), each.at_ns) for each in span.events
            ),
            links=tuple(
                Link(_context(each.trace_id, each.span_id), self._cleaned(each.attributes)) for each in span.links
            ),
            kind=_KINDS[max(0, span.kind - 1)],
            status=Status(StatusCode.ERROR, self._redact(span.error)) if span.is_error else Status(),
            start_time=span.start_ns,
            end_time=span.end_ns,
            instrumentation_scope=self._scope,
        )

    def _cleaned(self, attributes: Mapping[str, Value]) -> dict[str, Value]:
        # The agents have cut it; cutting JSON once more would break it.
        return {name: self._clean(value) for name, value in attributes.items()}

    def _clean(self, value: Value) -> Value:
        match value:
            case str():
                return self._redact(value)
            case tuple():
                return tuple(self._redact(each) for each in value)
            case _:
                return value


def _killed(span: SpanRecord, now_ns: int) -> SpanRecord:
    return replace(span, end_ns=max(span.start_ns, now_ns), is_error=True, error=_NEVER_ENDED)


def _context(trace_id: str, span_id: str) -> SpanContext:
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))
