"""Find the configuration texts that parse and are the fewest, likeliest repairs away from a broken one."""

import heapq
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count

from selfheal.fix.configuration import ini_text, json_text, requirement_lines, toml_text, yaml_text
from selfheal.fix.configuration.formats import format_of
from selfheal.fix.configuration.text import Broken
from selfheal.fix.syntax.damage import Repair

MOST_SAMPLES = 10
_MOST_PARSES = 300
_MOST_PARSED_CHARS = 1_500_000
_MOST_STEPS = 6
_SLACK = 1.5
_KEPT = 30

FAMILIES: dict[str, Callable[[Broken], Iterator[Repair]]] = {
    "TOML": toml_text.repairs,
    "JSON": json_text.repairs,
    "JSON with comments": json_text.repairs,
    "YAML": yaml_text.repairs,
    "INI": ini_text.repairs,
    "requirements": requirement_lines.repairs,
}
"""The repairs of each format. A new format is a line here and one in `formats`."""


@lru_cache(maxsize=64)
def repairs_of(path: str, text: str, *, is_strict: bool = False) -> tuple[Repair, ...]:
    """List whole repairs, the likeliest first; several faults are mended front to back."""
    kind = format_of(path, is_strict=is_strict)
    fault = kind.fault(text) if kind is not None else None
    if kind is None or fault is None:
        return ()
    order = count()
    frontier: list[tuple[float, int, Repair, int, int]] = []

    def push(broken: Broken, so_far: Repair, steps: int) -> None:
        for repair in FAMILIES[kind.name](broken):
            what = "; ".join(part for part in (so_far.what, repair.what) if part)
            whole = Repair(repair.text, so_far.cost + repair.cost, what, so_far.needs_human or repair.needs_human)
            heapq.heappush(frontier, (whole.cost, next(order), whole, broken.fault.line, steps + 1))

    push(Broken(text, fault), Repair(text, 0.0, ""), 0)
    found: list[Repair] = []
    seen = {text}
    parses, chars, best = 0, 0, float("inf")
    while frontier and parses < _MOST_PARSES and chars < _MOST_PARSED_CHARS and len(found) < _KEPT:
        cost, _, repair, line, steps = heapq.heappop(frontier)
        if cost > best + _SLACK:
            break
        if repair.text in seen:
            continue
        seen.add(repair.text)
        parses, chars = parses + 1, chars + len(repair.text)
        left = kind.fault(repair.text)
        if left is None:
            found.append(repair)
            best = min(best, cost)
        elif steps < _MOST_STEPS and left.line > line:
            push(Broken(repair.text, left), repair, steps)
    return tuple(found[:MOST_SAMPLES])
