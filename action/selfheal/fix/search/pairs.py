"""The search for two faults at once: an edit that mends a part of the failing tests, and one that mends the rest.

What is left by the first has a place of its own: the tests that go on failing run other lines than all of them
together, so the second is looked for where those alone point.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.contract.trials import Trial
from selfheal.fix.interface import EVERY, NoCandidate, RepairCase, Trials, Tried
from selfheal.fix.search.candidates import Candidate, parses, ranked, together, touch
from selfheal.fix.search.choosing import NOTHING, Choice, Survivor, mending, survivors_of
from selfheal.fix.search.evidence import is_judged
from selfheal.fix.search.proposing import choice_of, patch_of_choice
from selfheal.fix.search.second_opinion import is_certain, likeliest
from selfheal.fix.search.strategy import target_of

_PROPOSALS = 4
_MOST = 700
_MOST_SECOND = 320
_MOST_FIRST = 3
_MOST_PAIRS = 240
_BESIDE_S = 4.0
_PAIRS_S = 4.0
_RIVALS = 6
_MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class _Effort:
    """How long single edits are tried, how many kinds of parts are gone on from, and how long with each of them."""

    single_s: float
    parts: int
    second_s: float


_SHORT, _LONG = _Effort(single_s=0.0, parts=2, second_s=4.0), _Effort(single_s=10.0, parts=5, second_s=8.0)
"""The short one asks of the first edits only what is known by now, and runs nothing where none of them mends a part."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Edits that mend the same of the failing tests, some of them and not all, by their numbers."""

    mended: frozenset[int]
    edits: tuple[Survivor, ...]

    @property
    def score(self) -> float:
        """That of the likeliest."""
        return max(one.candidate.score for one in self.edits)


class PairSearch:
    """The strategy for Python functions with two faults, where several tests fail and warm tests tell them apart."""

    name = "pair_search"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target where more than one test fails and warm tests tell them apart."""
        if case.trials is None or len(case.trials.failing) < 2:
            return ()
        return target_of(self.name, case, samples=_PROPOSALS)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Propose a pair that passes: shortly after the search for single edits, and later after a longer one.

        Where so few tests run the place that a pair may pass by chance, it comes later only, and a person decides.
        """
        if case.trials is None:
            return NoCandidate("there are no warm tests", is_spent=True)
        may_be_chance = not is_judged(case)
        if may_be_chance and not sample:
            return NoCandidate("too few tests run the place to take a pair of edits early", is_spent=False)
        effort = _LONG if sample else _SHORT
        parts = await _parts(case, case.trials, seconds=effort.single_s)
        choice, words = await _best(case, case.trials, parts, effort), "no edit mends a part of the failing tests"
        if parts:
            words = f"{len(choice.order)} pairs of edits pass the failing tests"
        if may_be_chance:
            choice = replace(choice, is_doubtful=True)
        made = patch_of_choice(self.name, case, choice, sample=max(0, sample - 1), words=words)
        if isinstance(made, NoCandidate) and not sample:
            return NoCandidate(made.reason, is_spent=False)
        return made


async def _parts(case: RepairCase, trials: Trials, *, seconds: float) -> list[_Part]:
    """The kinds of parts that edits mend, the largest first; what stands beside such an edit was tried, too."""
    found = ranked(case)
    if seconds:
        found = [one for one in found[:_MOST] if parses(case, one)]
    known = mending(found, await trials.run([one.splices for one in found], enough=EVERY, seconds=seconds))
    lines = {(one.candidate.suspect, one.candidate.line) for one in known}
    beside = [one for one in found if (one.suspect, one.line) in lines and parses(case, one)]
    known = mending(beside, await trials.run([one.splices for one in beside], enough=EVERY, seconds=_BESIDE_S))
    groups: dict[frozenset[int], list[Survivor]] = defaultdict(list)
    for one in known:
        groups[_mended(one.trial)].append(one)
    groups.pop(_every(trials), None)
    parts = [_Part(mended, tuple(edits)) for mended, edits in groups.items()]
    return sorted(parts, key=lambda part: (-len(part.mended), -part.score))


def _every(trials: Trials) -> frozenset[int]:
    """The numbers of all failing tests."""
    return frozenset(range(len(trials.failing)))


def _mended(trial: Trial) -> frozenset[int]:
    return frozenset(n for n, letter in enumerate(trial.tests) if letter == "P")


async def _best(case: RepairCase, trials: Trials, parts: Sequence[_Part], effort: _Effort) -> Choice:
    """What is looked for where each half's own tests point; else of what is known already; else what needs both."""
    for part in parts[: effort.parts]:
        choice = await _with_another(case, trials, part, seconds=effort.second_s)
        if choice.order:
            return choice
    choice = await _among(case, trials, parts)
    for part in parts[: effort.parts]:
        if choice.order:
            break
        choice = await _needing_both(case, trials, part)
    return choice


async def _with_another(case: RepairCase, trials: Trials, part: _Part, *, seconds: float) -> Choice:
    """Pairs of an edit that mends what the part's do with one that mends the rest.

    Each is looked for, and chosen, where the tests point that it mends: what all the failing tests run alike says
    little of either.
    """
    left = _every(trials) - part.mended
    there = _narrowed(case, trials, left)
    rest = await _mending_all(there, trials, left, seconds=seconds)
    if not rest:
        return NOTHING
    here = _narrowed(case, trials, part.mended)
    first = await _mending_all(here, trials, part.mended, seconds=seconds)
    if first:
        return await _paired(here, first, there, rest, trials)
    return await _paired(case, part.edits, there, rest, trials)


def _narrowed(case: RepairCase, trials: Trials, tests: Collection[int]) -> RepairCase:
    return case.narrowed([trials.failing[n] for n in sorted(tests)])


async def _mending_all(case: RepairCase, trials: Trials, tests: frozenset[int], *, seconds: float) -> list[Survivor]:
    """The edits among the likeliest of the case that mend these tests, and maybe others.

    What passes alone is no half: whatever stands beside it does nothing, and it was turned down by itself.
    """
    tried = _first_edits(case)
    answers = await trials.run([one.splices for one in tried], enough=EVERY, seconds=seconds)
    return [one for one in mending(tried, answers) if tests <= _mended(one.trial) and not one.trial.is_plausible]


def _first_edits(case: RepairCase) -> list[Candidate]:
    return [one for one in ranked(case)[:_MOST_SECOND] if parses(case, one)]


async def _among(case: RepairCase, trials: Trials, parts: Sequence[_Part]) -> Choice:
    """Pairs of what is known already: of two parts that are all failing tests between them, the likeliest first."""
    every = _every(trials)
    both = [(one, other) for one, other in itertools.combinations(parts, 2) if one.mended | other.mended == every]
    both.sort(key=lambda pair: -pair[0].score * pair[1].score)
    choice = NOTHING
    for one, other in both[:_MOST_PARTS]:
        choice = await _paired(case, one.edits, case, other.edits, trials)
        if choice.order:
            break
    return choice


async def _needing_both(case: RepairCase, trials: Trials, part: _Part) -> Choice:
    """Pairs of the part's best edits with any others: of a test that needs both edits neither alone tells."""
    second = _first_edits(_narrowed(case, trials, _every(trials) - part.mended))
    best = sorted(part.edits, key=lambda one: -one.candidate.score)[:_MOST_FIRST]
    pairs = [together(one.candidate, other) for other in second for one in best if not touch(one.candidate, other)]
    passing = await _passing(pairs[:_MOST_PAIRS], trials)
    return _choice(passing, is_doubtful=len(passing) > 1)


async def _paired(
    case: RepairCase, edits: Sequence[Survivor], there: RepairCase, others: Sequence[Survivor], trials: Trials
) -> Choice:
    """The best of either kind together, each chosen for itself; where they don't pass together, what does."""
    one, other = await _chosen(case, trials, edits), await _chosen(there, trials, others)
    passing = await _passing(_crossed(one.order, other.order), trials)
    is_first = bool(passing) and passing[0].candidate == _pair(one.order[0], other.order[0])
    return _choice(passing, is_doubtful=not (is_first and is_certain(case, one) and is_certain(there, other)))


def _choice(passing: Sequence[Survivor], *, is_doubtful: bool) -> Choice:
    return Choice(tuple(passing), is_doubtful=is_doubtful, rival=passing[1] if len(passing) > 1 else None)


async def _chosen(case: RepairCase, trials: Trials, edits: Sequence[Survivor]) -> Choice:
    """The choice among edits that mend the same tests: as among those that mend all."""
    choice = await choice_of(case, trials, edits)
    return choice if is_certain(case, choice) else await likeliest(case, choice)


def _crossed(one: Sequence[Survivor], other: Sequence[Survivor]) -> list[Candidate]:
    """Each of these with each of those, the pair of the first ones first."""
    places = itertools.product(range(len(one)), range(len(other)))
    pairs = [(one[n], other[m]) for n, m in sorted(places, key=sum)]
    return [_pair(*pair) for pair in pairs if not touch(pair[0].candidate, pair[1].candidate)][:_MOST_PAIRS]


def _pair(one: Survivor, other: Survivor) -> Candidate:
    return together(one.candidate, other.candidate)


async def _passing(pairs: Sequence[Candidate], trials: Trials) -> list[Survivor]:
    seen = await trials.run([one.splices for one in pairs], enough=_RIVALS, seconds=_PAIRS_S)
    return survivors_of(pairs, seen)
