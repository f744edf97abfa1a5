"""How much the tests can tell: two edits have more freedom than a few tests can bind."""

from selfheal.fix.behaviour import misbehaving
from selfheal.fix.interface import RepairCase

_LEAST_TESTS = 5
"""Of some hundred thousand pairs a few pass any two or three tests."""


def is_judged(case: RepairCase) -> bool:
    """True where enough tests run what is suspected most, those that fail and those that must go on to pass."""
    failing = len(case.trials.failing) if case.trials is not None else 0
    suspect = next((suspect for _, suspect in misbehaving(case)), None)
    if case.spectrum is None or suspect is None:
        return failing >= _LEAST_TESTS
    inside = range(suspect.first_line, suspect.last_line + 1)
    passing = (one for one in case.spectrum.tests if not one.has_failed)
    running = (
        any(file == suspect.file and any(line in inside for line in lines) for file, lines in one.lines)
        for one in passing
    )
    return failing + sum(running) >= _LEAST_TESTS
