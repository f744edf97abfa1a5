"""Let every verdict narrow the search: what a place did to the failure tells what further edits of it are worth."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from selfheal.contract.trials import Ended, Trial
from selfheal.fix.search.candidates import Candidate

_FRAME = re.compile(r"^\S+:(\d+): in ", re.MULTILINE)
_ENOUGH = 3
"""So many edits of a line that all leave the failure as it was say that the line has no part in it."""
_FURTHER = 1.6
_IDLE = 0.5


@dataclass(slots=True)
class _Place:
    tried: int = 0
    has_moved: bool = False
    is_further: bool = False


def learned(rest: Sequence[Candidate], seen: Sequence[tuple[Candidate, Trial | None]], base: Trial) -> list[Candidate]:
    """Order what is left: an edit's line rises where another edit moved the failure further, and sinks where none
    changed anything of it."""
    places: dict[tuple[int, int], _Place] = defaultdict(_Place)
    for candidate, trial in seen:
        if trial is None or trial.ended is not Ended.RAN or not trial.tests:
            continue
        place = places[candidate.suspect, candidate.line]
        place.tried += 1
        place.has_moved |= _has_changed(trial, base) or _told(trial) != _told(base)
        place.is_further |= _is_further(trial, base)
    return sorted(rest, key=lambda one: -one.score * _factor(places.get((one.suspect, one.line))))


def _factor(place: _Place | None) -> float:
    if place is None:
        return 1.0
    if place.is_further:
        return _FURTHER
    return _IDLE if place.tried >= _ENOUGH and not place.has_moved else 1.0


def _is_further(trial: Trial, base: Trial) -> bool:
    """True where more of the failing tests pass, or the first one fails on a later line of itself."""
    if trial.tests.count("P") > base.tests.count("P"):
        return True
    if trial.text.partition("\n")[0] != base.text.partition("\n")[0]:
        return False
    here, there = _FRAME.search(trial.text), _FRAME.search(base.text)
    return here is not None and there is not None and int(here[1]) > int(there[1])


def _has_changed(trial: Trial, base: Trial) -> bool:
    """True where a test that was run ended otherwise."""
    return any(mine not in ("-", before) for mine, before in zip(trial.tests, base.tests, strict=False))


def _told(trial: Trial) -> str:
    """What the failure says, as far as every trial keeps it."""
    return trial.text[:500]
