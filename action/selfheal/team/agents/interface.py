"""The port of an agent."""

from typing import Protocol

from selfheal.team.events import Event
from selfheal.team.state import RepairState


class Agent(Protocol):
    """One member of the team. Its prompt is made from the state alone, so it never grows with the run."""

    name: str
    description: str

    async def act(self, state: RepairState) -> Event:
        """Do the one thing that the state asks for and report what happened."""
        ...
