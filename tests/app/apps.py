"""An App with a key of its own, beside a fake GitHub that checks what it signs; a whole service on a SQLite file."""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.artifacts import an_event
from app.fake_github import FakeGitHub, serving
from selfheal_app.access import Access, Identity, Patience
from selfheal_app.deliveries import Delivery
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.metrics import Metrics
from selfheal_app.service import Service, Stores
from selfheal_app.work.caretaker import Pace
from selfheal_app.work.steps import Waits

APP_ID, INSTALLATION = 7, 70


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem() -> str:
    return key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def access_to(github: FakeGitHub, clock: Callable[[], float] = time.time) -> Access:
    patience = Patience(backoff_s=0.0, longest_wait_s=1.0)
    return Access(Identity(APP_ID, pem), base_url=github.url, clock=clock, patience=patience)


@asynccontextmanager
async def a_github(tmp_path: Path) -> AsyncIterator[FakeGitHub]:
    """One that knows the App's public key."""
    async with serving(FakeGitHub(tmp_path / "github.git", key=key().public_key())) as github:
        yield github


@asynccontextmanager
async def a_service(github: FakeGitHub, tmp_path: Path, *, postgresql: str = "", **more: Any) -> AsyncIterator[Service]:
    """The service as `serve` puts it together, less HTTP; it waits for nobody."""
    url = postgresql or f"sqlite:///{tmp_path / 'state' / 'selfheal.sqlite3'}"
    service = Service(
        Stores.open(url),
        Metrics(),
        work_url=postgresql or f"{url}-work",
        access=access_to(github),
        server="https://github.example",
        clock=time.time,
        waits=Waits(first_s=0.01, longest_s=0.05, tries=4),
        pace=Pace(move_s=0.05, watch_s=0.05),
        patience_s=1,
        **more,
    )
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


def delivery(event: str, body: dict[str, Any] | bytes, *, id_: str = "d-1", **facts: Any) -> Delivery:
    """A delivery as the intake gets it."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    action = json.loads(data).get("action", "")
    known = {"action": action, "installation_id": INSTALLATION, "repository": "org/shop"}
    return Delivery(id=id_, event=event, body=data, signature=id_, **known | facts)


def a_finished(run: FinishedRun, *, id_: str = "d-1") -> Delivery:
    return delivery("workflow_run", an_event(run), id_=id_)


async def until(claim: Callable[[], Any]) -> None:
    """Wait until it is so; a test that it never becomes so for hangs, and is ended by whoever runs it."""
    import asyncio

    while not claim():
        await asyncio.sleep(0.02)


Act = Callable[[], Awaitable[Any]]
