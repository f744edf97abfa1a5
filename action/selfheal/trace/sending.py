"""Spans and metrics by OTLP/HTTP to a collector, where one is named."""

from collections.abc import Sequence
from typing import Any

import requests
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import Decision, TraceIdRatioBased
from opentelemetry.trace import SpanContext

from selfheal.observability import Address

_ORDINARY = ("content-type", "content-encoding", "user-agent")


class BareSession(requests.Session):
    """Sends nothing that belongs to somebody: no header, certificate, proxy or `.netrc` of the environment."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = 0

    def request(self, method: str, url: str | bytes, *rest: Any, **options: Any) -> requests.Response:
        """Send with the ordinary headers alone."""
        given = options.get("headers") or {}
        options["headers"] = {name: value for name, value in given.items() if name.lower() in _ORDINARY}
        options["cert"] = None
        options["allow_redirects"] = False
        return super().request(method, url, *rest, **options)


def span_exporter(address: Address) -> SpanExporter:
    """What sends spans there; the environment's headers go along only where it names the address itself."""
    return OTLPSpanExporter(endpoint=address.url, session=session_for(address))


def session_for(address: Address) -> requests.Session | None:
    """None is the exporter's own session, with everything that the environment says."""
    return None if address.is_named_by_environment else BareSession()


class _Chosen(SpanExporter):
    def __init__(self, exporter: SpanExporter, share: float) -> None:
        self._exporter, self._sampler = exporter, TraceIdRatioBased(share)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        chosen = [span for span in spans if self._is_chosen(span.get_span_context())]
        return self._exporter.export(chosen) if chosen else SpanExportResult.SUCCESS

    def _is_chosen(self, context: SpanContext | None) -> bool:
        # As every sampler of this ratio says of this trace, wherever it runs.
        sampled = self._sampler.should_sample(None, context.trace_id if context else 0, "repair")
        return sampled.decision is not Decision.DROP

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def chosen_only(exporter: SpanExporter, share: float) -> SpanExporter:
    """The exporter, for the traces that a sampler of this ratio chooses."""
    return exporter if share >= 1 else _Chosen(exporter, share)
