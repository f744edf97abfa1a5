"""The fixer and the dependency agent: a target in, one candidate patch out."""

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
            return NothingProposed(reason=outcome.reason, is_spent=outcome.is_spent)
        return CandidateProposed(candidate=outcome)


class DependencyAgent:
    """Mends what the environment's packages broke, as far as a change to the repository can."""

    name = "dependency_agent"
    description = "Handles missing modules and names, version conflicts and manifests."

    def __init__(self, strategies: tuple[Strategy, ...], cases: CaseMaker) -> None:
        self._strategies = strategies
        self._cases = cases

    async def act(self, state: RepairState) -> Event:
        """Try the strategies in their order; each of them is exact, so one draw is all."""
        case = self._cases.case(state)
        reasons = []
        for strategy in self._strategies:
            for target in strategy.targets(case):
                if target.key in state.spent_targets or _was_tried(state, strategy.name):
                    continue
                outcome = await strategy.propose(case, target, sample=0, tried=())
                if not isinstance(outcome, NoCandidate):
                    return CandidateProposed(candidate=outcome)
                reasons.append(outcome.reason)
        return NothingProposed(reason="; ".join(reasons) or "no strategy knows this failure", is_spent=True)


def tried_on(state: RepairState, target: Target) -> tuple[Tried, ...]:
    """Give what was tried on this target since the base last moved, the newest last."""
    mine = (feedback for feedback in state.feedback if feedback.target == target.key and feedback.diff)
    return tuple(Tried(diff=one.diff, result=one.result, edits=one.edits) for one in mine)


def _was_tried(state: RepairState, strategy: str) -> bool:
    return any(attempt.strategy == strategy and attempt.diff for attempt in state.attempts)
