"""The short way of a plain delivery, from the socket to the intake. Everything else on the port is aiohttp's.

A request that is not plain to the letter (`head.py`) is handed to aiohttp with every byte of it, and its connection
stays there. The short way takes a third of the time, and builds neither tasks nor streams.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from selfheal_app.head import MOST_BYTES, REQUEST_LINE, Head, read_head

LARGEST_BODY = 1 << 20
"""Bytes. GitHub's deliveries have some ten thousand; larger ones may go the long way."""
_END = b"\r\n\r\n"
_IDLE_S = 75.0

Answer = Callable[[], bytes]
"""Gives the whole answer, when what it waits for is done."""


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that is there when `done` is."""

    done: "asyncio.Future[Any]"
    answer: Answer


Receive = Callable[[Mapping[str, str], bytes], Later | bytes]
"""Takes the fields and the body of a delivery, and gives the whole answer, now or later."""


@dataclass(frozen=True, slots=True)
class Lane:
    """What every connection shares. `otherwise` makes aiohttp's protocol; `too_slow` is the answer to whoever is."""

    receive: Receive
    otherwise: Callable[[], asyncio.Protocol]
    too_slow: bytes
    body_s: float
    largest_body: int = LARGEST_BODY
    open: "set[Connection]" = field(default_factory=set)

    def __call__(self) -> "Connection":
        """A protocol for one connection."""
        return Connection(self)

    async def drain(self, patience_s: float) -> None:
        """Let what has begun have its answer, then close; whoever does not take it in time is cut off."""
        for connection in tuple(self.open):
            connection.finish()
        if self.open:
            await asyncio.wait([connection.closed for connection in self.open], timeout=patience_s)
        for connection in tuple(self.open):
            connection.cut_off()


class Connection(asyncio.Protocol):
    """Reads one request after the other; the next one when the last one has its answer."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._head: Head | None = None
        self._pending: Later | None = None
        self._is_finishing = self._is_clogged = self._is_used = False
        self._deadline: asyncio.TimerHandle | None = None
        """Of the request that has begun and is not whole; however many bytes come, it does not move."""
        self.closed: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without being told so
        self._lane.open.add(self)
        self._idle = self._loop.call_later(_IDLE_S, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection; what was received is kept all the same."""
        self._leave()

    def data_received(self, data: bytes) -> None:
        """Read on, unless the last request still waits for its answer."""
        self._buffer += data
        if self._pending is not None or self._is_clogged:
            self._transport.pause_reading()
        else:
            self._advance()

    def pause_writing(self) -> None:
        """Take no more requests of one who does not read the answers."""
        self._is_clogged = True

    def resume_writing(self) -> None:
        """Take them again."""
        self._is_clogged = False
        self._go_on()

    def finish(self) -> None:
        """Close after the answer that is on its way, or at once."""
        self._is_finishing = True
        if self._pending is None:
            self._transport.close()

    def cut_off(self) -> None:
        """Close now."""
        self._transport.abort()

    def _go_on(self) -> None:
        if self._pending is None and not self._is_clogged and not self._transport.is_closing():
            self._transport.resume_reading()
            self._advance()

    def _advance(self) -> None:
        while self._buffer and self._pending is None and not (self._is_clogged or self._transport.is_closing()):
            if self._head is None and not self._read_head():
                return
            head = self._head
            assert head is not None
            if len(self._buffer) < head.length:
                self._begin_deadline()
                return
            body = bytes(self._buffer[: head.length])
            del self._buffer[: head.length]
            self._head = None
            self._is_used = True
            self._end_deadline()
            told = self._lane.receive(head.fields, body)
            if isinstance(told, bytes):
                self._transport.write(told)
            else:
                self._pending = told
                told.done.add_done_callback(self._answered)

    def _read_head(self) -> bool:
        """True where a plain head stood before its body; else it is waited for, or all of it is handed over."""
        buffer, line = self._buffer, REQUEST_LINE
        end = buffer.find(_END, 0, MOST_BYTES)
        if end < 0:
            if buffer[: len(line)] == line[: len(buffer)] and len(buffer) < MOST_BYTES:
                self._begin_deadline()
            else:
                self._hand_over()
            return False
        head = read_head(bytes(buffer[:end])) if buffer.startswith(line) else None
        if head is None or head.length > self._lane.largest_body:
            self._hand_over()
            return False
        self._head = head
        del buffer[: end + len(_END)]
        return True

    def _answered(self, _: "asyncio.Future[Any]") -> None:
        pending, self._pending = self._pending, None
        if pending is None or self._transport.is_closing():
            return
        self._transport.write(pending.answer())
        if self._is_finishing:
            self._transport.close()
        elif self._buffer:
            self._go_on()

    def _begin_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self._loop.call_later(self._lane.body_s, self._give_up)

    def _end_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._transport.write(self._lane.too_slow)
        self._transport.close()

    def _close_if_idle(self) -> None:
        if self._is_used or self._pending is not None or self._deadline is not None:
            self._is_used = False
            self._idle = self._loop.call_later(_IDLE_S, self._close_if_idle)
        else:
            self.cut_off()

    def _hand_over(self) -> None:
        self._leave()
        protocol = self._lane.otherwise()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(bytes(self._buffer))

    def _leave(self) -> None:
        self._end_deadline()
        self._idle.cancel()
        self._lane.open.discard(self)
        if not self.closed.done():
            self.closed.set_result(None)
