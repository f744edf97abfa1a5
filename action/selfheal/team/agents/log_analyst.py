"""The log analyst: output to diagnosis. Asks the model only where no parser could read the log."""

from selfheal.contract.diagnosis import Diagnosis
from selfheal.errors import BudgetSpent
from selfheal.team.events import Diagnosed, Event
from selfheal.team.last_resort import needs_model, read_by_model
from selfheal.team.ledger import MeteredEngine
from selfheal.team.state import RepairState
from selfheal.team.toolbox import Toolbox
from selfheal.team.untested import with_lines_to_test


class LogAnalyst:
    """Parsers first; what the model says is checked against the log."""

    name = "log_analyst"
    description = "Turns the output of the failing command into a typed diagnosis."

    def __init__(self, toolbox: Toolbox, engine: MeteredEngine) -> None:
        self._toolbox = toolbox
        self._engine = engine

    async def act(self, state: RepairState) -> Event:
        """Diagnose the newest failing run."""
        if state.last_run is None:
            raise ValueError("there is no failing run to read")
        diagnosis = with_lines_to_test(self._toolbox.diagnose(state.last_run), self._toolbox.changed_lines())
        return Diagnosed(diagnosis=await self._ask(diagnosis) if needs_model(diagnosis) else diagnosis)

    async def _ask(self, parsed: Diagnosis) -> Diagnosis:
        try:
            return await read_by_model(parsed, self._engine.ask, known_files=self._toolbox.known_files())
        except BudgetSpent:
            return parsed
