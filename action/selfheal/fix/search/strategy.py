"""The search as a strategy: try what the operators make in warm tests, propose the best of what survives."""

import math
from collections.abc import Sequence
from dataclasses import replace

from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.target import Target
from selfheal.contract.trials import Ended, Trial
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.interface import EVERY, NoCandidate, RepairCase, Trials, Tried
from selfheal.fix.search.candidates import Candidate, candidates_of, parses, ranked
from selfheal.fix.search.choosing import NOTHING, Choice, Survivor, mending, survivors_of
from selfheal.fix.search.evidence import is_judged
from selfheal.fix.search.learning import learned
from selfheal.fix.search.opening import site_of
from selfheal.fix.search.proposing import choice_of, patch_of, patch_of_choice
from selfheal.fix.search.second_opinion import likeliest, with_second_opinion
from selfheal.fix.search.silencing import held_back, silenced, told_apart

_MOST_COLD = 24
_MOST_WARM = 1500
_PROPOSALS = 6
_FIRST_S = 14.0
_WIDER_S = 30.0
_RIVALS_S = 5.0
_WIDE_S = 6.0
_NEAR = 160
_RIVALS = 12
_FIRST_PART = 60
_OVERHEAD_S = 0.004
_MOST_LATE = 40
_LATE_S = 5.0
_PATIENCE = 4.0
_PARTS = 2
_LEAST_PART = 3
"""An edit must mend at least one of so many failing tests."""
_MANY, _MOSTLY = 4, 0.6
"""So many tests, and this share of those that fail, an edit hardly mends by chance; chosen, not fitted."""
_BESIDE_S = 5.0
_MOST_BESIDE = 60
_COMPARABLE = 0.3
"""The share of the score of one that passes which another edit of its line must have to be tried; chosen."""


class OperatorSearch:
    """The strategy for Python functions: one edit. A sample is a survivor, or a candidate where no warm tests are."""

    name = "operator_search"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target for all suspects together: their candidates are ranked in one list."""
        if case.trials is not None:
            return target_of(self.name, case, samples=_PROPOSALS)
        found = candidates_of(case, most=_MOST_COLD)
        return target_of(self.name, case, samples=len(found)) if found else ()

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Propose survivor number `sample`, after whatever trials that takes."""
        if case.trials is None:
            found = candidates_of(case, most=_MOST_COLD)
            if sample >= len(found):
                return NoCandidate("no edit is left", is_spent=True)
            return patch_of(self.name, case, found[sample])
        choice, words = await search(case, case.trials, is_first=sample == 0, may_silence=False)
        return patch_of_choice(self.name, case, choice, sample=sample, words=words)


class WiderSearch:
    """The same search for longer and with further suspects: the right edit may come after a thousand others.

    What was tried already is known and costs nothing. What passes only because nothing runs what failed is proposed
    here, where two faults at once have been looked for.
    """

    name = "wider_search"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target for all suspects together, with warm tests only."""
        return target_of(self.name, case, samples=_PROPOSALS) if case.trials is not None else ()

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Go on where the shorter search stopped with nothing, and propose survivor number `sample`."""
        if case.trials is None:
            return NoCandidate("there are no warm tests", is_spent=True)
        there = case.widened()
        found = ranked(there)
        known = await case.trials.run([one.splices for one in found[:_MOST_WARM]], enough=_MOST_WARM, seconds=0.0)
        told = await told_apart(there, case.trials, survivors_of(found[:_MOST_WARM], known))
        is_seen = None not in known and not told.silencing and not held_back(case)
        if sample == 0 and (told.mending or is_seen):
            return NoCandidate("the shorter search has seen what there is", is_spent=True)
        choice, words = await search(there, case.trials, is_first=sample == 0, found=found, seconds=_WIDER_S)
        if not choice.order:
            choice = await silenced(case, case.trials, held_back(case))
            return patch_of_choice(self.name, case, choice, sample=sample, words=words)
        return patch_of_choice(self.name, there, choice, sample=sample, words=words)


async def search(
    case: RepairCase,
    trials: Trials,
    *,
    is_first: bool = True,
    found: Sequence[Candidate] = (),
    seconds: float = _FIRST_S,
    may_silence: bool = True,
) -> tuple[Choice, str]:
    """Try the candidates until one survives, then those that come soon after it: the best need not be the first.

    The model is heard for the first proposal only; where that was turned down the next ones follow as they are.
    `seconds` of processor time are spent until the first survives; `found` are the ranked candidates, where they are
    known already. With `may_silence` what passes because nothing runs what failed is taken where all do, and a person
    decides; without, there is none then.
    """
    order, answers = await _until_one(case, trials, found or ranked(case), seconds=seconds)
    first = _first_plausible(answers)
    if first is None:
        return NOTHING, _words(answers, 0)
    plausible, words = await _passing(case, trials, order[: 3 * first + _NEAR], enough=_RIVALS, seconds=_RIVALS_S)
    plausible += await _beside(case, trials, order, plausible)
    told = await told_apart(case, trials, plausible)
    choice = await choice_of(case, trials, told.mending)
    if choice.is_upsetting or not told.mending:
        # What leaves alone that which was right, or leaves to be run what failed, is worth a longer search.
        plausible, words = await _passing(case, trials, order, enough=_MOST_WARM, seconds=_WIDE_S)
        told = await told_apart(case, trials, plausible)
        choice = await choice_of(case, trials, told.mending)
    if not told.mending:
        if not may_silence:
            return NOTHING, f"{words}, and with each of them nothing runs what failed"
        return await silenced(case, trials, told.silencing), words
    choice = replace(choice, order=(*choice.order, *told.silencing))
    return (await with_second_opinion(case, trials, choice) if is_first else choice), words


async def _beside(
    case: RepairCase, trials: Trials, order: Sequence[Candidate], passing: Sequence[Survivor]
) -> list[Survivor]:
    """What else passes on the lines of those that do, and is not much less likely: far down others come between."""
    known = {one.candidate for one in passing}
    least = {(one.candidate.suspect, one.candidate.line): _COMPARABLE * one.candidate.score for one in passing}
    near = [one for one in order if one not in known and one.score >= least.get((one.suspect, one.line), math.inf)]
    found, _ = await _passing(case, trials, near[:_MOST_BESIDE], enough=_RIVALS, seconds=_BESIDE_S)
    return found


async def _passing(
    case: RepairCase, trials: Trials, order: Sequence[Candidate], *, enough: int, seconds: float
) -> tuple[list[Survivor], str]:
    order = [one for one in order[:_MOST_WARM] if parses(case, one)]
    answers = await trials.run([one.splices for one in order], enough=enough, seconds=seconds)
    plausible = survivors_of(order, answers)
    return plausible, _words(answers, len(plausible))


def _words(answers: Sequence[Trial | None], plausible: int) -> str:
    return f"{plausible} of {sum(one is not None for one in answers)} edits pass the failing tests"


async def _until_one(
    case: RepairCase, trials: Trials, found: Sequence[Candidate], *, seconds: float = _FIRST_S
) -> tuple[list[Candidate], tuple[Trial | None, ...]]:
    """Try part after part, the next one ordered by what was learned; give the order and what became of each."""
    order: list[Candidate] = []
    rest, left_s, size = list(found), seconds, _FIRST_PART
    answers: list[Trial | None] = []
    while rest and left_s > 0 and _first_plausible(answers) is None:
        part, rest = [one for one in rest[:size] if parses(case, one)], rest[size:]
        seen = await trials.run([one.splices for one in part], enough=1, seconds=left_s)
        order += part
        answers += seen
        left_s -= sum(trial.cpu_s + _OVERHEAD_S for trial in seen if trial is not None)
        rest = learned(rest, list(zip(order, answers, strict=True)), trials.base)
        size *= 2
    if _first_plausible(answers) is None:
        # The limit is tight, since most that are late have no end; a right one may only take its time.
        late = [n for n, trial in enumerate(answers) if trial is not None and trial.ended is Ended.LATE][:_MOST_LATE]
        slow = [order[n].splices for n in late]
        again = await trials.run(slow, enough=1, seconds=_LATE_S, patience=_PATIENCE)
        for n, trial in zip(late, again, strict=True):
            answers[n] = trial
    return [*order, *rest], (*answers, *(None for _ in rest))


def _first_plausible(answers: Sequence[Trial | None]) -> int | None:
    return next((n for n, trial in enumerate(answers) if trial is not None and trial.is_plausible), None)


class PartialSearch:
    """The strategy for several faults at once: an edit that mends a good part of the failing tests, for a new base.

    It asks nothing new: the trials of the operator search are known. What mends most of many tests is proposed early,
    anything less late, because of one fault, too, a wrong edit may hide a part.
    """

    name = "partial_search"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target where several tests fail, warm tests tell them apart, and enough of them run the place."""
        if case.trials is None or len(case.trials.failing) < 2 or not is_judged(case):
            return ()
        return target_of(self.name, case, samples=1 + _PARTS)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Propose the edit that mends most, with the first sample only if that is nearly all, then the next."""
        if case.trials is None:
            return NoCandidate("there are no warm tests", is_spent=True)
        is_early = sample == 0
        found = candidates_of(case, most=_MOST_WARM)
        seconds = 0.0 if is_early else _FIRST_S
        failing = len(case.trials.failing)
        least = max(_MANY, failing * _MOSTLY) if is_early else max(1, failing // _LEAST_PART)
        parts = await _mending(case.trials, found, least=least, seconds=seconds)
        if is_early and parts:
            # Only what came before the first pass was tried: the right edit may be the next one of the same line.
            lines = {(one.candidate.suspect, one.candidate.line) for one in parts}
            beside = [one for one in found if (one.suspect, one.line) in lines]
            parts = await _mending(case.trials, beside, least=least, seconds=_BESIDE_S)
        parts.sort(key=lambda one: -one.trial.tests.count("P"))
        place = max(0, sample - 1)
        if place >= len(parts):
            size = "most" if is_early else "a part"
            return NoCandidate(f"no edit mends {size} of the failing tests", is_spent=not is_early)
        mended = parts[place].trial.tests.count("P")
        words = f"{mended} of {failing} failing tests tried pass, which bears it out less than a whole repair would"
        if place > 0:
            made = patch_of(self.name, case, parts[place].candidate, words=words)
        else:
            equal = [one for one in parts if one.trial.tests.count("P") == mended]
            choice = await likeliest(case, await choice_of(case, case.trials, equal))
            made = patch_of_choice(self.name, case, choice, sample=0, words=words)
        if isinstance(made, NoCandidate):
            return made
        # Its rivals may not even have been tried yet.
        return made.model_copy(update={"disposition": Disposition.NEEDS_HUMAN})


async def _mending(trials: Trials, found: Sequence[Candidate], *, least: float, seconds: float) -> list[Survivor]:
    """Those that mend at least so many of the failing tests; what is not tried yet is, for so long."""
    answers = await trials.run([one.splices for one in found], enough=EVERY, seconds=seconds)
    return mending(found, answers, least=least)


def target_of(name: str, case: RepairCase, *, samples: int) -> tuple[Target, ...]:
    """All suspects together, by the first that can be searched; none where none can."""
    for index, suspect in misbehaving(case):
        if site_of(case, suspect) is not None:
            return (Target(strategy=name, place="the suspects", suspect=index, samples=samples),)
    return ()
