"""The webhook keeps each authentic delivery once, before it says so."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from app.test_deliveries import BODY, SECRET, headers, signature
from selfheal_app.errors import SettingsError
from selfheal_app.intake import Intake
from selfheal_app.lane import Lane
from selfheal_app.metrics import Metrics
from selfheal_app.reception import Reception
from selfheal_app.server import build, lane
from selfheal_app.store.database import Database
from selfheal_app.store.inbox import Inbox, State
from selfheal_app.webhook_secrets import WebhookSecrets

OTHER = b"a second secret that is accepted too"


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    database = Database.open(f"sqlite:///{tmp_path / 'state' / 'selfheal.sqlite3'}")
    yield Inbox(database)
    database.close()


@pytest.fixture(params=["the short way", "the long way"])
async def client(inbox: Inbox, request: pytest.FixtureRequest) -> AsyncIterator[ClientSession]:
    """Through the lane in front, as in service, and through aiohttp alone: nobody can tell them apart."""
    intake, metrics = Intake(inbox, clock=lambda: 1.0), Metrics()
    reception = Reception(intake, metrics, secrets=lambda: (SECRET, OTHER))
    async with serving(reception, inbox, metrics, is_short=request.param == "the short way") as url:
        intake.start()
        async with ClientSession(url) as session:
            yield session
        await intake.close()


@asynccontextmanager
async def serving(reception: Reception, inbox: Inbox, metrics: Metrics, *, is_short: bool) -> AsyncIterator[str]:
    """The server on a port of its own."""
    runner = web.AppRunner(build(reception, inbox, metrics, largest_body=1000, body_s=0.2))
    await runner.setup()
    assert runner.server is not None
    way = lane(reception, runner.server, largest_body=1000, body_s=0.2) if is_short else runner.server
    listening = await asyncio.get_running_loop().create_server(way, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    listening.close()
    if isinstance(way, Lane):
        await way.drain(1.0)
    await runner.cleanup()


def kept(inbox: Inbox) -> int:
    return sum(inbox.count().values())


async def test_a_signed_delivery_is_accepted_and_a_repeated_one_is_known(client: ClientSession, inbox: Inbox) -> None:
    """202 the first time, 200 after it, kept once."""
    first = await client.post("/webhook", data=BODY, headers=headers())
    again = await client.post("/webhook", data=BODY, headers=headers())

    assert (first.status, again.status, kept(inbox)) == (202, 200, 1)


async def test_a_replay_under_another_id_is_known(client: ClientSession, inbox: Inbox) -> None:
    """The id is not signed, so the bytes decide too."""
    await client.post("/webhook", data=BODY, headers=headers())
    replayed = await client.post("/webhook", data=BODY, headers=headers(X_GitHub_Delivery="1-2-3"))

    assert (replayed.status, kept(inbox)) == (200, 1)


@pytest.mark.parametrize("secret", [SECRET, OTHER])
async def test_each_secret_is_accepted(client: ClientSession, secret: bytes) -> None:
    """While one is replaced by the other."""
    response = await client.post("/webhook", data=BODY, headers=headers(X_Hub_Signature_256=signature(BODY, secret)))

    assert response.status == 202


async def test_a_forged_delivery_is_refused(client: ClientSession, inbox: Inbox) -> None:
    """401, nothing kept, and the answer holds no secret."""
    forged = headers(X_Hub_Signature_256=signature(BODY, b"guessed"))
    response = await client.post("/webhook", data=BODY, headers=forged)

    assert (response.status, kept(inbox)) == (401, 0)
    assert SECRET.decode() not in await response.text()


async def test_an_unsigned_delivery_is_refused(client: ClientSession, inbox: Inbox) -> None:
    """Also where it is too large to be read."""
    for body in (BODY, b"x" * 5000):
        unsigned = {name: value for name, value in headers().items() if "Signature" not in name}
        response = await client.post("/webhook", data=body, headers=unsigned)
        assert response.status == 401
    assert kept(inbox) == 0


async def test_an_oversized_delivery_is_refused(client: ClientSession, inbox: Inbox) -> None:
    """Before it fills the memory."""
    body = b'{"a": "' + b"x" * 5000 + b'"}'
    response = await client.post("/webhook", data=body, headers=headers(body))

    assert (response.status, kept(inbox)) == (413, 0)


@pytest.mark.parametrize("missing", ["X-GitHub-Delivery", "X-GitHub-Event"])
async def test_a_missing_header_is_named(client: ClientSession, missing: str) -> None:
    """400: it is signed, so it is worth telling what is wrong."""
    given = {name: value for name, value in headers().items() if name != missing}
    response = await client.post("/webhook", data=BODY, headers=given)

    assert response.status == 400
    assert missing in await response.text()


async def test_health_and_readiness_tell_a_dead_disk_apart(client: ClientSession, inbox: Inbox) -> None:
    """A live server whose database is gone is not ready, and asks GitHub to send again."""
    assert (await client.get("/readyz")).status == 200
    with inbox.database.transaction() as connection:
        connection.exec_driver_sql("DROP TABLE inbox")

    assert (await client.get("/healthz")).status == 200
    assert (await client.get("/readyz")).status == 503
    assert (await client.get("/metrics")).status == 503
    assert (await client.post("/webhook", data=BODY, headers=headers())).status == 503


async def test_many_at_once_are_kept_once_each(client: ClientSession, inbox: Inbox) -> None:
    """They share transactions, also with their own repetitions."""
    bodies = [b'{"number": %d}' % (number % 40) for number in range(80)]

    async def send(number: int) -> int:
        given = headers(bodies[number], X_GitHub_Delivery=f"id-{number % 40}")
        return (await client.post("/webhook", data=bodies[number], headers=given)).status

    statuses = await asyncio.gather(*map(send, range(80)))

    assert (statuses.count(202), statuses.count(200), kept(inbox)) == (40, 40, 40)


async def test_what_nobody_works_on_is_known_again_and_not_kept(client: ClientSession, inbox: Inbox) -> None:
    """Its bytes name people, and are of no use."""
    await client.post("/webhook", data=BODY, headers=headers(X_GitHub_Event="star"))
    again = await client.post("/webhook", data=BODY, headers=headers(X_GitHub_Event="star"))
    letter = inbox.get(headers()["X-GitHub-Delivery"])

    assert again.status == 200
    assert letter is not None and (letter.body, letter.state) == (None, State.DONE)


async def test_a_body_that_does_not_come_is_not_waited_for(client: ClientSession, inbox: Inbox) -> None:
    """Whoever sends a byte a minute holds no place."""

    async def slow() -> AsyncIterator[bytes]:
        yield BODY[:5]
        await asyncio.Event().wait()

    response = await client.post("/webhook", data=slow(), headers=headers())

    assert (response.status, kept(inbox)) == (408, 0)


async def test_the_numbers_are_shown(client: ClientSession) -> None:
    """By answer, and how much waits."""
    await client.post("/webhook", data=BODY, headers=headers())
    page = await (await client.get("/metrics")).text()

    assert 'selfheal_deliveries_total{status="202"} 1.0' in page
    assert 'selfheal_inbox{state="dead"} 0.0' in page


async def test_a_get_of_the_webhook_is_no_delivery(client: ClientSession) -> None:
    """Only POST is."""
    assert (await client.get("/webhook")).status == 405


async def test_no_secret_is_no_server(inbox: Inbox) -> None:
    """An open door is no default."""
    with pytest.raises(SettingsError, match="SELFHEAL_WEBHOOK_SECRET"):
        Reception(Intake(inbox, clock=lambda: 1.0), Metrics(), secrets=tuple)


def test_a_secret_rotates_without_a_restart(tmp_path: Path) -> None:
    """The file is read again; one that is gone or empty locks nobody out."""
    told = [(b"old",), (b"old", b"new"), (), SettingsError("gone"), (b"new",)]
    times = iter((0.0, 0.0, 1.0, 6.0, 6.0, 12.0, 12.0, 18.0, 18.0, 24.0, 24.0))

    def load() -> tuple[bytes, ...]:
        found = told.pop(0)
        if isinstance(found, SettingsError):
            raise found
        return found

    secrets = WebhookSecrets(load, clock=lambda: next(times))
    seen = [secrets() for _ in range(6)]

    assert seen == [(b"old",), (b"old",), (b"old", b"new"), (b"old", b"new"), (b"old", b"new"), (b"new",)]


async def test_each_refusal_is_in_the_audit(client: ClientSession, caplog: pytest.LogCaptureFixture) -> None:
    """One line of JSON, whatever was sent, and no secret in it."""
    with caplog.at_level(logging.WARNING, "selfheal_app.audit"):
        await client.post("/webhook", data=BODY)
        await client.post("/webhook", data=BODY, headers=headers(X_Hub_Signature_256="sha256=" + "0" * 64))
        await client.post("/webhook", data=b"x" * 5000, headers=headers(b"x" * 5000))

    told = [json.loads(record.message) for record in caplog.records]
    assert [each["status"] for each in told] == [401, 401, 413]
    assert all(each["audit"] == "refused" and SECRET.decode() not in each["why"] for each in told)
