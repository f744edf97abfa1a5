"""The log analyst: output to diagnosis. Asks the model only where no parser could read the log."""

from selfheal.contract.diagnosis import Diagnosis
from selfheal.errors import BudgetSpent
from selfheal.team.events import Diagnosed, Event
from selfheal.team.last_resort import needs_model, read_by_model
from selfheal.team.ledger import MeteredEngine
from selfheal.team.state import RepairState
from selfheal.team.toolbox import Toolbox
from selfheal.team.untested import is_untested_only, names_no_line, naming_lines, with_lines_to_test

_MORE_S = 30.0


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
        diagnosis = self._toolbox.diagnose(state.last_run)
        if names_no_line(diagnosis):
            diagnosis = await self._with_lines(diagnosis, timeout_s=3 * state.last_run.wall_s + _MORE_S)
        diagnosis = with_lines_to_test(diagnosis, self._toolbox.changed_lines())
        return Diagnosed(diagnosis=await self._ask(diagnosis) if needs_model(diagnosis) else diagnosis)

    async def _with_lines(self, found: Diagnosis, *, timeout_s: float) -> Diagnosis:
        """Run the tests once more, for a report that names lines; what was found before where that tells none."""
        try:
            done = await self._toolbox.transform(naming_lines(self._toolbox.command), timeout_s=timeout_s)
        except BudgetSpent:
            return found
        told = self._toolbox.diagnose(done.run)
        return told if is_untested_only(told) else found

    async def _ask(self, parsed: Diagnosis) -> Diagnosis:
        try:
            return await read_by_model(parsed, self._engine.ask, known_files=self._toolbox.known_files())
        except BudgetSpent:
            return parsed
