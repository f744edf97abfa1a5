"""Send the numbers of a repair by OTLP, once, when it is over."""

from collections.abc import Collection

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import Counter, Histogram
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View
from opentelemetry.sdk.resources import OTELResourceDetector, Resource

from selfheal import __version__
from selfheal.contract.report import Report
from selfheal.observability import Address, MetricName
from selfheal.trace.measures import measured
from selfheal.trace.sending import session_for

_BOUNDS: dict[MetricName, tuple[float, ...]] = {
    MetricName.TOKEN_USAGE_PER_FIX: (0, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000),
    MetricName.REPAIR_SUCCESS_RATE: (0,),
    MetricName.REPAIR_SECONDS: (1, 2, 5, 10, 20, 60, 120, 300, 600, 1200),
    MetricName.STATE_SECONDS: (0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300),
}
_WORDS: dict[MetricName, str] = {
    MetricName.AGENT_RETRY_COUNT: "Attempts after the first one.",
    MetricName.TOKEN_USAGE_PER_FIX: "Prompt and answer tokens of a repair that ended with a proved patch.",
    MetricName.REPAIR_SUCCESS_RATE: "1 for each repair that was healed, 0 for one that was not: the mean is the rate.",
    MetricName.REPAIR_SECONDS: "Seconds of a repair.",
    MetricName.STATE_SECONDS: "Seconds of all visits of a state in one repair.",
    MetricName.ABSTENTIONS: "Repairs that rightly changed nothing: not the code's fault, flaky, or only by a cheat.",
    MetricName.CHEATS_REFUSED: "Candidates that the policy refused.",
    MetricName.AGENT_SIGNALS: "Signs that a run went wrong: exhaustion, drift, loop.",
    MetricName.MODEL_TOKENS: "Tokens that models read and wrote.",
}


def send_metrics(report: Report, address: Address, names: Collection[MetricName]) -> None:
    """Send them. A collector that does not answer is logged by the exporter, and no error."""
    push(report, OTLPMetricExporter(endpoint=address.url, session=session_for(address)), names)


def push(report: Report, exporter: MetricExporter, names: Collection[MetricName]) -> None:
    """Record what is asked for, and let the exporter have it."""
    own = {"service.name": "selfheal", "service.version": __version__}
    provider = MeterProvider(
        # One reading, at the end; the exporter's own timeout is what bounds it.
        [PeriodicExportingMetricReader(exporter, export_interval_millis=float("inf"))],
        resource=Resource.create(own).merge(OTELResourceDetector().detect()),
        views=[
            View(instrument_name=f"selfheal.{name}", aggregation=ExplicitBucketHistogramAggregation(bounds))
            for name, bounds in _BOUNDS.items()
        ],
        shutdown_on_exit=False,
    )
    meter = provider.get_meter("selfheal", __version__)
    made: dict[MetricName, Counter | Histogram] = {}
    for one in measured(report):
        if one.name not in names:
            continue
        if one.name not in made:
            make = meter.create_histogram if one.is_distribution else meter.create_counter
            made[one.name] = make(f"selfheal.{one.name}", one.unit, _WORDS[one.name])
        instrument = made[one.name]
        if isinstance(instrument, Histogram):
            instrument.record(one.value, one.attributes)
        else:
            instrument.add(one.value, one.attributes)
    provider.force_flush()
    provider.shutdown()
