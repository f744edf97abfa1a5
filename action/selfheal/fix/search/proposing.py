"""From a candidate that survived its trial to the patch that is proposed, with its rival named."""

from dataclasses import dataclass

from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.trials import Trial
from selfheal.fix.interface import NoCandidate, RepairCase
from selfheal.fix.search.candidates import Candidate, applied


@dataclass(frozen=True, slots=True)
class Survivor:
    """A candidate that the warm tests let pass."""

    candidate: Candidate
    trial: Trial


def patch_of(
    name: str, case: RepairCase, candidate: Candidate, *, rivals: tuple[Survivor, ...] = (), words: str = ""
) -> CandidatePatch | NoCandidate:
    """Make the patch; its rationale says what was tried beside it."""
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
