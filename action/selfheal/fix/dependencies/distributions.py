"""From an import name to the distribution that provides it: known pairs, never a guess, and no look-alike."""

import importlib.resources
import json
from functools import lru_cache

from selfheal.contract.packages import canonical

_SHORTEST = 4


@lru_cache(1)
def _table() -> dict[str, list[str] | dict[str, str]]:
    text = importlib.resources.files(__package__).joinpath("distributions.json").read_text("utf-8")
    table: dict[str, list[str] | dict[str, str]] = json.loads(text)
    return table


def known_distribution(module: str) -> str | None:
    """The distribution of a module that is called otherwise (`yaml` → PyYAML); None where the table knows none."""
    pairs = _table()["modules"]
    assert isinstance(pairs, dict)
    parts = module.split(".")
    return next((pairs[key] for n in range(len(parts), 0, -1) if (key := ".".join(parts[:n])) in pairs), None)


def spelt(name: str) -> str:
    """A distribution's name as its authors write it, where the table knows it."""
    pairs = _table()["modules"]
    return next((one for one in _values(pairs) if canonical(one) == canonical(name)), name)


def is_popular(name: str) -> bool:
    """True for a distribution that nobody needs to be warned of."""
    return canonical(name) in _popular()


@lru_cache(1)
def _popular() -> frozenset[str]:
    table = _table()
    return frozenset(map(canonical, (*table["popular"], *_values(table["modules"]))))


def _values(pairs: list[str] | dict[str, str]) -> tuple[str, ...]:
    return tuple(pairs.values()) if isinstance(pairs, dict) else ()


def looks_like(name: str) -> str | None:
    """The popular distribution that a less known name could be taken for: one letter or some signs away."""
    wanted = canonical(name)
    if wanted in _popular() or len(wanted) < _SHORTEST:
        return None
    bare = wanted.replace("-", "")
    return next((one for one in sorted(_popular()) if bare == one.replace("-", "") or is_one_edit(wanted, one)), None)


def is_one_edit(one: str, other: str) -> bool:
    """One letter more, less or another, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    first, second = one[start:], other[start:]
    swapped = first[:2][::-1] == second[:2] and first[2:] == second[2:]
    return swapped or first[1:] == second[1:] or first[1:] == second or first == second[1:]
