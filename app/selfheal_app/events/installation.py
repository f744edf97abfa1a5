"""`installation` and `installation_repositories`: who has the App; what was kept of whom it leaves is erased.

Source: https://docs.github.com/webhooks/webhook-events-and-payloads#installation
"""

from pydantic import ValidationError

from selfheal_app import audit
from selfheal_app.case import Case
from selfheal_app.publishing.client import Known
from selfheal_app.work.durable import in_thread

_STATES = {
    "created": "active",
    "unsuspend": "active",
    "new_permissions_accepted": "active",
    "suspend": "suspended",
    "deleted": "deleted",
}


class _Account(Known):
    login: str


class _Installation(Known):
    id: int
    account: _Account | None = None


class _Repository(Known):
    full_name: str


class _Event(Known):
    action: str
    installation: _Installation
    repositories_removed: tuple[_Repository, ...] = ()


async def handle(case: Case) -> str:
    """Remember the installation's state; forget everything of one that is deleted."""
    event = _read(case)
    if event is None:
        return "malformed"
    state = _STATES[event.action]
    account = event.installation.account.login if event.installation.account is not None else ""
    world, now = case.world, case.world.clock()
    world.access.forget(case.installation_id)
    if state == "deleted":
        await in_thread(lambda: world.inbox.erase(case.installation_id, besides=case.delivery_id))
        await in_thread(lambda: world.repairs.erase(case.installation_id))
        account = ""
    await in_thread(lambda: world.repairs.installed(case.installation_id, account, state, now=now))
    audit.did(f"installation {event.action}", delivery=case.delivery_id, installation=case.installation_id)
    return state


async def handle_repositories(case: Case) -> str:
    """Forget everything of the repositories that were taken out."""
    event = _read(case)
    if event is None:
        return "malformed"
    world = case.world
    world.access.forget(case.installation_id)
    for repository in event.repositories_removed:
        name = repository.full_name
        await in_thread(
            lambda name=name: world.inbox.erase(case.installation_id, repository=name, besides=case.delivery_id)
        )
        await in_thread(lambda name=name: world.repairs.erase(case.installation_id, repository=name))
    audit.did("repositories removed", delivery=case.delivery_id, count=len(event.repositories_removed))
    return event.action


def _read(case: Case) -> _Event | None:
    try:
        return _Event.model_validate_json(case.body)
    except ValidationError:
        audit.refused(case.event, why="no event of an installation", delivery=case.delivery_id)
        return None
