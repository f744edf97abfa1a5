"""The load generator: a process of its own, so that it shares no interpreter with what it measures.

    python -m serving.load --port N --count N --connections N [--rate N] --prefix WORD

The deliveries are signed before the clock starts: the generator takes as little as it can of what both share.
Without a rate each connection sends as soon as it has its answer. With one, requests are due at fixed times, whatever
the answers do, and a latency counts from the time when the request was due: a server that stalls can't hide it.
"""

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

import uvloop

from serving.deliveries import PADDING_BYTES, Corpus

_END = b"\r\n\r\n"


@dataclass
class Tally:
    """What came back: status by count, and the seconds that each answer took."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def as_json(self, wall_s: float, cpu_s: float) -> str:
        """One line for the process that asked."""
        ordered = sorted(self.seconds)
        return json.dumps(
            {
                "answers": len(ordered),
                "wall_s": round(wall_s, 3),
                "per_s": round(len(ordered) / wall_s, 1),
                "p50_ms": _percentile(ordered, 0.50),
                "p99_ms": _percentile(ordered, 0.99),
                "generator_cpu_us": round(cpu_s / max(1, len(ordered)) * 1e6),
                "max_ms": round(ordered[-1] * 1000, 2) if ordered else None,
                "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            }
        )


def _percentile(ordered: list[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2) if ordered else None


class Connection(asyncio.Protocol):
    """One kept-alive connection with at most one request on its way."""

    def __init__(self, tally: Tally, idle: "asyncio.Queue[Connection]") -> None:
        self._tally, self._idle = tally, idle
        self._buffer = b""
        self._due = 0.0
        self._is_closed = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without being told so
        self._idle.put_nowait(self)

    def send(self, data: bytes, due: float) -> None:
        """Send one request; the connection is idle again when its answer is whole."""
        assert self._transport is not None
        self._due = due
        self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(_END)
        if not found or not _is_whole(head.lower(), body):
            return
        self._tally.seconds.append(time.perf_counter() - self._due)
        self._tally.statuses[int(head[9:12])] += 1
        self._buffer = b""
        self._idle.put_nowait(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_closed:
            raise SystemExit(f"the server closed a connection ({exc}): nothing can be said of its speed")

    def close(self) -> None:
        """Say goodbye."""
        self._is_closed = True
        assert self._transport is not None
        self._transport.abort()


def _is_whole(head: bytes, body: bytes) -> bool:
    if b"transfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    _, _, rest = head.partition(b"content-length:")
    return len(body) >= int(rest.split(b"\r", 1)[0] or b"0")


async def closed_loop(requests: Sequence[bytes], idle: "asyncio.Queue[Connection]") -> None:
    """As fast as the answers come."""
    for request in requests:
        connection = await idle.get()
        connection.send(request, time.perf_counter())


async def open_loop(requests: Sequence[bytes], idle: "asyncio.Queue[Connection]", rate: float) -> None:
    """At fixed times."""
    began = time.perf_counter()
    for number, request in enumerate(requests):
        due = began + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        (await idle.get()).send(request, due)


async def run(*, port: int, count: int, connections: int, rate: float | None, corpus: Corpus) -> str:
    """Send `count` deliveries and wait for every answer."""
    tally, idle = Tally(), asyncio.Queue[Connection]()
    loop = asyncio.get_running_loop()
    opened = [
        (await loop.create_connection(lambda: Connection(tally, idle), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    requests = tuple(islice(corpus.requests(f"127.0.0.1:{port}"), count))
    began, cpu_s = time.perf_counter(), time.process_time()
    await (open_loop(requests, idle, rate) if rate else closed_loop(requests, idle))
    for _ in opened:
        await idle.get()
    told = tally.as_json(time.perf_counter() - began, time.process_time() - cpu_s)
    for connection in opened:
        connection.close()
    return told


def main() -> None:
    """Read the options, load, print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--event", default="workflow_run")
    parser.add_argument("--conclusion", default="success", help="of the runs; the App works on a failure alone")
    parser.add_argument("--bytes", type=int, default=PADDING_BYTES)
    given = parser.parse_args()
    corpus = Corpus(given.prefix, given.event, given.conclusion, given.bytes)
    rate, count = given.rate, given.count
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        loading = run(port=given.port, count=count, connections=given.connections, rate=rate, corpus=corpus)
        print(runner.run(loading))


if __name__ == "__main__":
    main()
