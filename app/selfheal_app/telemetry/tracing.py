"""Go on with the trace of a repair: what the service did with it hangs below the repair's own first span.

The ids come in the report, and so from a stranger: they choose where the spans hang and nothing else. Each span says
which repository and run it is about.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from selfheal_app.events.workflow_run import FinishedRun

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

_Value = str | int | float


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done, in nanoseconds of the wall clock."""

    name: str
    began_ns: int
    ended_ns: int
    facts: dict[str, _Value]


@dataclass(slots=True)
class Diary:
    """What is done with one delivery, until it is known which trace it belongs to."""

    deeds: list[Deed] = field(default_factory=list)

    @contextmanager
    def doing(self, name: str) -> Iterator[dict[str, _Value]]:
        """Note how long it takes; what is put into the facts goes along."""
        began_ns, facts = time.time_ns(), dict[str, _Value]()
        try:
            yield facts
        except Exception as error:
            facts["error.type"] = type(error).__name__
            raise
        finally:
            self.deeds.append(Deed(name, began_ns, time.time_ns(), facts))


class Traces:
    """Sends spans in batches, beside the work. One for the process."""

    def __init__(self, exporter: "SpanExporter", *, interval_s: float = 5.0) -> None:
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        resource = Resource.create({"service.name": "selfheal-app"}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=interval_s * 1000))
        self._tracer = self._provider.get_tracer("selfheal_app")

    def tell(self, diary: Diary, run: FinishedRun, *, trace_id: str, span_id: str) -> None:
        """Make the spans of a diary, below the span that the report names, or in a trace of their own."""
        from opentelemetry.trace import (
            NonRecordingSpan,
            SpanContext,
            SpanKind,
            Status,
            StatusCode,
            TraceFlags,
            set_span_in_context,
        )

        context = None
        if trace_id:
            flags = TraceFlags(TraceFlags.SAMPLED)
            parent = SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=flags)
            context = set_span_in_context(NonRecordingSpan(parent))
        about: dict[str, _Value] = {
            "selfheal.repository": run.repository,
            "selfheal.run_id": run.run_id,
            "selfheal.run_attempt": run.run_attempt,
        }
        began_ns = min((deed.began_ns for deed in diary.deeds), default=time.time_ns())
        whole = self._tracer.start_span(
            "handle workflow_run", context, SpanKind.CONSUMER, attributes=about, start_time=began_ns
        )
        below = set_span_in_context(whole)
        for deed in diary.deeds:
            span = self._tracer.start_span(deed.name, below, attributes=about | deed.facts, start_time=deed.began_ns)
            if "error.type" in deed.facts:
                span.set_status(Status(StatusCode.ERROR))
            span.end(deed.ended_ns)
        whole.end(max((deed.ended_ns for deed in diary.deeds), default=began_ns))

    def close(self) -> None:
        """Send the rest."""
        self._provider.shutdown()
