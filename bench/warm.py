"""How long a candidate takes in the warm tests, beside running the failing tests by themselves, in real packages.

The bugs are those that `bench/repair.py --set real` plants; of each the first edits that the search would try are
tried, as many as `--edits` says. Both run the same failing tests: the cold run starts a process for them, as a loop
without a warm verifier does for every candidate.

    python bench/warm.py [--seed N] [--sample N] [--packages A,B] [--only NAME] [--edits N]
"""

import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from localisation import choosing, chosen, shown
from planting.running import environment
from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Tried
from selfheal.fix.search.candidates import candidates_of
from trials.trial import Trial

COLD_RUNS = 3
ENDLESS_S = 120.0
FAILED = 1
"""What pytest exits with where tests failed."""


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

    def __init__(self, trial: Trial, environ: dict[str, str], edits: int) -> None:
        self._trial = trial
        self._environ = environ
        self._edits = edits
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
        tried_edits = candidates_of(case, most=self._edits)
        ranked = time.perf_counter()
        answers = await case.trials.run(
            [one.splices for one in tried_edits], enough=len(tried_edits) + 1, seconds=ENDLESS_S
        )
        warm_s = time.perf_counter() - ranked
        done = [one for one in answers if one is not None]
        cold_s = self._cold(case.trials.failing)
        hot = sum(one.is_hot for one in done)
        self.measured = Measured(len(done), hot, ranked - began, warm_s / max(1, len(done)), cold_s)
        return NoCandidate("it only looks", is_spent=True)

    def _cold(self, tests: tuple[str, ...]) -> float:
        """The best of a few runs, which must fail: these are the failing tests."""
        words = self._trial.command.split(" ")
        call = words if words[-1].startswith("-") else words[:-1]
        line = " ".join([*call, *(shlex.quote(one) for one in tests)])
        taken = []
        with tempfile.TemporaryDirectory(prefix="bench-warm-") as name:
            tree = Path(name) / "tree"
            self._trial.lay_out(tree)
            for _ in range(COLD_RUNS):
                began = time.perf_counter()
                seen = subprocess.run(["/bin/bash", "-c", line], cwd=tree, env=self._environ, capture_output=True)
                taken.append(time.perf_counter() - began)
                if seen.returncode != FAILED:
                    words_of_it = seen.stdout.decode(errors="replace")[-400:]
                    raise SystemExit(f"{self._trial.id}: {line} ended with {seen.returncode}:\n{words_of_it}")
        return min(taken)


def main() -> int:
    """Measure each bug and print a line for it, then the median ratio."""
    parser = choosing(__doc__)
    parser.add_argument("--edits", type=int, default=200, help="so many edits of each bug")
    options = parser.parse_args()
    trials, storage = chosen(options)
    ratios = []
    print(f"{'bug':<44}{'edits':>6}{'hot':>6}{'ranked in':>11}{'each':>10}{'cold':>9}{'ratio':>8}")
    for trial in trials:
        watch = Stopwatch(trial, dict(environment(storage)), options.edits)
        report = shown(trial, storage, watch)
        seen = watch.measured
        if seen is None:
            print(f"{trial.name:<44}no warm tests: {report.summary}", flush=True)
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
