"""The inbox: every accepted delivery once, until it is worked off, given up, or erased."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from selfheal_app.deliveries import Delivery
from selfheal_app.store.database import Database
from selfheal_app.store.tables import inbox

_CHUNK = 500


class Stored(StrEnum):
    """What became of a delivery."""

    NEW = "new"
    REPEATED = "repeated"


class State(StrEnum):
    """How far a delivery is. What nobody here works on is done when it comes."""

    NEW = "new"
    TAKEN = "taken"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A delivery as the inbox keeps it. `body` is None once it is erased; `generation` counts the replays."""

    id: str
    event: str
    action: str
    installation_id: int | None
    repository: str
    body: bytes | None
    received_at: float
    state: State
    generation: int
    reason: str
    changed_at: float

    @property
    def workflow_id(self) -> str:
        """The name of the work on it: the delivery's own, so that it can't be begun twice."""
        return self.id if self.generation == 0 else f"{self.id}.{self.generation}"


class Inbox:
    """Queries of the inbox. Every method blocks, and is one transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._insert = (sqlite if database.file is not None else postgresql).insert

    def add(self, deliveries: tuple[Delivery, ...], *, received_at: float) -> tuple[Stored, ...]:
        """Keep each once; the same id or the same signed bytes again are a repetition. Unix seconds."""
        rows = [_row(each, received_at) for each in {each.id: each for each in reversed(deliveries)}.values()]
        statement = self._insert(inbox).on_conflict_do_nothing().returning(inbox.c.id)
        with self.database.transaction() as connection:
            kept = set(connection.execute(statement, rows).scalars())
        told = []
        for delivery in deliveries:
            told.append(Stored.NEW if delivery.id in kept else Stored.REPEATED)
            kept.discard(delivery.id)
        return tuple(told)

    def oldest(self, count: int, *, in_flight: int) -> tuple[Letter, ...]:
        """What has waited longest, as many as may be worked on besides what is."""
        with self.database.reading() as connection:
            taken = select(func.count()).select_from(inbox).where(inbox.c.state == State.TAKEN)
            room = min(count, in_flight - connection.execute(taken).scalar_one())
            if room <= 0:
                return ()
            query = select(inbox).where(inbox.c.state == State.NEW).order_by(inbox.c.received_at).limit(room)
            return tuple(_letter(row) for row in connection.execute(query))

    def take(self, letter: Letter, *, now: float) -> None:
        """Say that the work on it has its place among the workflows."""
        self._change(letter.id, State.TAKEN, "", now, is_from=(State.NEW,))

    def finish(self, id_: str, *, now: float) -> None:
        """Say that it is worked off, and forget what it said: nobody needs it, and it names people."""
        with self.database.transaction() as connection:
            values = {"state": State.DONE, "reason": "", "body": None, "changed_at": now}
            connection.execute(update(inbox).where(inbox.c.id == id_).values(values))

    def bury(self, id_: str, reason: str, *, now: float) -> None:
        """Put it among the dead letters, where a person can look at it and replay it."""
        self._change(id_, State.DEAD, reason[:500], now)

    def replay(self, id_: str, *, now: float) -> bool:
        """Let a dead letter be worked on again; False where there is none of this id."""
        with self.database.transaction() as connection:
            is_it = (inbox.c.id == id_) & (inbox.c.state == State.DEAD) & inbox.c.body.is_not(None)
            values = {"state": State.NEW, "generation": inbox.c.generation + 1, "changed_at": now}
            return connection.execute(update(inbox).where(is_it).values(values)).rowcount == 1

    def begin_anew(self, id_: str, *, now: float) -> None:
        """Let what was taken be worked on from its beginning, under another name."""
        is_it = (inbox.c.id == id_) & (inbox.c.state == State.TAKEN)
        values = {"state": State.NEW, "generation": inbox.c.generation + 1, "changed_at": now}
        with self.database.transaction() as connection:
            connection.execute(update(inbox).where(is_it).values(values))

    def get(self, id_: str) -> Letter | None:
        """One delivery."""
        with self.database.reading() as connection:
            row = connection.execute(select(inbox).where(inbox.c.id == id_)).one_or_none()
        return None if row is None else _letter(row)

    def known(self, ids: tuple[str, ...]) -> set[str]:
        """Those of the ids that were accepted."""
        found: set[str] = set()
        with self.database.reading() as connection:
            for start in range(0, len(ids), _CHUNK):
                query = select(inbox.c.id).where(inbox.c.id.in_(ids[start : start + _CHUNK]))
                found |= set(connection.execute(query).scalars())
        return found

    def dead(self, limit: int = 1000) -> tuple[Letter, ...]:
        """The dead letters, oldest first."""
        query = select(inbox).where(inbox.c.state == State.DEAD).order_by(inbox.c.received_at).limit(limit)
        with self.database.reading() as connection:
            return tuple(_letter(row) for row in connection.execute(query))

    def taken(self) -> tuple[Letter, ...]:
        """What is being worked on; there is never much of it."""
        with self.database.reading() as connection:
            return tuple(_letter(row) for row in connection.execute(select(inbox).where(inbox.c.state == State.TAKEN)))

    def count(self) -> dict[State, int]:
        """How many are how far; also the proof that the database answers."""
        query = select(inbox.c.state, func.count()).group_by(inbox.c.state)
        with self.database.reading() as connection:
            found = {State(state): int(number) for state, number in connection.execute(query)}
        return {state: found.get(state, 0) for state in State}

    def forget(self, *, before: float, dead_before: float) -> int:
        """Erase what was done and what was given up longer ago; how many rows went."""
        is_old = (inbox.c.state == State.DONE) & (inbox.c.changed_at < before)
        is_dead = (inbox.c.state == State.DEAD) & (inbox.c.changed_at < dead_before)
        with self.database.transaction() as connection:
            return int(connection.execute(delete(inbox).where(is_old | is_dead)).rowcount)

    def erase(self, installation_id: int, *, repository: str = "", besides: str = "") -> int:
        """Erase all of an installation, or of one repository of it; the delivery that asks for it stays."""
        is_theirs = (inbox.c.installation_id == installation_id) & (inbox.c.id != besides)
        if repository:
            is_theirs &= func.lower(inbox.c.repository) == repository.lower()
        with self.database.transaction() as connection:
            return int(connection.execute(delete(inbox).where(is_theirs)).rowcount)

    def _change(self, id_: str, state: State, reason: str, now: float, *, is_from: tuple[State, ...] = ()) -> None:
        is_it = inbox.c.id == id_
        if is_from:
            is_it &= inbox.c.state.in_(is_from)
        with self.database.transaction() as connection:
            values = {"state": state, "reason": reason, "changed_at": now}
            connection.execute(update(inbox).where(is_it).values(values))


def _row(delivery: Delivery, received_at: float) -> dict[str, object]:
    return {
        "id": delivery.id,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation_id,
        "repository": delivery.repository,
        "body": delivery.body if delivery.is_wanted else None,
        "body_sha256": delivery.body_sha256,
        "received_at": received_at,
        "state": State.NEW if delivery.is_wanted else State.DONE,
        "generation": 0,
        "reason": "",
        "changed_at": received_at,
    }


def _letter(row: Row[tuple[object, ...]]) -> Letter:
    facts = dict(row._mapping)
    facts.pop("body_sha256")
    facts["state"] = State(facts["state"])
    return Letter(**facts)
