"""Find the texts that parse and are the fewest, likeliest repairs away from a broken one."""

import heapq
from functools import lru_cache
from itertools import count

from selfheal.fix.syntax.damage import Damage, Repair, damage_of
from selfheal.fix.syntax.oddities import oddity
from selfheal.fix.syntax.registry import FAMILIES

MOST_SAMPLES = 10
_MOST_PARSES = 700
_MOST_PARSED_CHARS = 12_000_000
"""Of text given to the parser in all, about six seconds' worth."""
_MOST_STEPS = 6
_KEPT = 60
_SLACK = 3.0
"""How much dearer than the cheapest a repair may be and still be weighed."""


@lru_cache(maxsize=32)
def repairs_of(text: str) -> tuple[Repair, ...]:
    """List whole repairs, the likeliest first. A file with several damages is mended step by step, front to back."""
    damage = damage_of(text)
    if damage is None:
        return ()
    order = count()
    frontier: list[tuple[float, int, Repair, Damage, int]] = []
    _push(frontier, order, damage, Repair(text, 0.0, ""), 0)
    found: list[Repair] = []
    seen: set[str] = {text}
    parses, chars, best = 0, 0, float("inf")
    while frontier and parses < _MOST_PARSES and chars < _MOST_PARSED_CHARS and len(found) < _KEPT:
        cost, _, repair, parent, steps = heapq.heappop(frontier)
        if cost > best + _SLACK:
            break
        if repair.text in seen:
            continue
        seen.add(repair.text)
        parses, chars = parses + 1, chars + len(repair.text)
        left = damage_of(repair.text)
        if left is None:
            found.append(repair)
            best = min(best, cost)
        elif steps < _MOST_STEPS and _is_progress(parent, left):
            _push(frontier, order, left, repair, steps)
    return _ranked(found)


def _push(
    frontier: list[tuple[float, int, Repair, Damage, int]],
    order: "count[int]",
    damage: Damage,
    so_far: Repair,
    steps: int,
) -> None:
    for family in FAMILIES:
        if family.says.search(damage.message) is None:
            continue
        for repair in family.repairs(damage):
            what = "; ".join(part for part in (so_far.what, repair.what) if part)
            needs_human = so_far.needs_human or repair.needs_human
            whole = Repair(repair.text, so_far.cost + repair.cost, what, needs_human)
            heapq.heappush(frontier, (whole.cost, next(order), whole, damage, steps + 1))


def _is_progress(before: Damage, after: Damage) -> bool:
    """The next error lies clearly behind the one that was mended; else the repair only moved it."""
    if "never closed" in after.message and after.line <= before.line:
        return False
    return after.line > before.line


def _ranked(found: list[Repair]) -> tuple[Repair, ...]:
    ranked = sorted(found, key=lambda repair: repair.cost + oddity(repair.text))
    return tuple(ranked[:MOST_SAMPLES])
