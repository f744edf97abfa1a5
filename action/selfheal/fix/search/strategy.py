"""The search as a strategy: try what the operators make in warm tests, propose the best of what survives."""

from dataclasses import dataclass

from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.target import Target
from selfheal.contract.trials import Trial
from selfheal.fix.interface import NoCandidate, RepairCase, Trials, Tried
from selfheal.fix.search.candidates import Candidate, applied, candidates_of
from selfheal.fix.search.choosing import chosen

_MOST_COLD = 24
_MOST_WARM = 1500
_PROPOSALS = 6
_FIRST_S = 20.0
_RIVALS_S = 10.0
_RIVALS = 12


@dataclass(frozen=True, slots=True)
class Survivor:
    """A candidate that the warm tests let pass."""

    candidate: Candidate
    trial: Trial


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
            return (
                _patch(self.name, case, found[sample]) if sample < len(found) else NoCandidate("no edit is left", True)
            )
        survivors, words = await search(case, case.trials)
        if sample >= len(survivors):
            return NoCandidate(words, is_spent=True)
        rivals = tuple(one for one in survivors if one is not survivors[sample])
        return _patch(self.name, case, survivors[sample].candidate, rivals=rivals, words=words)


async def search(case: RepairCase, trials: Trials) -> tuple[tuple[Survivor, ...], str]:
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
        return chosen(plausible), words
    partly = [one for one in seen if "P" in one.trial.tests]
    partly.sort(key=lambda one: -one.trial.tests.count("P"))
    return tuple(partly[:2]), words


def _patch(
    name: str, case: RepairCase, candidate: Candidate, *, rivals: tuple[Survivor, ...] = (), words: str = ""
) -> CandidatePatch | NoCandidate:
    edits = []
    for path in dict.fromkeys(splice.path for splice in candidate.splices):
        raw = case.tree.read(path)
        if raw is None:
            return NoCandidate(f"{path} is gone", is_spent=True)
        mine = tuple(splice for splice in candidate.splices if splice.path == path)
        edits.append(FileEdit(path=path, content=applied(raw.decode(), mine).encode()))
    rationale = candidate.words
    if words:
        rationale += f"; {words}"
    if rivals:
        rationale += f"; not chosen: {rivals[0].candidate.words}"
    return CandidatePatch(strategy=name, edits=tuple(edits), rationale=rationale)
