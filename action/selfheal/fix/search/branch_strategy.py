"""The search for a missing branch as a strategy: first what must happen, then when."""

import re

from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.contract.trials import Trial
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.interface import EVERY, NoCandidate, RepairCase, Trials, Tried
from selfheal.fix.search.candidates import Candidate, candidate_of, line_weights, odds_of
from selfheal.fix.search.choosing import Choice, survivors_of
from selfheal.fix.search.missing_branches import RERAISE, Branch, branches_of, conditions_of
from selfheal.fix.search.opening import site_of
from selfheal.fix.search.proposing import choice_of, patch_of_choice
from selfheal.fix.search.second_opinion import with_second_opinion
from selfheal.fix.search.silencing import hold_back, silenced, told_apart
from selfheal.fix.search.site import Change, Site

_PROPOSALS = 3
_ACTIONS_S = 8.0
_CONDITIONS_S = 10.0
_RIVALS = 12
_MOST_SUSPECTS = 4
_MOST_ACTIONS = 400
_MOST_HELPING = 12
_LEAST_SHARE = 0.6
"""Of the failing tests so many must pass by an action alone; chosen."""
_UNREAD = 10.0
_CAUGHT = 4.0
_FITTING = 3.0
"""What it is worth to ask for a number or a slice where that is what a part is asked for by; chosen."""
_PLACE = re.compile(r"isinstance\((\w+), \(int, slice\)\)")


class BranchSearch:
    """The strategy for a missing branch or condition in a Python function; for warm tests only."""

    name = "branch_search"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target for the first suspects together."""
        sites = _sites(case) if case.trials is not None else ()
        if not sites:
            return ()
        return (Target(strategy=self.name, place="the suspects", suspect=sites[0][0], samples=_PROPOSALS),)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Propose survivor number `sample`."""
        if case.trials is None:
            return NoCandidate("there are no warm tests", is_spent=True)
        # With one failing test there is no second fault to look for: what silences it is proposed here, too.
        may_silence = len(case.trials.failing) < 2
        choice, words = await search_branches(case, case.trials, is_first=sample == 0, may_silence=may_silence)
        return patch_of_choice(self.name, case, choice, sample=sample, words=words)


async def search_branches(
    case: RepairCase, trials: Trials, *, is_first: bool = True, may_silence: bool = True
) -> tuple[Choice, str]:
    """Find actions that make the failing tests pass, then the conditions under which the others pass too.

    With `may_silence` what passes because nothing runs what failed is taken where all do, and a person decides;
    without, it is held back.

    Where a failing test runs the place more than once the action alone may be right for one time and wrong for another:
    what makes most of them pass is gone on with, too.
    """
    actions: list[tuple[Site, Branch, Candidate]] = []
    for index, site in _sites(case):
        weights = line_weights(case, site)
        odds = odds_of(case.suspects[index])
        for rank, branch in enumerate(branches_of(site)):
            if (weight := weights.get(branch.line, 0.0 if weights else 0.5)) > 0:
                score = odds * weight / (1 + rank * 0.001)
                actions.append((site, branch, _branch_candidate(site, index, branch, branch.unconditional, score)))
    actions.sort(key=lambda one: -one[2].score)
    actions = actions[:_MOST_ACTIONS]
    answers = await trials.run([one.splices for _, _, one in actions], enough=EVERY, seconds=_ACTIONS_S)
    shares = [_share(trial) for trial in answers]
    order = sorted(range(len(actions)), key=lambda n: -shares[n])
    helping = [(*actions[n], shares[n]) for n in order if shares[n] >= _LEAST_SHARE][:_MOST_HELPING]
    conditional = [
        _branch_candidate(
            site,
            one.suspect,
            branch,
            branch.under(condition),
            one.score * share * _fit(site, branch, condition) / (1 + 0.1 * rank),
        )
        for site, branch, one, share in helping
        for rank, condition in enumerate(conditions_of(site))
    ]
    conditional.sort(key=lambda one: -one.score)
    tried = await trials.run([one.splices for one in conditional], enough=_RIVALS, seconds=_CONDITIONS_S)
    survivors = survivors_of(conditional, tried)
    words = (
        f"{len(helping)} of {len(actions)} branches make the failing tests pass, or most of them, "
        f"with {len(survivors)} conditions the others too"
    )
    told = await told_apart(case, trials, survivors)
    if not told.mending:
        if not may_silence:
            hold_back(case, told.silencing)
        return await silenced(case, trials, told.silencing if may_silence else ()), words
    choice = await choice_of(case, trials, told.mending)
    return (await with_second_opinion(case, trials, choice) if is_first else choice), words


def _share(trial: Trial | None) -> float:
    """The share of the failing tests that pass."""
    return trial.tests.count("P") / len(trial.tests) if trial is not None and trial.tests else 0.0


def _fit(site: Site, branch: Branch, condition: str) -> float:
    """How likely the condition is for what is done under it.

    A variable that is changed under one is mostly what it asks about; and a name that nothing else asks about is there
    for what is missing. What a handler caught is raised again rather than something like it.
    """
    if branch.action == RERAISE:
        return _CAUGHT * (_UNREAD if site.asks_unread(condition) else 1.0)
    if (place := _PLACE.fullmatch(condition)) is not None:
        # What is asked for a part by a number is asked for one by a slice, too.
        return _FITTING if f"[{place[1]}]" in branch.action else 1 / _FITTING
    target = re.match(r"(\w+) = ", branch.action)
    fit = 3.0 if target is not None and re.search(rf"\b{target[1]}\b", condition) else 1.0
    return fit * (_UNREAD if site.asks_unread(condition) else 1.0)


def _sites(case: RepairCase) -> tuple[tuple[int, Site], ...]:
    opened = ((index, site_of(case, suspect)) for index, suspect in list(misbehaving(case))[:_MOST_SUSPECTS])
    return tuple((index, site) for index, site in opened if site is not None)


def _branch_candidate(site: Site, suspect: int, branch: Branch, text: str, score: float) -> Candidate:
    change = Change(branch.first, branch.last, text, branch.line)
    return candidate_of(site, suspect, change, operator="missing branch", score=score)
