"""The search as a strategy: try what the operators make in warm tests, propose the best of what survives."""

from selfheal.contract.patch import CandidatePatch
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, RepairCase, Trials, Tried
from selfheal.fix.search.candidates import candidates_of
from selfheal.fix.search.choosing import Choice, Survivor
from selfheal.fix.search.proposing import choice_of, patch_of, patch_of_choice

_MOST_COLD = 24
_MOST_WARM = 1500
_PROPOSALS = 6
_FIRST_S = 20.0
_RIVALS_S = 10.0
_RIVALS = 12


class OperatorSearch:
    """The strategy for Python functions: one edit. A sample is a survivor, or a candidate where no warm tests are."""

    name = "operator_search"
    uses_model = False

    def targets(self, case: RepairCase) -> tuple[Target, ...]:
        """One target for all suspects together: their candidates are ranked in one list."""
        found = candidates_of(case, most=_MOST_COLD)
        if not found:
            return ()
        samples = _PROPOSALS if case.trials is not None else len(found)
        return (Target(strategy=self.name, place="the suspects", suspect=found[0].suspect, samples=samples),)

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
    if plausible:
        return await choice_of(case, trials, plausible), words
    partly = [one for one in seen if "P" in one.trial.tests]
    partly.sort(key=lambda one: -one.trial.tests.count("P"))
    return Choice(tuple(partly[:2]), is_doubtful=False, rival=None), words
