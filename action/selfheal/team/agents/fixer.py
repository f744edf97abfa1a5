"""The fixer: a target in, one candidate patch out."""

from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate, Strategy, Tried
from selfheal.team.cases import CaseMaker
from selfheal.team.events import CandidateProposed, Event, NothingProposed
from selfheal.team.state import RepairState


class Fixer:
    """Draws one candidate from the target's strategy."""

    name = "fixer"
    description = "Makes candidate patches for the target that the supervisor chose."

    def __init__(self, strategies: tuple[Strategy, ...], cases: CaseMaker) -> None:
        self._strategies = {strategy.name: strategy for strategy in strategies}
        self._cases = cases

    async def act(self, state: RepairState) -> Event:
        """Propose for the state's target."""
        target = state.target
        if target is None:
            raise ValueError("there is no target to work on")
        strategy = self._strategies[target.strategy]
        outcome = await strategy.propose(
            self._cases.case(state), target, sample=state.drawn(target) - 1, tried=tried_on(state, target)
        )
        if isinstance(outcome, NoCandidate):
            return NothingProposed(reason=outcome.reason, is_spent=outcome.is_spent, advice=outcome.advice)
        return CandidateProposed(candidate=outcome)


def tried_on(state: RepairState, target: Target) -> tuple[Tried, ...]:
    """Give what was tried on this target since the base last moved, the newest last."""
    mine = (feedback for feedback in state.feedback if feedback.target == target.key and feedback.result)
    return tuple(Tried(diff=one.diff, result=one.result, edits=one.edits) for one in mine)
