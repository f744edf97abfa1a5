"""Fit what a sample of each searching strategy is worth on repairs that were measured and kept.

    make bench-repair ARGS="--keep kept --records kept.jsonl"
    python bench/portfolio.py kept [--write]     prints, or writes, action/selfheal/team/portfolio.json

The worth of a strategy's first sample is how often it brings a repair forward, by the second that it costs, against
that of a rewriting by the model; each further one is worth as much less as those after the first were, in the mean.
A strategy that was drawn too seldom keeps what it has.
"""

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from selfheal.team.portfolio import Worth, portfolio

TABLE = Path(__file__).parents[1] / "action" / "selfheal" / "team" / "portfolio.json"
UNIT = "rewrite_function"
LEAST = 8
"""So many first samples must have been drawn."""
LEAST_FURTHER = 0.07
"""What is worth less comes last and yet is drawn, being above the supervisor's least: a larger model than the one that
was measured may make use of what its first sample gave."""
FORWARD = ("proved", "improved")


@dataclass(slots=True)
class Draws:
    """What the samples of a strategy gave: (did it help, seconds) for the first ones and for those after them."""

    first: list[tuple[bool, float]] = field(default_factory=list)
    further: list[tuple[bool, float]] = field(default_factory=list)


def main() -> int:
    """Read the reports, fit, print or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kept", type=Path, help="the folder of --keep")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    table = fitted(draws_of(sorted(options.kept.glob("*/report.json"))), portfolio())
    rows = {name: json.dumps(worth.model_dump(exclude_defaults=True)) for name, worth in table.items()}
    text = "{\n" + ",\n".join(f'  "{name}": {row}' for name, row in rows.items()) + "\n}\n"
    print(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")
    return 0


def draws_of(reports: list[Path]) -> dict[str, Draws]:
    """Every attempt of every report, by its strategy."""
    found: dict[str, Draws] = defaultdict(Draws)
    for path in reports:
        seen: set[str] = set()
        for attempt in json.loads(path.read_bytes())["attempts"]:
            name = attempt["strategy"]
            row = (attempt["verdict"] in FORWARD, float(attempt["wall_s"]))
            (found[name].further if name in seen else found[name].first).append(row)
            seen.add(name)
    return dict(found)


def fitted(draws: dict[str, Draws], known: dict[str, Worth]) -> dict[str, Worth]:
    """The table with what the draws say, where they say enough."""
    unit = _gain(draws.get(UNIT, Draws()).first)
    if unit is None:
        return known
    table = dict(known)
    for name, worth in known.items():
        first = _gain(draws[name].first) if name in draws else None
        if first is None:
            continue
        changes: dict[str, float] = {"first": round(known[UNIT].first * first / unit, 3)}
        further = _gain(draws[name].further)
        if further is not None:
            changes["further"] = round(min(1.0, max(LEAST_FURTHER, further / first)), 3)
        table[name] = worth.model_copy(update=changes)
    return table


def _gain(rows: list[tuple[bool, float]]) -> float | None:
    """Help by the second, as if one more sample of average cost had helped by a tenth; None of too few samples."""
    if len(rows) < LEAST:
        return None
    seconds = sum(wall_s for _, wall_s in rows)
    return (sum(helped for helped, _ in rows) + 0.1) / (seconds * (len(rows) + 1) / len(rows) + 0.1)


if __name__ == "__main__":
    raise SystemExit(main())
