"""Who dies leaves no work behind: those who live take it over, and nobody else's."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from app.test_stores import a_delivery
from selfheal_app.store.database import Database
from selfheal_app.store.inbox import Inbox, State
from selfheal_app.store.replicas import Replicas
from selfheal_app.work.durable import WORK_VERSION, Found
from selfheal_app.work.watchdog import Watchdog

LONG = 10_000.0


@dataclass
class FakeDurable:
    """The workflows as DBOS would list them."""

    workflows: list[Found] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)

    def find(self, *, workflow_ids: list[str] | None = None, statuses: list[str] | None = None) -> tuple[Found, ...]:
        return tuple(
            each
            for each in self.workflows
            if (statuses is None or each.status in statuses)
            and (workflow_ids is None or each.workflow_id in workflow_ids)
        )

    def resume(self, workflow_ids: list[str]) -> None:
        self.resumed += workflow_ids

    def delete(self, workflow_ids: list[str]) -> None:
        self.workflows = [each for each in self.workflows if each.workflow_id not in workflow_ids]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    yield database
    database.close()


def pending(name: str, executor_id: str, **changes: str) -> Found:
    return replace(Found(name, name, "PENDING", executor_id, WORK_VERSION), **changes)


def a_watchdog(database: Database, durable: FakeDurable, *, name: str = "a", now: float = LONG) -> Watchdog:
    return Watchdog(Replicas(database), Inbox(database), durable, executor_id=name, clock=lambda: now)  # type: ignore[arg-type]


def test_the_work_of_one_who_stopped_is_taken_over(database: Database) -> None:
    """After it has missed its beats, and not before; our own and the living's stay."""
    durable = FakeDurable([pending("mine", "a"), pending("theirs", "b"), pending("orphan", "c")])
    watchdog, replicas = a_watchdog(database, durable), Replicas(database)
    replicas.beat("c")
    for _ in range(4):
        replicas.beat("b")
        watchdog.look()
    assert durable.resumed == []

    replicas.beat("b")
    watchdog.look()
    assert durable.resumed == ["orphan"]
    assert "c" not in replicas.beat("b")


def test_the_work_of_one_nobody_knows_is_taken_over_at_once(database: Database) -> None:
    """As after a restart, which forgets the names of the life before."""
    durable = FakeDurable([pending("orphan", "gone")])
    a_watchdog(database, durable).look()

    assert durable.resumed == ["orphan"]


def test_one_of_many_takes_over(database: Database) -> None:
    """The others leave it alone."""
    durable = FakeDurable([pending("orphan", "gone")])
    Replicas(database).beat("a")
    a_watchdog(database, durable, name="b").look()

    assert durable.resumed == []


@pytest.mark.parametrize(
    ("workflow", "state", "generation"),
    [
        (None, State.NEW, 1),
        (pending("d", "a"), State.TAKEN, 0),
        (pending("d", "a", status="SUCCESS"), State.DONE, 0),
        (pending("d", "a", status="ERROR"), State.NEW, 1),
        (pending("d", "a", status="MAX_RECOVERY_ATTEMPTS_EXCEEDED"), State.DEAD, 0),
        (pending("d", "a", version="0"), State.NEW, 1),
    ],
)
def test_the_inbox_is_what_counts(database: Database, workflow: Found | None, state: State, generation: int) -> None:
    """Work that is lost is begun anew, work that ended is ended, work of an older release is begun anew."""
    inbox, durable = Inbox(database), FakeDurable([workflow] if workflow else [])
    inbox.add((a_delivery("d"),), received_at=1.0)
    (letter,) = inbox.oldest(1, in_flight=1)
    inbox.take(letter, now=1.0)
    a_watchdog(database, durable).look()

    found = inbox.get("d")
    assert found is not None and (found.state, found.generation) == (state, generation)


def test_work_that_ends_in_errors_is_given_up(database: Database) -> None:
    """After it was begun anew three times."""
    inbox = Inbox(database)
    inbox.add((a_delivery("d"),), received_at=1.0)
    for _ in range(4):
        (letter,) = inbox.oldest(1, in_flight=1)
        inbox.take(letter, now=1.0)
        a_watchdog(database, FakeDurable([pending(letter.workflow_id, "a", status="ERROR")])).look()

    assert inbox.count()[State.DEAD] == 1


def test_work_that_was_just_begun_is_left_alone(database: Database) -> None:
    """It may not be in sight yet."""
    inbox = Inbox(database)
    inbox.add((a_delivery("d"),), received_at=1.0)
    (letter,) = inbox.oldest(1, in_flight=1)
    inbox.take(letter, now=LONG - 1)
    a_watchdog(database, FakeDurable()).look()

    assert inbox.count()[State.TAKEN] == 1
