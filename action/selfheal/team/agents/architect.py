"""The architect: diagnosis to ranked suspects. No model yet needed: the evidence is exact."""

from selfheal.team.events import Event, SuspectsRanked
from selfheal.team.state import RepairState
from selfheal.team.toolbox import Toolbox


class Architect:
    """Finds the places that may hold the cause."""

    name = "architect"
    description = "Ranks the places in the source that may hold the cause, with the evidence for each."

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox

    async def act(self, state: RepairState) -> Event:
        """Rank the suspects of the current diagnosis."""
        if state.diagnosis is None:
            raise ValueError("there is no diagnosis to locate")
        return SuspectsRanked(suspects=await self._toolbox.locate(state.diagnosis))
