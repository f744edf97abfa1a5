"""What a function makes of inputs is told whatever those are."""

import pickle
import signal

from selfheal.contract.trials import CRASHED, GOOD
from selfheal.verify.forked import inputs
from selfheal.verify.forked.inputs import outcomes

WIDTH = 9
"""The characters of an outcome, its kind among them."""


class Table:
    """It shows nothing of itself, and a large one comes out of a short pickle."""

    def __init__(self, size: int) -> None:
        self.rows = {str(number): number for number in range(size)}
        self.last = 0

    def __reduce__(self) -> tuple[type["Table"], tuple[int]]:
        return Table, (len(self.rows),)


def keeping(table: Table, value: int) -> bool:
    table.last = value
    return True


def keeping_another(table: Table, value: int) -> bool:
    table.last = value + 1
    return True


def _calls(size: int) -> list[tuple[bytes, str]]:
    return [(pickle.dumps(([Table(size), 7], {})), GOOD)]


def test_what_is_left_behind_much_else_is_told() -> None:
    """The rows come first, and are more than fits on a few lines."""
    kept, other = outcomes(keeping, _calls(300)), outcomes(keeping_another, _calls(300))
    assert len(kept) == len(other) > 20 * WIDTH
    assert kept != other


def test_time_that_is_up_at_the_very_end_is_an_outcome_like_any(monkeypatch) -> None:
    """The call has returned, and its alarm comes before it can be turned off."""

    def too_late(which: int, seconds: float) -> None:
        if not seconds:
            inputs._too_long()

    monkeypatch.setattr(signal, "setitimer", too_late)
    seen = outcomes(keeping, _calls(3))
    assert len(seen) > 20 * WIDTH
    assert {seen[at : at + 2] for at in range(0, len(seen), WIDTH)} == {GOOD + CRASHED}
