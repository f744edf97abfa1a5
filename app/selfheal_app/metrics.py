"""What Prometheus sees. Counts are of this process; what waits is read from the database when it is asked for."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily

from selfheal_app.run_numbers import RunNumbers
from selfheal_app.store.inbox import State
from selfheal_app.store.outcomes import Tally


class Metrics:
    """The service's numbers, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.deliveries = Counter(
            "selfheal_deliveries", "Requests to the webhook by their answer.", ["status"], registry=self.registry
        )
        self.answer_s = Histogram(
            "selfheal_answer_seconds",
            "Time to an answer of the webhook.",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0),
            registry=self.registry,
        )
        self.handled = Counter(
            "selfheal_handled",
            "Deliveries worked off, by event and ending.",
            ["event", "ending"],
            registry=self.registry,
        )
        self.signals = Counter(
            "selfheal_signals",
            "Exhaustion, drift and loops that reports told of, and alerts by what became of them.",
            ["kind", "what"],
            registry=self.registry,
        )
        self._by_status: dict[int, Counter] = {}
        ProcessCollector(registry=self.registry)

    def answered(self, status: int, *, wall_s: float) -> None:
        """Count an answer of the webhook, and how long it took."""
        counter = self._by_status.get(status)
        if counter is None:
            counter = self._by_status[status] = self.deliveries.labels(status)
        counter.inc()
        self.answer_s.observe(wall_s)

    def note(self, kind: str, what: str) -> None:
        """Count a signal, or an alert."""
        self.signals.labels(kind, what).inc()

    def watch(self, count: Callable[[], dict[State, int]]) -> None:
        """Tell how many deliveries are how far; `count` blocks, and is called when the page is asked for."""
        self.registry.register(_Inbox(count))

    def watch_runs(self, tallies: Callable[[], tuple[Tally, ...]], oldest_s: Callable[[], float]) -> None:
        """Tell what became of all runs that are remembered, and how long the oldest delivery waits. Both block."""
        self.registry.register(RunNumbers(tallies, oldest_s))

    def page(self) -> bytes:
        """The text that is scraped; blocks."""
        return generate_latest(self.registry)


class _Inbox:
    def __init__(self, count: Callable[[], dict[State, int]]) -> None:
        self._count = count

    def describe(self) -> Iterator[GaugeMetricFamily]:
        yield _gauge()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        gauge = _gauge()
        for state, number in self._count().items():
            gauge.add_metric([state.value], number)
        yield gauge


def _gauge() -> GaugeMetricFamily:
    return GaugeMetricFamily("selfheal_inbox", "Deliveries by how far they are.", labels=["state"])
