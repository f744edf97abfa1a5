"""How many tests a run saw, as its own summary says."""

from selfheal.contract.base import Frozen


class TestCounts(Frozen):
    """Counts of one run's summary; runs that print several summaries are added up.

    `collected` is every test the run knew of before it chose or skipped: passed, failed, skipped,
    xfailed, xpassed, errors and deselected together where the tool prints no total of its own.
    """

    __test__ = False

    collected: int = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    xfailed: int = 0
    xpassed: int = 0
    errors: int = 0
    deselected: int = 0
