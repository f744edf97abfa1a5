"""What a sample of each searching strategy is worth: data, which `bench/portfolio.py` fits on measured repairs."""

import functools
import json
from importlib.resources import files

from pydantic import Field

from selfheal.contract.base import Frozen


class Worth(Frozen):
    """The gain of a strategy's first sample against its cost, and that of each further one against the one before.

    `first_cold` and `further_cold` stand for them where each candidate costs a run of the command, if that makes a
    difference.
    """

    first: float = Field(gt=0)
    further: float = Field(gt=0, le=1)
    first_cold: float | None = Field(default=None, gt=0)
    further_cold: float | None = Field(default=None, gt=0, le=1)

    def of(self, drawn: int, *, is_warm: bool) -> float:
        """What one more sample is worth after so many."""
        first = self.first if is_warm or self.first_cold is None else self.first_cold
        further = self.further if is_warm or self.further_cold is None else self.further_cold
        return float(first * further**drawn)


@functools.cache
def portfolio() -> dict[str, Worth]:
    """Every strategy that searches, by its name; a strategy that is not there mends for certain what it mends."""
    rows = json.loads(files("selfheal.team").joinpath("portfolio.json").read_text(encoding="utf-8"))
    return {name: Worth.model_validate(row) for name, row in rows.items()}
