"""Many deliveries into one transaction: whoever comes while the disk is busy shares the next one."""

import asyncio
import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from selfheal_app.deliveries import Delivery
from selfheal_app.store.inbox import Inbox, Stored

_log = logging.getLogger(__name__)
_LARGEST_BATCH = 64
"""Larger ones cost less each, but then nobody reads while the disk is busy, nor writes while requests are read."""
_MOST_WAITING_BYTES = 256 << 20


class Overloaded(Exception):
    """More is waiting for the disk than the memory should hold: GitHub must send it again."""


class NotKept(Exception):
    """The database did not take it; the cause says why."""


class Intake:
    """Keeps deliveries by a thread of its own. Used from one event loop, which `start` is called in."""

    def __init__(self, inbox: Inbox, *, clock: Callable[[], float], kept: Callable[[], None] = lambda: None) -> None:
        self._inbox, self._clock, self._kept = inbox, clock, kept
        self._waiting: list[tuple[Delivery, asyncio.Future[Stored]]] = []
        self._waiting_bytes = 0
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._write, name="intake", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to write."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def keep(self, delivery: Delivery) -> "asyncio.Future[Stored]":
        """Done when the delivery is on disk; it may raise NotKept. Raises Overloaded at once."""
        if self._loop is None:
            raise Overloaded
        future: asyncio.Future[Stored] = self._loop.create_future()
        with self._changed:
            if self._is_closed or self._waiting_bytes > _MOST_WAITING_BYTES:
                raise Overloaded
            self._waiting.append((delivery, future))
            self._waiting_bytes += len(delivery.body)
            self._changed.notify()
        return future

    async def close(self) -> None:
        """Write what is waiting, and take no more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join)

    def _write(self) -> None:
        loop = self._loop
        assert loop is not None
        while (batch := self._next()) is not None:
            told: tuple[Stored, ...] | NotKept
            try:
                told = self._inbox.add(tuple(delivery for delivery, _ in batch), received_at=self._clock())
            except Exception as error:  # noqa: BLE001 - the thread's outermost edge: nobody would be answered again
                told = NotKept(type(error).__name__)
                if not isinstance(error, SQLAlchemyError):
                    _log.exception("a defect while deliveries were kept")
            loop.call_soon_threadsafe(_tell, [future for _, future in batch], told)
            if not isinstance(told, NotKept) and any(delivery.is_wanted for delivery, _ in batch):
                self._kept()

    def _next(self) -> list[tuple[Delivery, "asyncio.Future[Stored]"]] | None:
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            batch, self._waiting = self._waiting[:_LARGEST_BATCH], self._waiting[_LARGEST_BATCH:]
            self._waiting_bytes -= sum(len(delivery.body) for delivery, _ in batch)
        return batch or None


def _tell(futures: "list[asyncio.Future[Stored]]", told: "tuple[Stored, ...] | NotKept") -> None:
    for number, future in enumerate(futures):
        if future.done():
            continue  # whoever asked is gone
        if isinstance(told, NotKept):
            future.set_exception(told)
        else:
            future.set_result(told[number])
