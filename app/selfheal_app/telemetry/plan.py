"""Where OTLP goes, by the standard variables; the exporters read headers, certificates and limits themselves."""

from prometheus_client import CollectorRegistry

from selfheal_app.settings import OtelSettings
from selfheal_app.telemetry.metering import MetricsSender
from selfheal_app.telemetry.tracing import Traces


def traces_of(settings: OtelSettings) -> Traces | None:
    """What sends spans; None where no collector is named."""
    if (address := settings.address("traces")) is None:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return Traces(OTLPSpanExporter(endpoint=address))


def sender_of(settings: OtelSettings, registry: CollectorRegistry) -> MetricsSender | None:
    """What sends the numbers; None where no collector is named."""
    if (address := settings.address("metrics")) is None:
        return None
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

    return MetricsSender(registry, OTLPMetricExporter(endpoint=address), interval_s=settings.interval_s)
