"""Let every contestant try every trial, one at a time where a model is asked, and note each result at once."""

import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from planting.storage import Storage
from trials.contestants import Contestant, Outcome
from trials.records import Book, Record
from trials.trial import Trial
from trials.verdict import Verdict, judge


class Runner:
    """Runs what the book does not hold yet."""

    def __init__(self, book: Book, *, engine: str, storages: Mapping[str, Storage], is_fresh: bool = False) -> None:
        self._book = book
        self._engine = engine
        self._storages = storages
        self._known = {} if is_fresh else book.read()

    def run_all(
        self, trials: Sequence[Trial], entered: Sequence[Contestant], *, jobs: int = 1, seconds: float = float("inf")
    ) -> list[Record]:
        """The record of each trial and contestant, in order; after some seconds no further trial is begun."""
        last = time.monotonic() + seconds

        def tried(trial: Trial) -> list[Record]:
            return [self.run(trial, one) for one in entered] if time.monotonic() < last else []

        with ThreadPoolExecutor(jobs if self._engine == "none" else 1) as pool:
            return [record for records in pool.map(tried, trials) for record in records]

    def run(self, trial: Trial, contestant: Contestant) -> Record:
        """One of them, from the book where it is there."""
        key = (trial.id, trial.digest, contestant.name, contestant.stamp, self._engine)
        if key in self._known:
            return self._known[key]
        with tempfile.TemporaryDirectory(prefix="trial-") as name:
            scratch = Path(name)
            tree = scratch / "repo"
            trial.lay_out(tree)
            load = os.getloadavg()[0]
            began = time.monotonic()
            outcome = contestant.repair(trial, tree, scratch, self._storages[trial.id])
            wall_s = time.monotonic() - began
            verdict = Verdict(False, False, ())
            if outcome.is_claimed:
                verdict = judge(trial, tree, scratch, self._storages[trial.id])
        record = self._record(trial, contestant, outcome, verdict, wall_s=wall_s, load=load)
        self._book.add(record)
        word = "correct" if record.is_right else "overfits" if record.is_healed else outcome.said
        print(f"{trial.id}: {contestant.name}: {word} ({wall_s:.1f} s, {record.tokens} tokens)", flush=True)
        return record

    def _record(
        self, trial: Trial, contestant: Contestant, outcome: Outcome, verdict: Verdict, *, wall_s: float, load: float
    ) -> Record:
        return Record(
            group=trial.group,
            trial=trial.id,
            kind=trial.kind,
            digest=trial.digest,
            contestant=contestant.name,
            stamp=contestant.stamp,
            engine=self._engine,
            is_claimed=outcome.is_claimed,
            is_plausible=verdict.is_plausible,
            is_correct=verdict.is_correct,
            said=outcome.said,
            why=verdict.why,
            wall_s=round(wall_s, 2),
            calls=outcome.calls,
            prompt_tokens=outcome.prompt_tokens,
            completion_tokens=outcome.completion_tokens,
            load=round(load, 1),
            strategies=outcome.strategies,
            changed=verdict.changed,
            is_auto=outcome.is_auto,
        )
