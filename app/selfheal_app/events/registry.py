"""Which event is worked on by whom. What is not in the table is accepted, known again, and not kept."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from selfheal_app.case import Case
from selfheal_app.events import check_button, comment, finished_run, installation, pull_closed
from selfheal_app.events.envelope import Envelope

Handler = Callable[[Case], Awaitable[str]]

HANDLERS: Mapping[tuple[str, str], Handler] = MappingProxyType(
    {
        ("workflow_run", "completed"): finished_run.handle,
        ("check_run", "rerequested"): check_button.handle,
        ("check_run", "requested_action"): check_button.handle,
        ("issue_comment", "created"): comment.handle,
        ("pull_request", "closed"): pull_closed.handle,
        ("installation", "created"): installation.handle,
        ("installation", "deleted"): installation.handle,
        ("installation", "suspend"): installation.handle,
        ("installation", "unsuspend"): installation.handle,
        ("installation", "new_permissions_accepted"): installation.handle,
        ("installation_repositories", "added"): installation.handle_repositories,
        ("installation_repositories", "removed"): installation.handle_repositories,
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
