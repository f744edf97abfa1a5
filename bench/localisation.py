"""How high the function that holds the bug stands among the suspects, before any edit or model is tried.

The bugs are those that `bench/repair.py --set real` plants into packages from PyPI. Beside selfheal's list, by all
its evidence, stand in the same run: what it would be without knowing what the tests ran, and Ochiai's coefficient
alone, as spectrum-based localisation has it (functions by their most suspicious line; of equals the mean place counts).

    python bench/localisation.py [--seed N] [--sample N] [--only NAME] [--packages A,B] [--misses] [--out FILE]
"""

import argparse
import contextlib
import difflib
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from planting.repairing import commit
from planting.running import environment
from planting.storage import Storage
from selfheal.config import Settings
from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelIdentity, ModelRequest
from selfheal.contract.patch import CandidatePatch
from selfheal.contract.report import Report
from selfheal.contract.target import Target
from selfheal.contract.test_paths import is_test_path
from selfheal.contract.trials import Spectrum
from selfheal.fix.interface import NoCandidate, RepairCase, Strategy, Tried
from selfheal.locate import SymbolIndex, locate
from selfheal.render.progress import SilentProgress
from selfheal.team.repair import RepairRequest, run_repair
from trials.sets import load
from trials.trial import Trial, spread

Places = Mapping[tuple[str, str], float]
"""Functions by file and name, with the place (from 1) that each has in a list."""
MOST = 400
QUIET = Settings.model_validate({"engine": "embedded", "observability": {"logging": {"level": "error"}}})


class NoEngine:
    """Nobody is asked."""

    async def start(self) -> ModelIdentity | ModelFailure:
        """Say who it is."""
        return ModelIdentity(engine="none", name="none", digest=None, context_tokens=8192)

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        """Refuse: no strategy of this benchmark asks."""
        raise AssertionError(request.purpose)

    async def aclose(self) -> None:
        """Nothing to close."""


class Watcher:
    """A strategy that only looks where the lists have the faulty functions of a trial, while there is a tree."""

    name = "watcher"
    uses_model = False

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self.places: dict[str, float] = {}

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """Look; there is nothing to work on."""
        index = SymbolIndex(case.tree)
        wanted = faulty(self._trial, index)
        for name, make in LISTS.items():
            found = make(case, index)
            self.places[name] = min((found[key] for key in wanted if key in found), default=0.0)
        return ()

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Never called: there are no targets."""
        raise AssertionError(target)


def everything(case: RepairCase, index: SymbolIndex) -> Places:
    """The list that repairs go by."""
    return _located(case, index, case.spectrum)


def without_spectrum(case: RepairCase, index: SymbolIndex) -> Places:
    """The same list before any test was traced."""
    return _located(case, index, None)


def _located(case: RepairCase, index: SymbolIndex, spectrum: Spectrum | None) -> Places:
    found = locate(case.diagnosis, case.tree, changed=case.changes, spectrum=spectrum, limit=MOST, index=index)
    return {(one.file, one.symbol or ""): float(place) for place, one in enumerate(found, 1)}


def ochiai(case: RepairCase, index: SymbolIndex) -> Places:
    """Functions by the Ochiai coefficient of their most suspicious line."""
    best: dict[tuple[str, str], float] = defaultdict(float)
    for (file, line), value in (case.spectrum.line_suspicions() if case.spectrum is not None else {}).items():
        symbol = index.enclosing(file, line)
        if symbol is not None and not is_test_path(file):
            best[file, symbol.name] = max(best[file, symbol.name], value)
    values = sorted(best.values(), reverse=True)
    return {key: values.index(value) + 1 + (values.count(value) - 1) / 2 for key, value in best.items()}


LISTS: dict[str, Callable[[RepairCase, SymbolIndex], Places]] = {
    "selfheal": everything,
    "without the tests' runs": without_spectrum,
    "Ochiai alone": ochiai,
}


def faulty(trial: Trial, index: SymbolIndex) -> frozenset[tuple[str, str]]:
    """The functions, by file and name, that the bug was planted into."""
    found = set()
    for (name, broken), (_, original) in zip(trial.broken, trial.original, strict=False):
        if broken is None or original is None or is_test_path(name):
            continue
        before, after = original.splitlines(), broken.splitlines()
        for tag, _, _, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            lines = () if tag == "equal" else range(first + 1, last + 1) if last > first else (first, first + 1)
            symbols = (index.enclosing(name, line) for line in lines)
            found |= {(name, symbol.name) for symbol in symbols if symbol is not None}
    return frozenset(found)


def places(trial: Trial, storage: Storage) -> dict[str, float]:
    """The place of the first faulty function in each list; 0 where it stands in none."""
    watcher = Watcher(trial)
    report = shown(trial, storage, watcher)
    if not watcher.places:
        raise SystemExit(f"{trial.id}: {report.summary}")
    return watcher.places


def shown(trial: Trial, storage: Storage, strategy: Strategy) -> Report:
    """Stand the broken package up as a repair has it, and let one strategy look at it; no model is asked."""
    with tempfile.TemporaryDirectory(prefix="bench-shown-") as name:
        tree = Path(name) / "tree"
        trial.lay_out(tree)
        commit(tree)
        request = RepairRequest(
            repo=tree,
            command=trial.command,
            out=Path(name) / "out",
            settings=QUIET,
            strategies=(strategy,),
            environ=dict(environment(storage)),
        )
        return run_repair(request, progress=SilentProgress(), engine=NoEngine())


def table(rows: Sequence[Mapping[str, float]]) -> list[str]:
    """A line for each list, and how they compare."""
    lines = [f"{'list':<26}{'cases':>6}{'first':>7}{'of 3':>6}{'of 8':>6}{'mean reciprocal place':>23}"]
    mean = {name: sum(1 / row[name] for row in rows if row[name]) / max(1, len(rows)) for name in LISTS}
    for name in LISTS:
        found = [row[name] for row in rows if row[name]]
        counts = [sum(place <= most for place in found) for most in (1, 3, 8)]
        lines.append(f"{name:<26}{len(rows):>6}{counts[0]:>7}{counts[1]:>6}{counts[2]:>6}{mean[name]:>23.3f}")
    lines.append(
        f"selfheal's mean is {mean['selfheal'] / max(1e-9, mean['Ochiai alone']):.2f} times that of Ochiai alone"
    )
    return lines


def choosing(words: str | None) -> argparse.ArgumentParser:
    """A command line that chooses among the planted bugs."""
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="another number plants other bugs")
    parser.add_argument("--sample", type=int, default=0, help="so many, evenly spread")
    parser.add_argument("--only", default="", help="only trials whose name holds this")
    parser.add_argument("--packages", default="", help="these packages alone")
    return parser


def chosen(options: argparse.Namespace) -> tuple[tuple[Trial, ...], Storage]:
    """The bugs that the command line chose, and where packages are kept."""
    real = load("real", seed=options.seed, packages=options.packages)
    return tuple(spread((one for one in real.trials if options.only in one.name), options.sample)), real.storage


def main() -> int:
    """Locate each planted bug and print where the lists have it."""
    parser = choosing(__doc__)
    parser.add_argument("--misses", action="store_true", help="print the bugs that are not first")
    parser.add_argument("--out", type=Path, help="where the JSON goes")
    options = parser.parse_args()
    trials, storage = chosen(options)
    found: dict[str, dict[str, float]] = {}
    # What an interrupted run has found is told too.
    with contextlib.suppress(KeyboardInterrupt):
        for trial in trials:
            found[trial.id] = places(trial, storage)
            if sys.stderr.isatty():
                print(f"\r{len(found)} of {len(trials)}", end="", file=sys.stderr, flush=True)
            if options.misses and found[trial.id]["selfheal"] != 1:
                each = ", ".join(f"{name} {place:g}" for name, place in found[trial.id].items())
                print(f"{trial.id}: {each}", flush=True)
    print("\n".join(table(list(found.values()))))
    if options.out is not None:
        options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
