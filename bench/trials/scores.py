"""The table: what each contestant reached in each set, and at what price."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

from trials.records import Record

HEAD = (
    f"{'set':<12}{'who':<10}{'cases':>6}{'plausible':>11}{'correct':>9}{'overfit':>9}{'of auto':>9}"
    f"{'median s':>10}{'p90 s':>8}{'calls':>7}{'tokens':>9}{'tokens/correct':>16}"
)
LEGEND = (
    "plausible: it claims to have healed and the visible tests pass; correct: the hidden tests pass too; overfit: the\n"
    "share of the plausible that is not correct; of auto: of those alone that it lets be merged without a person;\n"
    "seconds, calls and tokens: over all cases, whatever came of them"
)


@dataclass(frozen=True, slots=True)
class Score:
    """One contestant in one set."""

    group: str
    contestant: str
    cases: int
    plausible: int
    correct: int
    auto: int
    auto_correct: int
    median_s: float
    p90_s: float
    calls: int
    tokens: int

    @property
    def overfit(self) -> float:
        """The share of what passes the visible tests that the hidden ones fail."""
        return (self.plausible - self.correct) / self.plausible if self.plausible else 0.0

    @property
    def auto_overfit(self) -> float:
        """The same of what may be merged without a person."""
        return (self.auto - self.auto_correct) / self.auto if self.auto else 0.0

    @property
    def tokens_per_correct(self) -> float | None:
        """The price of a right repair; None where there is none."""
        return self.tokens / self.correct if self.correct else None


def scores(records: Sequence[Record]) -> tuple[Score, ...]:
    """Add up, set by set, and over all where there are several."""
    groups = list(dict.fromkeys(record.group for record in records))
    names = list(dict.fromkeys(record.contestant for record in records))
    parts = [(group, [one for one in records if one.group == group]) for group in groups]
    parts += [("all", list(records))] if len(groups) > 1 else []
    found = []
    for group, rows in parts:
        found += [
            _score(group, name, own) for name in names if (own := [one for one in rows if one.contestant == name])
        ]
    return tuple(found)


def _score(group: str, name: str, rows: list[Record]) -> Score:
    seconds = [row.wall_s for row in rows]
    return Score(
        group=group,
        contestant=name,
        cases=len(rows),
        plausible=sum(row.is_healed for row in rows),
        correct=sum(row.is_right for row in rows),
        auto=sum(row.is_healed and row.is_auto for row in rows),
        auto_correct=sum(row.is_right and row.is_auto for row in rows),
        median_s=round(median(seconds), 1),
        p90_s=round(quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0], 1),
        calls=sum(row.calls for row in rows),
        tokens=sum(row.tokens for row in rows),
    )


def lines(found: Sequence[Score]) -> list[str]:
    """The table, and how selfheal stands to the others in each set."""
    rows = [HEAD]
    for one in found:
        price = "-" if one.tokens_per_correct is None else f"{one.tokens_per_correct:.0f}"
        rows.append(
            f"{one.group:<12}{one.contestant:<10}{one.cases:>6}{one.plausible:>11}{one.correct:>9}{one.overfit:>9.1%}"
            f"{one.auto_overfit:>9.1%}{one.median_s:>10.1f}{one.p90_s:>8.1f}{one.calls:>7}{one.tokens:>9}{price:>16}"
        )
    return [*rows, *_ratios(found), LEGEND]


def _ratios(found: Sequence[Score]) -> list[str]:
    rows = []
    own = {one.group: one for one in found if one.contestant == "selfheal"}
    for other in found:
        mine = own.get(other.group)
        if other.contestant == "selfheal" or mine is None or mine.cases != other.cases:
            continue
        correct = (
            f"{mine.correct / other.correct:.2f} times as many correct" if other.correct else "it has none correct"
        )
        tokens = f"{mine.tokens / other.tokens:.2f} of its tokens" if other.tokens else "it used no tokens"
        rows.append(f"{other.group}: beside {other.contestant}: {correct}, {tokens}")
    return rows


def as_rows(found: Sequence[Score]) -> list[dict[str, Any]]:
    """For the JSON."""
    return [
        asdict(one) | {"overfit": round(one.overfit, 4), "auto_overfit": round(one.auto_overfit, 4)} for one in found
    ]
