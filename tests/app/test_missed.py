"""What GitHub could not deliver while nobody listened is asked for, once it is known to be lost, and not for ever."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.apps import a_github, access_to
from app.fake_github import FakeGitHub, Fault
from app.test_stores import a_delivery
from selfheal_app.store.database import Database
from selfheal_app.store.inbox import Inbox
from selfheal_app.work.missed import Missed

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[FakeGitHub]:
    async with a_github(tmp_path) as fake:
        yield fake


def attempt(number: int, guid: str, status: int, *, age_h: float = 1.0) -> dict[str, Any]:
    moment = NOW - timedelta(hours=age_h)
    return {"id": number, "guid": guid, "delivered_at": moment.isoformat(), "status_code": status, "event": "x"}


async def asked(github: FakeGitHub, tmp_path: Path) -> int:
    database = Database.open(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    inbox = Inbox(database)
    inbox.add((a_delivery("here"),), received_at=1.0)
    try:
        return await Missed(access_to(github), inbox, clock=NOW.timestamp).ask()
    finally:
        database.close()


async def test_what_is_lost_is_asked_for(github: FakeGitHub, tmp_path: Path) -> None:
    """Over all pages; not what came through later, what is here, what is under way, what is old or hopeless."""
    github.hook_deliveries += [
        attempt(1, "lost", 502),
        attempt(2, "mended", 200),
        attempt(3, "mended", 502, age_h=2),
        attempt(4, "here", 504),
        attempt(5, "under-way", 502, age_h=0.01),
        *(attempt(number, "hopeless", 401) for number in range(6, 10)),
        *(attempt(number, f"fine-{number}", 202) for number in range(10, 150)),
        attempt(150, "lost-too", 0, age_h=40),
        attempt(151, "old", 502, age_h=60),
    ]

    assert await asked(github, tmp_path) == 2
    assert github.redelivered == [1, 150]


async def test_github_out_of_order_is_left_to_the_next_time(github: FakeGitHub, tmp_path: Path) -> None:
    """Nothing breaks."""
    github.faults.append(Fault("GET", "/app/hook/deliveries$", status=502, times=9))

    assert await asked(github, tmp_path) == 0
