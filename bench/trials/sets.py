"""The sets by their names."""

import sys
from dataclasses import dataclass
from pathlib import Path

from planting.storage import Storage
from trials.small_set import small_trials
from trials.trial import Trial

SETS = ("small",)


@dataclass(frozen=True, slots=True)
class TrialSet:
    """Trials and where their tools lie."""

    trials: tuple[Trial, ...]
    storage: Storage


def load(name: str) -> TrialSet:
    """Make a set ready: what it needs is fetched and proved once, and found in the cache afterwards."""
    match name:
        case "small":
            return TrialSet(small_trials(), own_tools())
        case _:
            raise SystemExit(f"there is no set {name}: {', '.join(SETS)}")


def own_tools() -> Storage:
    """The tools of the environment that the benchmark itself runs in."""
    return Storage(Storage.default().root, programs=Path(sys.executable).parent)
