"""The short way takes what can be read in one way only, and loses nothing of it; the rest is aiohttp's to judge."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.test_deliveries import BODY, SECRET, headers, signature
from app.test_server import serving
from selfheal_app.head import MOST_BYTES, REQUEST_LINE, read_head
from selfheal_app.intake import Intake
from selfheal_app.lane import Lane, Later
from selfheal_app.metrics import Metrics
from selfheal_app.reception import Reception
from selfheal_app.store.database import Database
from selfheal_app.store.inbox import Inbox

LINE = REQUEST_LINE.decode()


def a_request(body: bytes = BODY, *, line: str = LINE, more: str = "", less: str = "", **changes: str) -> bytes:
    """A delivery on the wire; `more` is further lines of the head, `less` the name of one that is left out."""
    fields = {"Host": "x", "Content-Length": str(len(body))} | headers(body, **changes)
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if name != less)
    return f"{line}{lines}{more}\r\n".encode() + body


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    database = Database.open(f"sqlite:///{tmp_path / 'selfheal.sqlite3'}")
    yield Inbox(database)
    database.close()


@pytest.fixture
async def port(inbox: Inbox) -> AsyncIterator[int]:
    intake, metrics = Intake(inbox, clock=lambda: 1.0), Metrics()
    reception = Reception(intake, metrics, secrets=lambda: (SECRET,))
    async with serving(reception, inbox, metrics, is_short=True) as url:
        intake.start()
        yield int(url.rpartition(":")[2])
        await intake.close()


def kept(inbox: Inbox) -> int:
    return sum(inbox.count().values())


async def told(port: int, *parts: bytes, is_last: bool = True) -> list[int]:
    """The statuses of all answers until the server closes, or until nothing more is sent and all is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0)
    if is_last:
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answered = await reader.read()
    writer.close()
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answered)]


async def test_requests_are_answered_one_after_the_other(port: int, inbox: Inbox) -> None:
    """Also where they come in one piece, and in the order in which they came."""
    bodies = [b'{"number": %d}' % number for number in range(4)]
    sent = [a_request(body, X_GitHub_Delivery=f"id-{number % 3}") for number, body in enumerate(bodies)]
    forged = a_request(b"{}", X_Hub_Signature_256=signature(b"{}", b"guessed"))

    assert await told(port, b"".join([*sent[:2], forged, *sent[2:]])) == [202, 202, 401, 202, 200, 200]
    assert kept(inbox) == 3


async def test_a_request_may_come_byte_by_byte(port: int, inbox: Inbox) -> None:
    """Wherever the network cuts it."""
    whole = a_request() + a_request(b'{"next": 1}', X_GitHub_Delivery="id-2")

    assert await told(port, *(whole[n : n + 1] for n in range(len(whole)))) == [202, 202, 200]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (a_request(more="Content-Length: 3\r\n"), 400),
        (a_request(more="Transfer-Encoding: chunked\r\n"), 400),
        (a_request(more="X-A: b\r\n c\r\n"), 400),
        (a_request(more="X-A : b\r\n"), 400),
        (a_request(more="X-A: b\x00c\r\n"), 400),
        (a_request().replace(b"Content-Length: ", b"Content-Length: +"), 400),
        (a_request().replace(b"Content-Length: ", b"Content-Length: -"), 400),
        (a_request(line="POST /webhook HTTP/9.9\r\n"), 400),
        (a_request(line="POST /webhookx HTTP/1.1\r\n"), 404),
        (a_request(line="GET /webhook HTTP/1.1\r\n"), 405),
        (a_request(less="X-Hub-Signature-256"), 401),
        (a_request(more="X-Long: " + "x" * MOST_BYTES + "\r\n"), 400),
    ],
    ids=[
        "two lengths",
        "a length and chunks",
        "a folded line",
        "a blank before the colon",
        "a NUL",
        "a plus",
        "a minus",
        "another version",
        "another path",
        "another method",
        "unsigned",
        "a huge head",
    ],
)
async def test_what_could_be_read_in_two_ways_is_not_taken(
    port: int, inbox: Inbox, request_: bytes, status: int
) -> None:
    """Smuggling lives on two readers who disagree; here the strict one hands over, and the other refuses."""
    assert (await told(port, request_, is_last=status >= 401))[0] == status
    assert kept(inbox) == 0


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (a_request(more="Connection: close\r\n"), 202),
        (a_request(less="Content-Length", more="Transfer-Encoding: chunked\r\n").replace(BODY, b""), 202),
        (a_request(line="POST /webhook?x=1 HTTP/1.1\r\n"), 202),
    ],
    ids=["closes", "in chunks", "with a query"],
)
async def test_what_is_not_plain_goes_the_long_way(port: int, inbox: Inbox, request_: bytes, status: int) -> None:
    """A proxy may word a delivery differently; not a byte is lost in between."""
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY) if b"chunked" in request_ else b""
    assert (await told(port, request_ + chunks, is_last=b"close" not in request_))[0] == status
    assert kept(inbox) == 1


async def test_a_truncated_delivery_is_not_kept(port: int, inbox: Inbox) -> None:
    """Its sender is gone before its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(a_request()[:-1])
    writer.write_eof()

    assert await reader.read() == b""
    assert kept(inbox) == 0
    writer.close()


@pytest.mark.parametrize("cut", [10, -3], ids=["in the head", "in the body"])
async def test_who_sends_slowly_is_not_waited_for(port: int, inbox: Inbox, cut: int) -> None:
    """However steadily the bytes drip: the time counts from the first one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    whole = a_request()
    writer.write(whole[:cut])

    assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
    assert kept(inbox) == 0
    writer.close()


class Wire(asyncio.Transport):
    """The server's side of a connection whose other side does as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.is_reading, self.is_closed = True, False

    def write(self, data: object) -> None:
        assert isinstance(data, bytes)
        self.written.append(data)

    def pause_reading(self) -> None:
        self.is_reading = False

    def resume_reading(self) -> None:
        self.is_reading = True

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True


async def test_who_does_not_read_the_answers_is_not_read_either() -> None:
    """Answers that nobody takes must not fill the memory; when they are taken, it goes on."""
    wire = Wire()
    way = Lane(lambda fields, body: b"told", asyncio.Protocol, too_slow=b"", body_s=1.0)
    connection = way()
    connection.connection_made(wire)
    connection.data_received(a_request())
    connection.pause_writing()
    connection.data_received(a_request() * 3)
    assert (wire.written, wire.is_reading) == ([b"told"], False)
    connection.resume_writing()
    assert (wire.written, wire.is_reading) == ([b"told"] * 4, True)
    connection.connection_lost(None)


async def test_one_request_at_a_time_is_on_its_way() -> None:
    """What comes behind it waits in the kernel, not here; a stop lets it have its answer."""
    wire, done = Wire(), asyncio.get_running_loop().create_future()
    way = Lane(lambda fields, body: Later(done, lambda: b"kept"), asyncio.Protocol, too_slow=b"", body_s=1.0)
    connection = way()
    connection.connection_made(wire)
    connection.data_received(a_request())
    connection.data_received(a_request())
    assert (wire.written, wire.is_reading) == ([], False)
    stopping = asyncio.create_task(way.drain(5.0))
    await asyncio.sleep(0)
    assert not wire.is_closed
    done.set_result(None)
    await asyncio.sleep(0)
    assert wire.is_closed and wire.written == [b"kept"]
    connection.connection_lost(None)
    await stopping


@given(st.binary(max_size=300))
def test_no_head_breaks_the_reader(data: bytes) -> None:
    """Bytes of any kind are read or not, and nothing else."""
    found = read_head(REQUEST_LINE + data)

    assert found is None or found.length >= 0


@given(st.lists(st.sampled_from([b"Content-Length: 3", b"content-length: 4", b"Transfer-Encoding: x", b"X: y"])))
def test_a_length_is_told_once_or_not_taken(lines: list[bytes]) -> None:
    """And never beside another framing."""
    signed = b"X-Hub-Signature-256: sha256=" + b"0" * 64
    found = read_head(REQUEST_LINE + b"\r\n".join([*lines, signed]))
    lengths = [line for line in lines if line.lower().startswith(b"content-length")]

    assert (found is not None) == (len(lengths) == 1 and b"Transfer-Encoding: x" not in lines)
