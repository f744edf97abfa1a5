"""What became of runs, as gauges: read from the database when they are asked for, the same in every replica.

Categories and strategies come in reports, and so from strangers: a name that is none of ours, or one too many, is
`other`, so that nobody can make a million series.
"""

import re
from collections.abc import Callable, Iterator

from prometheus_client.core import GaugeMetricFamily

from selfheal_app.dashboard.numbers import TRIED
from selfheal_app.store.outcomes import Tally

_NAME = re.compile(r"[a-z_]{1,40}")
_MOST_NAMES = 60


class RunNumbers:
    """A collector for a registry."""

    def __init__(self, tallies: Callable[[], tuple[Tally, ...]], oldest_s: Callable[[], float]) -> None:
        self._tallies, self._oldest_s = tallies, oldest_s

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Without asking the database."""
        yield from _families()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Ask it."""
        runs, share, tokens, seconds, cheats, oldest = _families()
        sums: dict[tuple[str, str, str, str], int] = {}
        by_kind: dict[tuple[str, str], list[Tally]] = {}
        names: dict[str, None] = {}
        for each in sorted(self._tallies(), key=lambda tally: -tally.runs):
            strategy = _known(each.strategy.partition(":")[0].partition("+")[0], names)
            category = _known(each.category, names)
            key = (each.outcome, category, strategy, each.fate or "open")
            sums[key] = sums.get(key, 0) + each.runs
            by_kind.setdefault((category, strategy), []).append(each)
        for key, number in sums.items():
            runs.add_metric(key, number)
        for labels, group in by_kind.items():
            tried = sum(each.runs for each in group if each.outcome in TRIED)
            healed = sum(each.runs for each in group if each.outcome == "healed")
            if tried:
                share.add_metric(labels, healed / tried)
            tokens.add_metric(labels, sum(each.tokens for each in group))
            seconds.add_metric(labels, sum(each.wall_s for each in group))
            cheats.add_metric(labels, sum(each.cheats for each in group))
        oldest.add_metric((), self._oldest_s())
        yield from (runs, share, tokens, seconds, cheats, oldest)


def _known(name: str, names: dict[str, None]) -> str:
    if not name:
        return "none"
    if _NAME.fullmatch(name) is None or (name not in names and len(names) >= _MOST_NAMES):
        return "other"
    names[name] = None
    return name


def _families() -> tuple[GaugeMetricFamily, ...]:
    kind = ("category", "strategy")
    return (
        GaugeMetricFamily(
            "selfheal_runs",
            "Runs that are remembered, by outcome and by what people made of the fix.",
            labels=("outcome", *kind, "fate"),
        ),
        GaugeMetricFamily("selfheal_success_ratio", "Healed of what could be tried.", labels=kind),
        GaugeMetricFamily("selfheal_run_tokens", "Prompt and answer tokens of all runs.", labels=kind),
        GaugeMetricFamily("selfheal_run_seconds", "Seconds of all runs.", labels=kind),
        GaugeMetricFamily("selfheal_cheats_refused", "Candidates that the policy refused.", labels=kind),
        GaugeMetricFamily("selfheal_inbox_oldest_seconds", "Age of the oldest delivery that is not worked off."),
    )
