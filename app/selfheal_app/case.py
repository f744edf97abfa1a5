"""What a handler of an event is given: the event, the steps to work in, and the world around it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from selfheal_app.access import Access
from selfheal_app.dashboard.alerts import Alerts
from selfheal_app.publishing.api import Api
from selfheal_app.store.inbox import Inbox
from selfheal_app.store.outcomes import Outcomes
from selfheal_app.store.repairs import Repairs
from selfheal_app.telemetry.tracing import Traces
from selfheal_app.work.steps import Steps


@dataclass(frozen=True, slots=True)
class World:
    """The same for every event. `server` is where people see GitHub, without a slash at the end."""

    access: Access
    inbox: Inbox
    repairs: Repairs
    clock: Callable[[], float]
    server: str
    outcomes: Outcomes | None = None
    """Where the numbers of runs are kept, for the pages and the metrics."""
    alerts: Alerts | None = None
    """Told of signals; None where nobody is to be told."""
    traces: Traces | None = None
    """What goes on with a repair's trace; None where no collector is named."""
    noted: Callable[[str, str], None] = lambda _, __: None
    """Counts signals and alerts by their kind and what became of them."""


@dataclass(frozen=True, slots=True)
class Case:
    """One delivery at work."""

    delivery_id: str
    event: str
    body: bytes
    installation_id: int
    steps: Steps
    world: World

    @asynccontextmanager
    async def api(self, repository: str) -> AsyncIterator[Api]:
        """The repository, as the App's installation. Raises NoAccess or GitHubFailed."""
        async with await self.world.access.api(self.installation_id, repository) as api:
            yield api
