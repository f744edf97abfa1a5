"""The search as a strategy: try what the operators make in warm tests, propose the best of what survives."""

from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.fix.behaviour import misbehaving
from selfheal.fix.interface import NoCandidate, RepairCase, Trials, Tried
from selfheal.fix.search.candidates import candidates_of, site_of
from selfheal.fix.search.choosing import Choice, Survivor
from selfheal.fix.search.proposing import choice_of, patch_of, patch_of_choice

_MOST_COLD = 24
_MOST_WARM = 1500
_PROPOSALS = 6
_FIRST_S = 20.0
_RIVALS_S = 10.0
_RIVALS = 12
_PARTS = 2
_LEAST_PART = 3
"""An edit must mend at least one of so many failing tests."""


class OperatorSearch:
    """The strategy for Python functions: one edit. A sample is a survivor, or a candidate where no warm tests are."""

    name = "operator_search"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target for all suspects together: their candidates are ranked in one list."""
        if case.trials is not None:
            return _target(self.name, case, samples=_PROPOSALS)
        found = candidates_of(case, most=_MOST_COLD)
        return _target(self.name, case, samples=len(found)) if found else ()

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Propose survivor number `sample`, after whatever trials that takes."""
        if case.trials is None:
            found = candidates_of(case, most=_MOST_COLD)
            if sample >= len(found):
                return NoCandidate("no edit is left", is_spent=True)
            return patch_of(self.name, case, found[sample])
        choice, words = await search(case, case.trials)
        return patch_of_choice(self.name, case, choice, sample=sample, words=words)


async def search(case: RepairCase, trials: Trials) -> tuple[Choice, str]:
    """Try the candidates until one survives, then those that come soon after it: the best need not be the first."""
    found = candidates_of(case, most=_MOST_WARM)
    answers = await trials.run([one.splices for one in found], enough=1, seconds=_FIRST_S)
    first = next((n for n, trial in enumerate(answers) if trial is not None and trial.is_plausible), None)
    if first is not None:
        near = found[: 3 * first + 80]
        answers = await trials.run([one.splices for one in near], enough=_RIVALS, seconds=_RIVALS_S)
    seen = [Survivor(one, trial) for one, trial in zip(found, answers, strict=False) if trial is not None]
    plausible = [one for one in seen if one.trial.is_plausible]
    words = f"{len(plausible)} of {len(seen)} edits pass the failing tests"
    return await choice_of(case, trials, plausible), words


class PartialSearch:
    """The strategy for several faults at once: an edit that mends a good part of the failing tests, for a new base.

    It asks nothing new: the trials of the operator search are known. It comes late, because of one fault, too, a wrong
    edit may hide a part.
    """

    name = "partial_search"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target where several tests fail and warm tests tell them apart."""
        if case.trials is None or len(case.trials.failing) < 2:
            return ()
        return _target(self.name, case, samples=_PARTS)

    async def propose(
        self, case: RepairCase, target: Target, *, sample: int, tried: tuple[Tried, ...]
    ) -> CandidatePatch | NoCandidate:
        """Propose the edit that mends most, then the next."""
        if case.trials is None:
            return NoCandidate("there are no warm tests", is_spent=True)
        found = candidates_of(case, most=_MOST_WARM)
        answers = await case.trials.run([one.splices for one in found], enough=1 << 30, seconds=_FIRST_S)
        least = max(1, len(case.trials.failing) // _LEAST_PART)
        parts = [
            (trial.tests.count("P"), one)
            for one, trial in zip(found, answers, strict=True)
            if trial is not None and trial.tests.count("P") >= least
        ]
        parts.sort(key=lambda one: -one[0])
        if sample >= len(parts):
            return NoCandidate("no edit mends a part of the failing tests", is_spent=True)
        mended, candidate = parts[sample]
        return patch_of(self.name, case, candidate, words=f"{mended} of {len(case.trials.failing)} failing tests pass")


def _target(name: str, case: RepairCase, *, samples: int) -> tuple[Target, ...]:
    """All suspects together, by the first that can be searched; none where none can."""
    for index, suspect in misbehaving(case):
        if site_of(case, suspect) is not None:
            return (Target(strategy=name, place="the suspects", suspect=index, samples=samples),)
    return ()
