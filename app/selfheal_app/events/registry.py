"""Which event is worked on by whom. What is not in the table is accepted, known again, and not kept."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from selfheal_app.case import Case
from selfheal_app.events import finished_run
from selfheal_app.events.envelope import Envelope

Handler = Callable[[Case], Awaitable[str]]

HANDLERS: Mapping[tuple[str, str], Handler] = MappingProxyType(
    {
        ("workflow_run", "completed"): finished_run.handle,
    }
)
_RED = ("failure", "timed_out")


def is_wanted(event: str, envelope: Envelope) -> bool:
    """True where somebody works on it, as far as its outside tells."""
    if (event, envelope.action) not in HANDLERS or envelope.installation_id is None:
        return False
    if event == "workflow_run":
        return envelope.hint in _RED
    return event != "issue_comment" or "/selfheal" in envelope.hint
