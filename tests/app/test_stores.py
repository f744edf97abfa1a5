"""What is kept is kept in SQLite and in PostgreSQL alike: once, in order, and no longer than it should be."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from app.artifacts import a_report, a_run
from selfheal_app.deliveries import Delivery
from selfheal_app.errors import SettingsError
from selfheal_app.store.database import Database
from selfheal_app.store.inbox import Inbox, State, Stored
from selfheal_app.store.migrations import NEWEST, version
from selfheal_app.store.outcomes import Outcomes, outcome_of
from selfheal_app.store.repairs import Fate, Repair, Repairs
from selfheal_app.store.replicas import Replicas
from selfheal_app.store.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'selfheal.sqlite3'}"
    return str(request.getfixturevalue("postgres").database())


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database.open(url)
    yield database
    database.close()


def a_delivery(id_: str, **changes: Any) -> Delivery:
    facts: dict[str, Any] = {
        "id": id_,
        "event": "workflow_run",
        "body": b"{}",
        "signature": id_,
        "action": "completed",
        "installation_id": 70,
        "repository": "org/shop",
    }
    return Delivery(**facts | changes)


def test_migrations_make_the_tables_that_queries_see_drift(database: Database) -> None:
    """Names, order, what may be null and what the keys are; twice is once."""
    Database.open(database.engine.url.render_as_string(hide_password=False)).close()
    with database.reading() as connection:
        made = inspect(connection)
        for table in metadata.sorted_tables:
            columns = [(each["name"], bool(each["nullable"])) for each in made.get_columns(table.name)]
            keys = set(made.get_pk_constraint(table.name)["constrained_columns"])
            assert [name for name, _ in columns] == [column.name for column in table.columns]
            assert keys == {column.name for column in table.primary_key}
            assert {name for name, nullable in columns if nullable} - keys == {
                column.name for column in table.columns if column.nullable
            }
        assert version(connection) == NEWEST


def test_a_newer_schema_is_left_alone(database: Database) -> None:
    """Going back a release is told, not tried."""
    with database.transaction() as connection:
        connection.execute(text("UPDATE schema_version SET version = 999"))

    with pytest.raises(SettingsError, match="999"):
        Database.open(database.engine.url.render_as_string(hide_password=False))


def test_the_first_release_s_deliveries_are_adopted(tmp_path: Path) -> None:
    """They were accepted: they are worked on now."""
    file = tmp_path / "selfheal.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute(
            "CREATE TABLE delivery (id TEXT PRIMARY KEY, event TEXT NOT NULL, body BLOB NOT NULL,"
            " body_sha256 TEXT NOT NULL UNIQUE, received_at REAL NOT NULL) STRICT"
        )
        connection.execute("INSERT INTO delivery VALUES ('d-1', 'ping', x'7b7d', 'abc', 5.0)")
    database = Database.open(f"sqlite:///{file}")
    letter = Inbox(database).get("d-1")
    database.close()

    assert letter is not None and (letter.state, letter.body, letter.received_at) == (State.NEW, b"{}", 5.0)


def test_a_sqlite_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    """With all that lies beside it, and in write-ahead mode."""
    database = Database.open(f"sqlite:///{tmp_path / 'state' / 'x.sqlite3'}")
    with database.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        modes = [file.stat().st_mode for file in (tmp_path / "state").iterdir()]
    database.close()

    assert modes and all(mode & 0o077 == 0 for mode in modes)
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0


def test_each_delivery_is_kept_once(database: Database) -> None:
    """In one batch and over several; the same id, or the same signed bytes under another."""
    inbox = Inbox(database)
    first = inbox.add((a_delivery("a"), a_delivery("b"), a_delivery("a")), received_at=1.0)
    again = inbox.add((a_delivery("a"), a_delivery("c", signature="b"), a_delivery("d")), received_at=2.0)

    assert first == (Stored.NEW, Stored.NEW, Stored.REPEATED)
    assert again == (Stored.REPEATED, Stored.REPEATED, Stored.NEW)
    assert inbox.count()[State.NEW] == 3


def test_what_waits_longest_comes_first_and_never_too_much(database: Database) -> None:
    """What is under way takes its room; what is finished gives it back, and is forgotten but for its name."""
    inbox = Inbox(database)
    for number in (3, 1, 2):
        inbox.add((a_delivery(f"d-{number}"),), received_at=float(number))
    (first,) = inbox.oldest(5, in_flight=1)
    inbox.take(first, now=9.0)

    assert first.id == "d-1" and inbox.oldest(5, in_flight=1) == ()
    assert [letter.id for letter in inbox.oldest(5, in_flight=9)] == ["d-2", "d-3"]
    inbox.finish("d-1", now=10.0)
    done = inbox.get("d-1")
    assert done is not None and (done.state, done.body) == (State.DONE, None)
    assert inbox.add((a_delivery("d-1"),), received_at=11.0) == (Stored.REPEATED,)


def test_the_oldest_wait_is_of_what_is_not_worked_off(database: Database) -> None:
    """What is done or dead waits for nobody."""
    inbox = Inbox(database)
    assert inbox.oldest_wait(now=100.0) == 0.0
    for number in (1, 2, 3):
        inbox.add((a_delivery(f"d-{number}"),), received_at=float(number))
    inbox.finish("d-1", now=9.0)
    inbox.bury("d-2", "it can't be read", now=9.0)
    assert inbox.oldest_wait(now=100.0) == 97.0


def test_taking_late_changes_nothing(database: Database) -> None:
    """The work may be over before its place among the workflows is written down."""
    inbox = Inbox(database)
    inbox.add((a_delivery("a"),), received_at=1.0)
    (letter,) = inbox.oldest(1, in_flight=1)
    inbox.finish("a", now=2.0)
    inbox.take(letter, now=3.0)

    assert inbox.count()[State.DONE] == 1


def test_a_dead_letter_is_replayed_under_another_name(database: Database) -> None:
    """Work of the same name would be the work that failed."""
    inbox = Inbox(database)
    inbox.add((a_delivery("a"),), received_at=1.0)
    inbox.bury("a", "GitHub is down", now=2.0)
    (dead,) = inbox.dead()

    assert (dead.reason, dead.workflow_id) == ("GitHub is down", "a")
    assert inbox.replay("a", now=3.0) and not inbox.replay("a", now=3.0) and not inbox.replay("b", now=3.0)
    assert [letter.workflow_id for letter in inbox.oldest(5, in_flight=5)] == ["a.1"]


def test_nothing_is_kept_for_ever(database: Database) -> None:
    """What was done, what was given up, and what became of runs go after their time; what waits stays."""
    inbox, repairs = Inbox(database), Repairs(database)
    for name in ("done", "dead", "waiting"):
        inbox.add((a_delivery(name),), received_at=1.0)
    inbox.finish("done", now=10.0)
    inbox.bury("dead", "x", now=10.0)
    repairs.remember(a_repair(), now=10.0)

    assert inbox.forget(before=10.0, dead_before=10.0) == 0
    assert inbox.forget(before=11.0, dead_before=10.0) == 1
    assert inbox.forget(before=11.0, dead_before=11.0) == 1
    assert inbox.count()[State.NEW] == 1
    assert (repairs.forget(before=10.0), repairs.forget(before=11.0)) == (0, 1)


def a_repair(**changes: Any) -> Repair:
    facts: dict[str, Any] = {
        "repository": "org/shop",
        "run_id": 2**40,
        "run_attempt": 1,
        "installation_id": 70,
        "ending": "published",
        "url": "https://x",
    }
    return Repair(**facts | changes)


def test_what_people_decided_stays(database: Database) -> None:
    """Also when the publication is found again afterwards; repositories are one whatever their case."""
    repairs = Repairs(database)
    repairs.remember(a_repair(), now=1.0)
    repairs.decide("Org/Shop", 2**40, 1, Fate.MERGED, now=2.0)
    repairs.remember(a_repair(ending="nothing"), now=3.0)

    found = repairs.get("org/shop", 2**40, 1)
    assert found is not None and (found.fate, found.ending) == (Fate.MERGED, "nothing")
    assert repairs.get("org/shop", 2**40, 2) is None

    for fate, stays in ((Fate.DISMISSED, Fate.DISMISSED), (Fate.CLOSED, Fate.DISMISSED), (Fate.MERGED, Fate.MERGED)):
        repairs.decide("org/shop", 2**40, 1, fate, now=4.0)
        found = repairs.get("org/shop", 2**40, 1)
        assert found is not None and found.fate is stays


def test_outcomes_are_counted_with_what_people_made_of_them(database: Database) -> None:
    """By outcome, category, strategy and fate; the newest first; one repository's alone; in both databases."""
    outcomes, repairs = Outcomes(database), Repairs(database)
    patch = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+b\n"
    for number, repository in enumerate(("org/shop", "Org/Shop", "org/bank"), 1):
        run = a_run(run_id=2**40 + number, repository=repository)
        report = a_report(patch if number == 1 else None)
        outcomes.remember(outcome_of(report, run, installation_id=70), now=100.0 + number)
    repairs.remember(a_repair(run_id=2**40 + 1), now=1.0)
    repairs.decide("org/shop", 2**40 + 1, 1, Fate.MERGED, now=2.0)
    tallies = outcomes.tallies(("org/shop",))

    assert sorted((each.outcome, each.fate, each.runs) for each in tallies) == [
        ("exhausted", "", 1),
        ("healed", "merged", 1),
    ]
    assert sum(each.runs for each in outcomes.tallies(None)) == 3
    assert [each.run.run_id - 2**40 for each in outcomes.newest(("org/shop", "org/bank"), limit=2)] == [3, 2]
    assert [each.fate for each in outcomes.newest(("org/shop",), limit=9, only="healed")] == ["merged"]
    assert outcomes.days(("org/shop",), since=100.0, day_s=1.5) == {0: {"healed": 1}, 1: {"exhausted": 1}}
    repairs.erase(70, repository="org/shop")
    assert outcomes.tallies(("org/shop",)) == ()
    assert repairs.forget(before=1000.0) == 0 and outcomes.tallies(None) == ()


def test_an_installation_is_erased_alone(database: Database) -> None:
    """And the delivery that says so stays until it is worked off."""
    inbox, repairs = Inbox(database), Repairs(database)
    inbox.add((a_delivery("mine"), a_delivery("asks"), a_delivery("other", installation_id=71)), received_at=1.0)
    repairs.remember(a_repair(), now=1.0)
    repairs.remember(a_repair(installation_id=71, repository="b/c"), now=1.0)
    inbox.erase(70, besides="asks")
    repairs.erase(70)
    repairs.installed(70, "", "deleted", now=1.0)

    assert [inbox.get(name) is None for name in ("mine", "asks", "other")] == [True, False, False]
    assert repairs.get("org/shop", 2**40, 1) is None and repairs.get("b/c", 2**40, 1) is not None
    assert (repairs.installation_state(70), repairs.installation_state(71)) == ("deleted", "active")


def test_replicas_count_up(database: Database) -> None:
    """Each for itself; the dead are taken off the list."""
    replicas = Replicas(database)
    replicas.beat("a")
    assert replicas.beat("a") == {"a": 2}
    assert replicas.beat("b") == {"a": 2, "b": 1}
    replicas.forget("a")
    assert replicas.beat("b") == {"b": 2}
