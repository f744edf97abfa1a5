"""The verifier: reproduces the failure and judges candidates. No model."""

from selfheal.contract.verdict import Improved, Proved
from selfheal.team.events import Event, Judged
from selfheal.team.flow import Fact, State
from selfheal.team.state import RepairState
from selfheal.team.toolbox import Toolbox


class VerifierAgent:
    """Runs commands, believes nothing else."""

    name = "verifier"
    description = "Runs the failing command in the sandbox and judges every candidate by it."

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox

    async def act(self, state: RepairState) -> Event:
        """Reproduce at the start, judge the candidate later."""
        if state.at is State.REPRODUCE:
            return await self._toolbox.reproduce()
        if state.candidate is None:
            raise ValueError("there is no candidate to verify")
        judged = await self._toolbox.judge(state.candidate, state)
        match judged.verdict:
            case Proved():
                fact = Fact.CANDIDATE_PROVED
            case Improved():
                fact = Fact.CANDIDATE_IMPROVED
            case _:
                fact = Fact.CANDIDATE_REJECTED
        return Judged(fact=fact, verdict=judged.verdict, tree=judged.tree, diff=judged.diff)
