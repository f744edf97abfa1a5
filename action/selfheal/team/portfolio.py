"""What a sample of each searching strategy is worth: data, which `bench/portfolio.py` fits on measured repairs."""

import functools
import json
from importlib.resources import files

from pydantic import Field

from selfheal.contract.base import Frozen


class Worth(Frozen):
    """The gain of a strategy's first sample against its cost, and that of each further one against the one before.

    `elsewhere` is what the first sample is worth at each further place where the strategy begins. `first_cold` and
    `further_cold` stand for the others where each candidate costs a run of the command, if that makes a difference.
    """

    first: float = Field(gt=0)
    further: float = Field(gt=0, le=1)
    elsewhere: float = Field(default=1.0, gt=0, le=1)
    first_cold: float | None = Field(default=None, gt=0)
    further_cold: float | None = Field(default=None, gt=0, le=1)

    def of(self, drawn: int, *, is_warm: bool, places: int = 0) -> float:
        """What one more sample is worth after so many, or the first one after so many other places."""
        first = self.first if is_warm or self.first_cold is None else self.first_cold
        further = self.further if is_warm or self.further_cold is None else self.further_cold
        elsewhere = self.elsewhere if is_warm else 1.0
        return float(first * (further**drawn if drawn else elsewhere**places))


@functools.cache
def portfolio() -> dict[str, Worth]:
    """Every strategy that searches, by its name; a strategy that is not there mends for certain what it mends."""
    rows = json.loads(files("selfheal.team").joinpath("portfolio.json").read_text(encoding="utf-8"))
    return {name: Worth.model_validate(row) for name, row in rows.items()}
