"""The search for two faults at once: an edit that mends a part of the failing tests, and one that mends the rest."""

from collections.abc import Iterator, Sequence
from itertools import islice

from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.contract.trials import Trial
from selfheal.fix.interface import NoCandidate, RepairCase, Trials, Tried
from selfheal.fix.search.candidates import Candidate, parses, ranked, together, touch
from selfheal.fix.search.choosing import Choice, Survivor
from selfheal.fix.search.evidence import is_judged
from selfheal.fix.search.proposing import patch_of_choice
from selfheal.fix.search.strategy import target_of

_MOST = 700
_MOST_FIRST = 10
_MOST_SECOND = 120
_MOST_PAIRS = 800
_KNOWN_S = 7.0
_PAIRS_S = 8.0
_RIVALS = 4
_PROPOSALS = 3


class PairSearch:
    """The strategy for Python functions with two faults, where several tests fail and warm tests tell them apart."""

    name = "pair_search"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target where more than one test fails, and enough tests run the place that a pair hardly passes by
        chance."""
        if case.trials is None or len(case.trials.failing) < 2 or not is_judged(case):
            return ()
        return target_of(self.name, case, samples=_PROPOSALS)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Propose the pair number `sample` of those that pass."""
        if case.trials is None:
            return NoCandidate("there are no warm tests", is_spent=True)
        single = [one for one in islice(ranked(case), _MOST) if parses(case, one)]
        answers = await case.trials.run([one.splices for one in single], enough=1 << 30, seconds=_KNOWN_S)
        pairs = list(islice(pairs_of(single, answers), _MOST_PAIRS))
        passing = await _passing(pairs, case.trials)
        words = f"{len(passing)} of {len(pairs)} pairs of edits pass the failing tests"
        choice = Choice(tuple(passing), is_doubtful=False, rival=passing[1] if len(passing) > 1 else None)
        return patch_of_choice(self.name, case, choice, sample=sample, words=words)


async def _passing(pairs: Sequence[Candidate], trials: Trials) -> list[Survivor]:
    seen = await trials.run([one.splices for one in pairs], enough=_RIVALS, seconds=_PAIRS_S)
    return [
        Survivor(one, trial) for one, trial in zip(pairs, seen, strict=True) if trial is not None and trial.is_plausible
    ]


def pairs_of(single: Sequence[Candidate], answers: Sequence[Trial | None]) -> Iterator[Candidate]:
    """Pairs in their order: first those that mend all failing tests between them, then the best with what comes first.

    Of a test that needs both edits neither alone tells; hence the second kind.
    """
    mended = {
        one: {n for n, letter in enumerate(trial.tests) if letter == "P"}
        for one, trial in zip(single, answers, strict=True)
        if trial is not None and "P" in trial.tests
    }
    every = max((len(trial.tests) for trial in answers if trial is not None), default=0)
    parts = sorted(mended, key=lambda one: (-len(mended[one]), -one.score))
    between = [
        (one, other)
        for at, one in enumerate(parts)
        for other in parts[at + 1 :]
        if len(mended[one] | mended[other]) == every
    ]
    between.sort(key=lambda pair: -pair[0].score * pair[1].score)
    further = ((one, other) for other in single[:_MOST_SECOND] for one in parts[:_MOST_FIRST])
    done: set[frozenset[Candidate]] = set()
    for one, other in (*between, *further):
        if one is not other and frozenset((one, other)) not in done and not touch(one, other):
            done.add(frozenset((one, other)))
            yield together(one, other)
