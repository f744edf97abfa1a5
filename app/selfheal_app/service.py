"""The whole service: intake, durable work, and what takes care of both; started and stopped together."""

import asyncio
import fcntl
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from selfheal_app.access import Access
from selfheal_app.case import World
from selfheal_app.dashboard.alerts import Alerts
from selfheal_app.errors import SettingsError
from selfheal_app.handle import Worker
from selfheal_app.intake import Intake
from selfheal_app.metrics import Metrics
from selfheal_app.store.database import Database
from selfheal_app.store.inbox import Inbox
from selfheal_app.store.outcomes import Outcomes
from selfheal_app.store.repairs import Repairs
from selfheal_app.store.replicas import Replicas
from selfheal_app.telemetry.tracing import Traces
from selfheal_app.work.caretaker import Caretaker, Pace
from selfheal_app.work.durable import Durable
from selfheal_app.work.missed import Missed
from selfheal_app.work.mover import Mover
from selfheal_app.work.steps import Waits
from selfheal_app.work.watchdog import Watchdog

_PATIENCE_S = 20
_FIRST_ASK_S = 30.0
_ASK_S = 600.0


@dataclass(frozen=True, slots=True)
class Stores:
    """What is kept, opened."""

    database: Database
    inbox: Inbox
    repairs: Repairs
    replicas: Replicas
    outcomes: Outcomes

    @classmethod
    def open(cls, url: str) -> "Stores":
        """Open the database and bring its schema up to date."""
        database = Database.open(url)
        return cls(database, Inbox(database), Repairs(database), Replicas(database), Outcomes(database))


class Service:
    """Intake alone where `access` is None: deliveries wait until the App's credentials are there."""

    def __init__(
        self,
        stores: Stores,
        metrics: Metrics,
        *,
        work_url: str,
        access: Access | None,
        server: str,
        clock: Callable[[], float],
        waits: Waits | None = None,
        pace: Pace | None = None,
        patience_s: int = _PATIENCE_S,
        alerts: Alerts | None = None,
        traces: Traces | None = None,
    ) -> None:
        self._patience_s = patience_s
        self._traces = traces
        self.stores, self.metrics = stores, metrics
        self._executor_id = f"{socket.gethostname()[:40]}-{secrets.token_hex(4)}"
        self._caretaker: Caretaker | None = None
        self._durable: Durable | None = None
        self._lock: IO[bytes] | None = None
        self.intake = Intake(stores.inbox, clock=clock, kept=self._wake)
        if access is None:
            return
        world = World(
            access,
            stores.inbox,
            stores.repairs,
            clock,
            server,
            outcomes=stores.outcomes,
            alerts=alerts,
            traces=traces,
            noted=metrics.note,
        )
        self._durable = Durable(
            url=work_url, executor_id=self._executor_id, handler=Worker(world, metrics), waits=waits or Waits()
        )
        watchdog = Watchdog(stores.replicas, stores.inbox, self._durable, executor_id=self._executor_id, clock=clock)
        self._missed, self._watchdog = Missed(access, stores.inbox, clock=clock), watchdog
        mover = Mover(stores.inbox, self._durable, clock=clock)
        self._caretaker = Caretaker(
            mover, watchdog, stores.inbox, stores.repairs, self._durable, clock=clock, pace=pace
        )

    async def start(self) -> None:
        """Begin to take and to work. Raises SettingsError where another process works on the same SQLite file."""
        if self._durable is not None and self._caretaker is not None:
            await asyncio.to_thread(self._alone)
            await asyncio.to_thread(self._durable.launch)
            self._caretaker.start()
            self._asking = asyncio.create_task(self._ask_for_missed())
        self.intake.start()

    async def stop(self) -> None:
        """Write down what was accepted, finish what is nearly finished; the rest goes on at the next start."""
        await self.intake.close()
        if self._durable is not None and self._caretaker is not None:
            self._asking.cancel()
            await asyncio.to_thread(self._caretaker.stop)
            durable = self._durable
            await asyncio.to_thread(lambda: durable.close(patience_s=self._patience_s))
            await asyncio.to_thread(self.stores.replicas.forget, self._executor_id)
        if self._traces is not None:
            await asyncio.to_thread(self._traces.close)
        await asyncio.to_thread(self.stores.database.close)
        if self._lock is not None:
            self._lock.close()

    async def _ask_for_missed(self) -> None:
        """After the first look around, and then every ten minutes: what failed while nobody listened."""
        await asyncio.sleep(_FIRST_ASK_S)
        while True:
            if self._watchdog.is_first:
                await self._missed.ask()
            await asyncio.sleep(_ASK_S)

    def _alone(self) -> None:
        file = self.stores.database.file
        if file is None:
            return
        descriptor = os.open(file.with_name(f"{file.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        self._lock = os.fdopen(descriptor, "rb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SettingsError(
                f"another process works on {file}: stop it, or give both a PostgreSQL in SELFHEAL_DATABASE_URL"
            ) from None
        # whoever was here before is dead: its work is taken over at once
        self.stores.replicas.forget_all()

    def _wake(self) -> None:
        if self._caretaker is not None:
            self._caretaker.wake()
