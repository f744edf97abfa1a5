"""The log analyst: output to diagnosis. Asks the model only where no parser could read the log."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.engine import ModelAnswer, ModelRequest
from selfheal.errors import BudgetSpent
from selfheal.team.events import Diagnosed, Event
from selfheal.team.ledger import MeteredEngine
from selfheal.team.state import RepairState
from selfheal.team.toolbox import Toolbox

SYSTEM = (
    "You read the end of a failed build's log. Say as JSON what failed: `category` is the kind of failure, `file` "
    "and `line` are the place in the source that the log names (empty and 0 where it names none), `message` is the one "
    "line of the log that tells the cause. Copy, do not invent."
)
_EXCERPT_CHARS = 2_400


class LogReading(BaseModel):
    """The schema that the engine enforces."""

    category: Literal["test", "lint", "format", "types", "syntax", "build", "dependency", "config", "unknown"]
    file: Annotated[str, Field(max_length=200)]
    line: Annotated[int, Field(ge=0, le=1_000_000)]
    message: Annotated[str, Field(max_length=300)]


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
        if diagnosis.category is Category.UNKNOWN and not any(f.file for f in diagnosis.failures):
            diagnosis = await self._ask(state.last_run.output, diagnosis)
        return Diagnosed(diagnosis=diagnosis)

    async def _ask(self, output: str, parsed: Diagnosis) -> Diagnosis:
        excerpt = output[-_EXCERPT_CHARS:]
        request = ModelRequest(
            system=SYSTEM, user=f"```\n{excerpt}\n```", max_tokens=220, answer_type=LogReading, purpose="analyse"
        )
        try:
            answer = await self._engine.ask(request)
        except BudgetSpent:
            return parsed
        if not isinstance(answer, ModelAnswer) or not isinstance(answer.parsed, LogReading):
            return parsed
        return checked(answer.parsed, output, parsed, known=self._toolbox.known_files())


def checked(reading: LogReading, output: str, parsed: Diagnosis, *, known: frozenset[str]) -> Diagnosis:
    """Believe of the model's reading only what the log and the repository bear out."""
    file = reading.file.removeprefix("./")
    holds_file = bool(file) and file in known and file in output
    if not holds_file:
        return parsed
    line = reading.line if reading.line and str(reading.line) in output else None
    holds_message = bool(reading.message.strip()) and reading.message.strip() in output
    message = reading.message.strip() if holds_message else parsed.summary
    failure = Failure(tool="model", file=file, line=line, message=message, excerpt=output[-800:].strip())
    return Diagnosis(
        category=Category(reading.category),
        summary=f"{file}: {message}",
        failures=(failure,),
        confidence=0.4,
        reason="no parser knows this output; a model read it, and the log bears out the file",
        source="model",
    )
