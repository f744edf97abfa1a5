"""OpenTelemetry spans of one repair, written to `trace.jsonl` one span at a time.

Chat spans follow the GenAI semantic conventions; everything of our own lies under `selfheal.*`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelIdentity, ModelRequest

if TYPE_CHECKING:
    from opentelemetry.trace import Span

Attribute = str | int | float | bool

_MAX_TEXT = 8_000
"""Longer texts are cut before they leave the process."""


class RecordedSpan:
    """A running span. Texts are redacted and cut before they are recorded."""

    def __init__(self, span: "Span", redact: Callable[[str], str]) -> None:
        self._span = span
        self._redact = redact

    def set(self, **attributes: Attribute | None) -> None:
        """Record attributes; `__` in a name stands for a dot. None is left out."""
        for name, value in attributes.items():
            if value is None:
                continue
            text = self._redact(value)[:_MAX_TEXT] if isinstance(value, str) else value
            self._span.set_attribute(name.replace("__", "."), text)

    def failed(self, error: BaseException) -> None:
        """Mark the span as failed by an exception."""
        from opentelemetry.trace import Status, StatusCode

        self.set(error__type=type(error).__name__, selfheal__error=str(error))
        self._span.set_status(Status(StatusCode.ERROR, self._redact(str(error))[:_MAX_TEXT]))

    def finish(self, outcome: ModelAnswer | ModelFailure) -> None:
        """Record what a model call gave."""
        self.set(
            gen_ai__usage__input_tokens=outcome.prompt_tokens,
            gen_ai__usage__output_tokens=outcome.completion_tokens,
        )
        if isinstance(outcome, ModelAnswer):
            self.set(selfheal__answer=outcome.text, gen_ai__usage__cache_read__input_tokens=outcome.cached_tokens)
        else:
            self.set(error__type=outcome.fault.value, selfheal__error=outcome.message)


class Tracer:
    """Makes the spans of one repair. `path` None records nothing on disk."""

    def __init__(self, path: Path | None, *, redact: Callable[[str], str], reasoning: bool = True) -> None:
        # OpenTelemetry costs 0.2 s to import, which `selfheal --help` should not pay.
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor

        from selfheal import __version__

        self._redact = redact
        self._reasoning = reasoning
        resource = Resource.create({"service.name": "selfheal", "service.version": __version__})
        self._provider: TracerProvider = TracerProvider(resource=resource, shutdown_on_exit=False)
        if path is not None:
            from opentelemetry.exporter.otlp.json.file.trace_exporter import FileSpanExporter

            path.unlink(missing_ok=True)
            self._provider.add_span_processor(SimpleSpanProcessor(FileSpanExporter(path)))
        self._tracer = self._provider.get_tracer("selfheal", __version__)
        self.trace_id: str | None = None

    @contextmanager
    def span(self, name: str, **attributes: Attribute | None) -> Iterator[RecordedSpan]:
        """Open a span below the current one; an exception marks it as failed and goes on."""
        # What an exception says is noted redacted, below.
        with self._tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as span:
            if self.trace_id is None:
                self.trace_id = f"{span.get_span_context().trace_id:032x}"
            recorded = RecordedSpan(span, self._redact)
            recorded.set(**attributes)
            try:
                yield recorded
            except BaseException as error:
                recorded.failed(error)
                raise

    @contextmanager
    def chat(self, request: ModelRequest, identity: ModelIdentity | None) -> Iterator[RecordedSpan]:
        """Open the span of one model call."""
        name = identity.name if identity else "unknown"
        with self.span(
            f"chat {name}",
            gen_ai__operation__name="chat",
            gen_ai__provider__name=identity.engine if identity else None,
            gen_ai__request__model=name,
            gen_ai__request__temperature=request.temperature,
            gen_ai__request__max_tokens=request.max_tokens,
            gen_ai__request__seed=request.seed,
            selfheal__purpose=request.purpose,
        ) as recorded:
            if self._reasoning:
                recorded.set(selfheal__system=request.system, selfheal__prompt=request.user)
            yield recorded

    def close(self) -> None:
        """Flush and close."""
        self._provider.shutdown()
