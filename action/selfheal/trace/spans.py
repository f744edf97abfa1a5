"""OpenTelemetry spans of one repair: to `trace.jsonl` one at a time, and to a collector where one is named.

Agents, tools and chats follow the GenAI semantic conventions (`gen_ai.*`,
https://opentelemetry.io/docs/specs/semconv/gen-ai/); everything of our own lies under `selfheal.*`.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelIdentity, ModelRequest
from selfheal.contract.signals import Signal
from selfheal.observability import ExportPlan
from selfheal.trace.lineage import Lineage
from selfheal.trace.recorded import Attribute, RecordedSpan, cleaned

if TYPE_CHECKING:
    from opentelemetry.trace import SpanKind

_log = logging.getLogger("selfheal")


class Tracer:
    """Makes the spans of one repair. `path` None records nothing on disk, `plan` None sends nothing."""

    def __init__(
        self,
        path: Path | None,
        *,
        redact: Callable[[str], str],
        reasoning: bool = True,
        plan: ExportPlan | None = None,
    ) -> None:
        # OpenTelemetry costs 0.2 s to import, which `selfheal --help` should not pay.
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.sampling import ALWAYS_ON

        from selfheal import __version__
        from selfheal.trace.spoken import SpokenSpans

        self._redact = redact
        self.reasoning = reasoning
        """Whether prompts, answers and what agents say are recorded."""
        self.lineage = Lineage()
        own = {"service.name": "selfheal", "service.version": __version__}
        # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come before our own words.
        resource = Resource.create(own).merge(OTELResourceDetector().detect())
        # The file gets every span; what the environment says of sampling is about what is sent.
        self._provider = TracerProvider(resource=resource, sampler=ALWAYS_ON, shutdown_on_exit=False)
        # OTEL_SDK_DISABLED too is about what is sent (`export_plan`); this class would make no spans at all then.
        self._provider._disabled = False
        if path is not None:
            from selfheal.trace.writing import TraceFile

            self._provider.add_span_processor(TraceFile(path))
        self._provider.add_span_processor(SpokenSpans())
        if plan is not None:
            self._send(plan)
        self._tracer = self._provider.get_tracer("selfheal", __version__)
        self.trace_id: str | None = None
        self.span_id: str | None = None

    @contextmanager
    def span(
        self, name: str, *, kind: "SpanKind | None" = None, **attributes: Attribute | None
    ) -> Iterator[RecordedSpan]:
        """Open a span below the current one; an exception marks it as failed and goes on."""
        from opentelemetry.trace import SpanKind

        # What an exception says is noted redacted, below.
        with self._tracer.start_as_current_span(
            name,
            kind=kind or SpanKind.INTERNAL,
            attributes=cleaned(attributes, self._redact),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            recorded = RecordedSpan(span, self._redact)
            if self.trace_id is None:
                self.trace_id = f"{recorded.context.trace_id:032x}"
                self.span_id = f"{recorded.context.span_id:016x}"
            try:
                yield recorded
            except BaseException as error:
                recorded.failed(error)
                raise

    @contextmanager
    def chat(self, request: ModelRequest, identity: ModelIdentity | None) -> Iterator["ChatSpan"]:
        """Open the span of one model call."""
        from opentelemetry.trace import SpanKind

        name = identity.name if identity else "unknown"
        with self.span(
            f"chat {name}",
            kind=SpanKind.CLIENT,
            gen_ai__operation__name="chat",
            gen_ai__provider__name=identity.engine if identity else None,
            gen_ai__request__model=name,
            gen_ai__request__temperature=request.temperature,
            gen_ai__request__max_tokens=request.max_tokens,
            gen_ai__request__seed=request.seed,
            gen_ai__output__type="json" if request.answer_type else "text",
            selfheal__purpose=request.purpose,
        ) as recorded:
            if self.reasoning:
                recorded.message("gen_ai.system_instructions", "system", request.system)
                recorded.message("gen_ai.input.messages", "user", request.user)
                if request.forced is not None:
                    recorded.set(selfheal__given=tuple(one.text for one in request.forced.answers))
            self.lineage.answer = recorded.context
            yield ChatSpan(recorded, name, has_reasoning=self.reasoning)

    @contextmanager
    def tool(self, name: str, **attributes: Attribute | None) -> Iterator[RecordedSpan]:
        """Open the span of one tool that an agent uses."""
        with self.span(
            f"execute_tool {name}",
            gen_ai__operation__name="execute_tool",
            gen_ai__tool__name=name,
            gen_ai__tool__type="function",
        ) as recorded:
            recorded.set(**attributes)
            yield recorded

    def signal(self, signal: Signal) -> None:
        """Note on the current span, and in the log, that something goes wrong."""
        from opentelemetry import trace

        numbers: dict[str, Attribute | None] = {
            f"selfheal__signal__{measure.name}": measure.value for measure in signal.measures
        }
        recorded = RecordedSpan(trace.get_current_span(), self._redact)
        recorded.event(
            f"selfheal.{signal.kind}", selfheal__agent=signal.agent, selfheal__summary=signal.summary, **numbers
        )
        _log.warning("%s: %s", signal.kind.value, signal.summary)

    def close(self) -> None:
        """Flush and close."""
        self._provider.shutdown()

    def _send(self, plan: ExportPlan) -> None:
        if plan.warning:
            _log.warning("%s", plan.warning)
        if plan.traces is None or plan.share <= 0:
            return
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        from selfheal.trace.sending import chosen_only, span_exporter

        exporter = chosen_only(span_exporter(plan.traces), plan.share)
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=plan.interval_s * 1000))


class ChatSpan:
    """The span of a model call, and what the call gave."""

    def __init__(self, span: RecordedSpan, model: str, *, has_reasoning: bool) -> None:
        self._span, self._model, self._has_reasoning = span, model, has_reasoning

    def finish(self, outcome: ModelAnswer | ModelFailure) -> None:
        """Record the tokens, why it ended, and the answer."""
        reason = "stop" if isinstance(outcome, ModelAnswer) else outcome.fault.value
        self._span.set(
            gen_ai__usage__input_tokens=outcome.prompt_tokens,
            gen_ai__usage__output_tokens=outcome.completion_tokens,
            gen_ai__response__model=self._model,
            gen_ai__response__finish_reasons=(reason,),
        )
        if isinstance(outcome, ModelFailure):
            self._span.set(selfheal__error=outcome.message)
            self._span.broke(outcome.fault.value, outcome.message)
            return
        self._span.set(
            gen_ai__usage__cache_read__input_tokens=outcome.cached_tokens,
            selfheal__log_likelihoods=tuple(f"{one:.3f}" for one in outcome.log_likelihoods) or None,
        )
        if self._has_reasoning:
            self._span.message("gen_ai.output.messages", "assistant", outcome.text, finish_reason=reason)
