"""The sets by their names."""

from dataclasses import dataclass
from pathlib import Path

from planting.storage import Storage
from trials.history_set import history_trials
from trials.languages_set import LANGUAGES, languages_trials, tools_of_languages
from trials.real_set import real_trials
from trials.small_set import small_trials
from trials.trial import Trial

SETS = ("small", "real", "history", "languages")
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
SMALL_REQUIREMENTS = Path(__file__).with_name("small-requirements.txt")


@dataclass(frozen=True, slots=True)
class TrialSet:
    """Trials and where their tools lie."""

    trials: tuple[Trial, ...]
    storage: Storage


def load(name: str, *, seed: int, packages: str = "") -> TrialSet:
    """Make a set ready: what it needs is fetched and proved once, and found in the cache afterwards."""
    match name:
        case "small":
            return TrialSet(small_trials(), small_tools())
        case "real":
            storage = packages_tools()
            return TrialSet(real_trials(storage, seed=seed, names=packages.split(",") if packages else ()), storage)
        case "history":
            storage = packages_tools()
            return TrialSet(history_trials(storage, names=packages.split(",") if packages else ()), storage)
        case "languages":
            root = Storage.default().root
            storage = Storage(root, programs=tools_of_languages(root))
            wanted = packages.split(",") if packages else LANGUAGES
            return TrialSet(languages_trials(storage, [name for name in LANGUAGES if name in wanted]), storage)
        case _:
            raise SystemExit(f"there is no set {name}: {', '.join(SETS)}")


def small_tools() -> Storage:
    """pytest and nothing else."""
    return _environment("small-venv", SMALL_REQUIREMENTS)


def packages_tools() -> Storage:
    """The tools that the packages' own tests run with, installed where they are not yet."""
    return _environment("trials-venv", REQUIREMENTS)


def _environment(name: str, requirements: Path) -> Storage:
    root = Storage.default().root
    storage = Storage(root, programs=root / name / "bin")
    storage.make_environment(requirements)
    return storage
