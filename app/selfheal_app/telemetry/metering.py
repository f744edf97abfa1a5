"""Send by OTLP what `/metrics` shows: one registry, two ways out."""

import logging
import threading
import time
from collections.abc import Iterable

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricExporter,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.samples import Sample
from sqlalchemy.exc import SQLAlchemyError

_log = logging.getLogger(__name__)
_CUMULATIVE = AggregationTemporality.CUMULATIVE


class MetricsSender:
    """A thread that reads the registry and sends it, each interval and once more at the end."""

    def __init__(self, registry: CollectorRegistry, exporter: MetricExporter, *, interval_s: float) -> None:
        self._registry, self._exporter, self._interval_s = registry, exporter, interval_s
        self._began_ns = time.time_ns()
        resource = Resource.create({"service.name": "selfheal-app"}).merge(OTELResourceDetector().detect())
        self._resource, self._scope = resource, InstrumentationScope("selfheal_app")
        self._is_told = threading.Event()
        self._thread = threading.Thread(target=self._run, name="metrics", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Send once more, and end."""
        self._is_told.set()
        self._thread.join()
        self._exporter.shutdown()

    def _run(self) -> None:
        while not self._is_told.wait(self._interval_s):
            self._send()
        self._send()

    def _send(self) -> None:
        try:
            families = list(self._registry.collect())
        except SQLAlchemyError as error:
            _log.error("the numbers can't be read: %s", type(error).__name__)
            return
        metrics = [made for family in families if (made := self._metric(family)) is not None]
        scope = ScopeMetrics(self._scope, metrics, "")
        self._exporter.export(MetricsData([ResourceMetrics(self._resource, [scope], "")]))

    def _metric(self, family: Family) -> Metric | None:
        now_ns = time.time_ns()
        if family.type == "histogram":
            points = [self._histogram(group, now_ns) for group in _series(family.samples)]
            return Metric(family.name, family.documentation, family.unit, Histogram(points, _CUMULATIVE))
        numbers = [
            NumberDataPoint(dict(sample.labels), self._began_ns, now_ns, sample.value)
            for sample in family.samples
            if not sample.name.endswith("_created")
        ]
        if not numbers:
            return None
        data: Sum | Gauge = Sum(numbers, _CUMULATIVE, True) if family.type == "counter" else Gauge(numbers)
        return Metric(family.name, family.documentation, family.unit, data)

    def _histogram(self, samples: list[Sample], now_ns: int) -> HistogramDataPoint:
        buckets = sorted((float(s.labels["le"]), int(s.value)) for s in samples if s.name.endswith("_bucket"))
        counts = [count - before for (_, count), before in zip(buckets, [0, *(c for _, c in buckets)], strict=False)]
        labels = {name: value for name, value in samples[0].labels.items() if name != "le"}
        return HistogramDataPoint(
            attributes=labels,
            start_time_unix_nano=self._began_ns,
            time_unix_nano=now_ns,
            count=buckets[-1][1] if buckets else 0,
            sum=next((s.value for s in samples if s.name.endswith("_sum")), 0.0),
            bucket_counts=counts,
            explicit_bounds=[bound for bound, _ in buckets[:-1]],
            min=0.0,
            max=0.0,
        )


def _series(samples: Iterable[Sample]) -> Iterable[list[Sample]]:
    """The samples of each set of labels."""
    found: dict[tuple[tuple[str, str], ...], list[Sample]] = {}
    for sample in samples:
        if not sample.name.endswith("_created"):
            key = tuple(sorted((name, value) for name, value in sample.labels.items() if name != "le"))
            found.setdefault(key, []).append(sample)
    return found.values()
