"""The thread that keeps the work going: moves letters, watches for the dead, and erases what is old."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from dbos._error import DBOSException  # the library exports no base of its errors
from sqlalchemy.exc import SQLAlchemyError

from selfheal_app.store.inbox import Inbox
from selfheal_app.store.repairs import Repairs
from selfheal_app.work.durable import Durable
from selfheal_app.work.mover import Mover
from selfheal_app.work.watchdog import Watchdog

_log = logging.getLogger(__name__)
_DAY_S = 86_400.0
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long things are kept, in seconds. Bodies of what is worked off go at once."""

    done_s: float = 30 * _DAY_S
    """GitHub lets a delivery be sent again for three days; a copy of it is known as one for this long."""
    dead_s: float = 90 * _DAY_S
    repair_s: float = 400 * _DAY_S
    workflow_s: float = 3600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two rounds of each task."""

    move_s: float = 1.0
    watch_s: float = 5.0
    erase_s: float = 600.0


class Caretaker:
    """Runs until it is told to stop. A database that does not answer is asked again the next round."""

    def __init__(
        self,
        mover: Mover,
        watchdog: Watchdog,
        inbox: Inbox,
        repairs: Repairs,
        durable: Durable,
        *,
        clock: Callable[[], float],
        pace: Pace | None = None,
        keeping: Keeping | None = None,
    ) -> None:
        self._mover, self._watchdog = mover, watchdog
        self._inbox, self._repairs, self._durable = inbox, repairs, durable
        self._clock, self._pace, self._keeping = clock, pace or Pace(), keeping or Keeping()
        self._wake = threading.Event()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="caretaker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be something to move."""
        self._wake.set()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._is_stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def erase(self) -> None:
        """Forget what is older than it is kept."""
        now, keeping = self._clock(), self._keeping
        self._inbox.forget(before=now - keeping.done_s, dead_before=now - keeping.dead_s)
        self._repairs.forget(before=now - keeping.repair_s)
        moment = datetime.fromtimestamp(now - keeping.workflow_s, UTC).isoformat()
        while ids := self._durable.ended_before(moment, limit=_BATCH):
            self._durable.delete(ids)

    def _run(self) -> None:
        next_watch = next_erase = time.monotonic()
        while not self._is_stopping:
            try:
                if time.monotonic() >= next_watch:
                    next_watch = time.monotonic() + self._pace.watch_s
                    self._watchdog.look()
                if time.monotonic() >= next_erase:
                    next_erase = time.monotonic() + self._pace.erase_s
                    self.erase()
                moved = self._mover.move()
            except (SQLAlchemyError, DBOSException) as error:
                _log.error("the database does not do its part: %s", type(error).__name__)
                moved = 0
            if not moved:
                self._wake.wait(self._pace.move_s)
                self._wake.clear()
