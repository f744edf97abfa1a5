"""The webhook keeps each authentic delivery once, before it says so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from app.test_deliveries import BODY, SECRET, headers, signature
from selfheal_app.deliveries import Delivery
from selfheal_app.errors import SettingsError
from selfheal_app.server import build
from selfheal_app.store import DeliveryStore, Stored

OTHER = b"a second secret that is accepted too"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DeliveryStore]:
    store = DeliveryStore.open(tmp_path / "state" / "selfheal.sqlite3")
    yield store
    store.close()


@pytest.fixture
async def client(store: DeliveryStore) -> AsyncIterator[TestClient]:
    application = build(store, secrets=(SECRET, OTHER), clock=lambda: 1.0, largest_body=1000)
    async with TestClient(TestServer(application)) as client:
        yield client


async def test_a_signed_delivery_is_accepted_and_a_repeated_one_is_known(
    client: TestClient, store: DeliveryStore
) -> None:
    """202 the first time, 200 after it, kept once."""
    first = await client.post("/webhook", data=BODY, headers=headers())
    again = await client.post("/webhook", data=BODY, headers=headers())

    assert (first.status, again.status, store.count()) == (202, 200, 1)


async def test_a_replay_under_another_id_is_known(client: TestClient, store: DeliveryStore) -> None:
    """The id is not signed, so the bytes decide too."""
    await client.post("/webhook", data=BODY, headers=headers())
    replayed = await client.post("/webhook", data=BODY, headers=headers(X_GitHub_Delivery="1-2-3"))

    assert (replayed.status, store.count()) == (200, 1)


@pytest.mark.parametrize("secret", [SECRET, OTHER])
async def test_each_secret_is_accepted(client: TestClient, secret: bytes) -> None:
    """While one is replaced by the other."""
    response = await client.post("/webhook", data=BODY, headers=headers(X_Hub_Signature_256=signature(BODY, secret)))

    assert response.status == 202


async def test_a_forged_delivery_is_refused(client: TestClient, store: DeliveryStore) -> None:
    """401, nothing kept, and the answer holds no secret."""
    forged = headers(X_Hub_Signature_256=signature(BODY, b"guessed"))
    response = await client.post("/webhook", data=BODY, headers=forged)

    assert (response.status, store.count()) == (401, 0)
    assert SECRET.decode() not in await response.text()


async def test_an_unsigned_delivery_is_refused(client: TestClient, store: DeliveryStore) -> None:
    """Also where it is too large to be read."""
    for body in (BODY, b"x" * 5000):
        unsigned = {name: value for name, value in headers().items() if "Signature" not in name}
        response = await client.post("/webhook", data=body, headers=unsigned)
        assert response.status == 401
    assert store.count() == 0


async def test_an_oversized_delivery_is_refused(client: TestClient, store: DeliveryStore) -> None:
    """Before it fills the memory."""
    body = b'{"a": "' + b"x" * 5000 + b'"}'
    response = await client.post("/webhook", data=body, headers=headers(body))

    assert (response.status, store.count()) == (413, 0)


@pytest.mark.parametrize("missing", ["X-GitHub-Delivery", "X-GitHub-Event"])
async def test_a_missing_header_is_named(client: TestClient, missing: str) -> None:
    """400: it is signed, so it is worth telling what is wrong."""
    given = {name: value for name, value in headers().items() if name != missing}
    response = await client.post("/webhook", data=BODY, headers=given)

    assert response.status == 400
    assert missing in await response.text()


async def test_health_and_readiness_tell_a_dead_disk_apart(client: TestClient, store: DeliveryStore) -> None:
    """A live server whose store is gone is not ready, and asks GitHub to send again."""
    assert (await client.get("/readyz")).status == 200
    store.close()

    assert (await client.get("/healthz")).status == 200
    assert (await client.get("/readyz")).status == 503
    assert (await client.post("/webhook", data=BODY, headers=headers())).status == 503


async def test_a_get_of_the_webhook_is_no_delivery(client: TestClient) -> None:
    """Only POST is."""
    assert (await client.get("/webhook")).status == 405


async def test_no_secret_is_no_server(store: DeliveryStore) -> None:
    """An open door is no default."""
    with pytest.raises(SettingsError, match="SELFHEAL_WEBHOOK_SECRET"):
        build(store, secrets=(), clock=lambda: 1.0)


def test_a_delivery_survives_the_process(tmp_path: Path) -> None:
    """What was accepted is on disk, readable by its owner alone."""
    file = tmp_path / "db"
    delivery = Delivery(id="1", event="ping", body=b"{}", body_sha256="x")
    store = DeliveryStore.open(file)
    assert store.add(delivery, received_at=1.0) is Stored.NEW
    store.close()

    again = DeliveryStore.open(file)
    assert again.add(delivery, received_at=2.0) is Stored.REPEATED
    assert file.stat().st_mode & 0o077 == 0
    again.close()
