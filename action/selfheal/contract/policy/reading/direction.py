"""In which direction a setting loosens a check, as a table's column, and the comparison that it names."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from selfheal.contract.policy.reading.configuration import Settings, Value

_SEPARATORS = re.compile(r"[,\s]+")
_SEVERITIES: Mapping[str, int] = {"off": 0, "0": 0, "none": 0, "warn": 1, "1": 1, "info": 1, "error": 2, "2": 2}


class Loosens(StrEnum):
    """What kind of change weakens the check that the setting belongs to."""

    GROWING = "has more entries than before"
    SHRINKING = "has fewer entries than before"
    RAISING = "is higher than before"
    LOWERING = "is lower than before"
    SWITCHING_ON = "is switched on"
    SWITCHING_OFF = "is switched off"
    MILDER = "is milder than before"
    CHANGING = "is not what it was"
    NEVER = "may change"


@dataclass(frozen=True, slots=True)
class Watch:
    """One row: keys that match the whole pattern, and what loosens them."""

    pattern: re.Pattern[str]
    by: Loosens

    def names(self, key: str) -> bool:
        """True where the row is about this key."""
        return self.pattern.fullmatch(key) is not None


@dataclass(frozen=True, slots=True)
class Loosening:
    """One setting that became looser."""

    key: str
    by: Loosens
    before: Value | None
    after: Value | None


def watch(pattern: str, by: Loosens) -> Watch:
    """One row of a table. `pattern` is a regular expression over the flat key, e.g. `ruff\\.(extend_)?ignore`."""
    return Watch(re.compile(pattern, re.DOTALL), by)


def loosened(before: Settings, after: Settings, table: Iterable[Watch]) -> Iterator[Loosening]:
    """Every watched setting that is looser after than before; the first row that names a key decides."""
    rows = tuple(table)
    for key in sorted(before.keys() | after.keys()):
        row = next((row for row in rows if row.pattern.fullmatch(key)), None)
        if row is not None and is_looser(before.get(key), after.get(key), row.by):
            yield Loosening(key, row.by, before.get(key), after.get(key))


def is_looser(before: Value | None, after: Value | None, by: Loosens) -> bool:
    """Compare one setting. None means that it is not set."""
    if before == after and type(before) is type(after):
        return False
    match by:
        case Loosens.GROWING:
            return bool(entries(after) - entries(before))
        case Loosens.SHRINKING:
            return before is None or after is None or bool(entries(before) - entries(after))
        case Loosens.RAISING:
            return after is None or before is None or _number(after, 0) > _number(before, 0)
        case Loosens.LOWERING:
            return before is not None and (after is None or _number(after, 0) < _number(before, 0))
        case Loosens.SWITCHING_ON:
            return _is_on(after) and not _is_on(before)
        case Loosens.SWITCHING_OFF:
            return (_is_on(before) and not _is_on(after)) or (
                before is None and after is not None and not _is_on(after)
            )
        case Loosens.MILDER:
            return _severity(after) < (2 if before is None else _severity(before))
        case Loosens.CHANGING:
            return True
        case Loosens.NEVER:
            return False


def entries(value: Value | None) -> Counter[str]:
    """How often each entry stands in a list, or of a text with commas, blanks or line breaks between them."""
    match value:
        case None:
            return Counter()
        case tuple():
            return Counter(value)
        case _:
            return Counter(part for part in _SEPARATORS.split(str(value)) if part)


def _number(value: Value, default: float) -> float:
    try:
        return float(str(value).strip().rstrip("%"))
    except ValueError:
        return default


def _is_on(value: Value | None) -> bool:
    return value is not None and str(value).strip().lower() not in {"", "false", "0", "no", "off", "none", "()"}


def _severity(value: Value | None) -> int:
    if value is None:
        return 0
    first = value[0] if isinstance(value, tuple) and value else str(value)
    return _SEVERITIES.get(str(first).lower(), 2)
