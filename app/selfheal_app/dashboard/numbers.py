"""What the overview shows: counts and shares over what a person may read. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from selfheal_app.store.outcomes import Tally
from selfheal_app.store.repairs import Fate

DAYS = 30
DAY_S = 86_400.0
OUTCOMES = ("healed", "already_passing", "flaky", "not_fixable", "refused", "exhausted", "error")
TRIED = frozenset(("healed", "exhausted", "refused", "error"))
"""Outcomes that a success rate is about."""
_HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A name, how often, and which share of what was tried was healed; None where nothing was."""

    name: str
    runs: int
    healed: int
    tried: int
    tokens: int
    wall_s: float

    @property
    def share(self) -> float | None:
        """Healed of what was tried."""
        return self.healed / self.tried if self.tried else None


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything at once. `saved_min` is an estimate: merged fixes times what a person is said to take for one."""

    runs: int
    healed: int
    tried: int
    exhausted: int
    abstained: int
    cheats: int
    merged: int
    reverted: int
    closed: int
    tokens: int
    cached_tokens: int
    without_model: int
    wall_s: float
    saved_min: float

    @property
    def share(self) -> float | None:
        """Healed of what was tried."""
        return self.healed / self.tried if self.tried else None


@dataclass(frozen=True, slots=True)
class Bar:
    """One outcome of one day: a box in the drawing."""

    outcome: str
    x: float
    y: float
    width: float
    height: float


def totals(tallies: Sequence[Tally], *, minutes_a_fix: float) -> Totals:
    """Add everything up."""

    def runs(*outcomes: str) -> int:
        return sum(each.runs for each in tallies if each.outcome in outcomes)

    def fates(fate: Fate) -> int:
        return sum(each.runs for each in tallies if each.fate == fate)

    merged = fates(Fate.MERGED)
    return Totals(
        runs=sum(each.runs for each in tallies),
        healed=runs("healed"),
        tried=runs(*TRIED),
        exhausted=runs("exhausted"),
        abstained=runs("not_fixable", "flaky", "refused"),
        cheats=sum(each.cheats for each in tallies),
        merged=merged,
        reverted=fates(Fate.REVERTED),
        closed=fates(Fate.CLOSED) + fates(Fate.DISMISSED),
        tokens=sum(each.tokens for each in tallies),
        cached_tokens=sum(each.cached_tokens for each in tallies),
        without_model=sum(each.without_model for each in tallies if each.outcome == "healed"),
        wall_s=sum(each.wall_s for each in tallies),
        saved_min=merged * minutes_a_fix,
    )


def by(tallies: Sequence[Tally], key: str) -> tuple[Line, ...]:
    """Lines by `category` or `strategy`, the most frequent first."""
    found: dict[str, list[Tally]] = {}
    for each in tallies:
        name = each.category if key == "category" else each.strategy.partition(":")[0].partition("+")[0]
        if name:
            found.setdefault(name[:60], []).append(each)
    lines = [
        Line(
            name=name,
            runs=sum(each.runs for each in group),
            healed=sum(each.runs for each in group if each.outcome == "healed"),
            tried=sum(each.runs for each in group if each.outcome in TRIED),
            tokens=sum(each.tokens for each in group),
            wall_s=sum(each.wall_s for each in group),
        )
        for name, group in found.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.runs, line.name)))[:12]


def bars(days: Mapping[int, Mapping[str, int]]) -> tuple[Bar, ...]:
    """Outcomes over time, each day a stack in a drawing of 30 by 120."""
    most = max((sum(counts.values()) for counts in days.values()), default=0)
    found = []
    for day, counts in sorted(days.items()):
        top = float(_HEIGHT)
        for outcome in OUTCOMES:
            height = counts.get(outcome, 0) * _HEIGHT / most if most else 0.0
            if height:
                top -= height
                found.append(Bar(outcome, day + 0.1, round(top, 2), 0.8, round(height, 2)))
    return tuple(found)


def in_words(days: Mapping[int, Mapping[str, int]]) -> str:
    """The same for whoever does not see it."""
    sums = {outcome: sum(counts.get(outcome, 0) for counts in days.values()) for outcome in OUTCOMES}
    told = [f"{count} {name.replace('_', ' ')}" for name, count in sums.items() if count]
    return f"In {DAYS} days: {', '.join(told)}." if told else f"Nothing in {DAYS} days."
