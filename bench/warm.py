"""How long a candidate takes in the warm tests, beside running the failing tests by themselves, in real packages.

The bugs are those that `bench/repair.py --set real` plants; of each the first edits that the search would try are
tried, as many as `--edits` says. Both run the same failing tests: the cold run starts a process for them, as a loop
without a warm verifier does for every candidate.

    python bench/warm.py [--seed N] [--sample N] [--packages A,B] [--only NAME] [--edits N]
"""

import argparse
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from localisation import QUIET, NoEngine
from planting.repairing import commit
from planting.running import environment
from planting.storage import Storage
from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.search.candidates import candidates_of
from selfheal.render.progress import SilentProgress
from selfheal.team.repair import RepairRequest, run_repair
from trials.sets import load
from trials.trial import Trial, spread

COLD_RUNS = 3
ENDLESS_S = 120.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What the edits of one bug took: seconds on the clock for each, and of a cold run of the same tests."""

    edits: int
    hot: int
    ranking_s: float
    warm_s: float
    cold_s: float


class Stopwatch:
    """A strategy that tries edits and keeps the time; it proposes none."""

    name = "stopwatch"
    uses_model = False

    def __init__(self, edits: int, tree: Path, environ: dict[str, str]) -> None:
        self._edits = edits
        self._tree = tree
        self._environ = environ
        self.measured: Measured | None = None

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One, where there are warm tests."""
        return (Target(strategy=self.name, place="here", suspect=0),) if case.trials is not None else ()

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Rank, try, and run the same tests cold."""
        assert case.trials is not None
        began = time.perf_counter()
        chosen = candidates_of(case, most=self._edits)
        ranked = time.perf_counter()
        answers = await case.trials.run([one.splices for one in chosen], enough=len(chosen) + 1, seconds=ENDLESS_S)
        warm_s = time.perf_counter() - ranked
        done = [one for one in answers if one is not None]
        cold_s = min(self._cold(case.command, case.trials.failing) for _ in range(COLD_RUNS))
        hot = sum(one.is_hot for one in done)
        self.measured = Measured(len(done), hot, ranked - began, warm_s / max(1, len(done)), cold_s)
        return NoCandidate("it only looks", is_spent=True)

    def _cold(self, command: str, tests: tuple[str, ...]) -> float:
        words = command.split(" ")
        call = words if words[-1].startswith("-") else words[:-1]
        line = " ".join([*call, *(shlex.quote(one) for one in tests)])
        began = time.perf_counter()
        subprocess.run(["/bin/bash", "-c", line], cwd=self._tree, env=self._environ, capture_output=True, check=False)
        return time.perf_counter() - began


def measure(trial: Trial, storage: Storage, edits: int) -> Measured | None:
    """Stand a broken package up and measure; None where it has no warm tests."""
    with tempfile.TemporaryDirectory(prefix="bench-warm-") as name:
        tree = Path(name) / "tree"
        trial.lay_out(tree)
        commit(tree)
        environ = dict(environment(storage))
        watch = Stopwatch(edits, tree, environ)
        request = RepairRequest(
            repo=tree,
            command=trial.command,
            out=Path(name) / "out",
            settings=QUIET,
            strategies=(watch,),
            environ=environ,
        )
        run_repair(request, progress=SilentProgress(), engine=NoEngine())
        return watch.measured


def main() -> int:
    """Measure each bug and print a line for it, then the median ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="another number plants other bugs")
    parser.add_argument("--sample", type=int, default=0, help="so many, evenly spread")
    parser.add_argument("--only", default="", help="only trials whose name holds this")
    parser.add_argument("--packages", default="", help="these packages alone")
    parser.add_argument("--edits", type=int, default=200, help="so many edits of each bug")
    options = parser.parse_args()
    chosen = load("real", seed=options.seed, packages=options.packages)
    ratios = []
    print(f"{'bug':<44}{'edits':>6}{'hot':>6}{'ranked in':>11}{'each':>10}{'cold':>9}{'ratio':>8}")
    for trial in spread((one for one in chosen.trials if options.only in one.name), options.sample):
        seen = measure(trial, chosen.storage, options.edits)
        if seen is None:
            print(f"{trial.name:<44}no warm tests", flush=True)
            continue
        ratios.append(seen.cold_s / seen.warm_s)
        print(
            f"{trial.name:<44}{seen.edits:>6}{seen.hot:>6}{seen.ranking_s:>9.2f} s{seen.warm_s * 1000:>7.1f} ms"
            f"{seen.cold_s:>7.2f} s{ratios[-1]:>7.0f}x",
            flush=True,
        )
    if ratios:
        print(f"a candidate takes a {statistics.median(ratios):.0f}th of a cold run of the same tests, in the median")
    return 0 if ratios else 1


if __name__ == "__main__":
    sys.exit(main())
