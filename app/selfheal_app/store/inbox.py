"""The inbox: every accepted delivery once, until it is worked off, given up, or erased."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain

from sqlalchemy import Boolean, Row, delete, func, literal_column, select, update

from selfheal_app.deliveries import Delivery
from selfheal_app.store.database import Database
from selfheal_app.store.tables import inbox

_CHUNK = 500
_COLUMNS = ", ".join(inbox.columns.keys())
_INSERT = " ".join(("INSERT INTO inbox", f"({_COLUMNS})", "VALUES "))
_IS_OPEN = literal_column("state <> 'done'", Boolean)
"""Word for word the condition of the index, which is used for no other."""


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
        self._mark = "?" if database.file is not None else "%s"

    def add(self, deliveries: tuple[Delivery, ...], *, received_at: float) -> tuple[Stored, ...]:
        """Keep each once; the same id or the same signed bytes again are a repetition. Unix seconds."""
        rows = [_row(each, received_at) for each in {each.id: each for each in reversed(deliveries)}.values()]
        kept = self._add_new(rows) or self._add_some(rows)
        told = []
        for delivery in deliveries:
            told.append(Stored.NEW if delivery.id in kept else Stored.REPEATED)
            kept.discard(delivery.id)
        return tuple(told)

    def oldest(self, count: int, *, in_flight: int) -> tuple[Letter, ...]:
        """What has waited longest, as many as may be worked on besides what is."""
        with self.database.reading() as connection:
            taken = select(func.count()).select_from(inbox).where(_IS_OPEN, inbox.c.state == State.TAKEN)
            room = min(count, in_flight - connection.execute(taken).scalar_one())
            if room <= 0:
                return ()
            is_new = (_IS_OPEN, inbox.c.state == State.NEW)
            query = select(inbox).where(*is_new).order_by(inbox.c.received_at).limit(room)
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
        is_dead = (_IS_OPEN, inbox.c.state == State.DEAD)
        query = select(inbox).where(*is_dead).order_by(inbox.c.received_at).limit(limit)
        with self.database.reading() as connection:
            return tuple(_letter(row) for row in connection.execute(query))

    def taken(self) -> tuple[Letter, ...]:
        """What is being worked on; there is never much of it."""
        query = select(inbox).where(_IS_OPEN, inbox.c.state == State.TAKEN)
        with self.database.reading() as connection:
            return tuple(_letter(row) for row in connection.execute(query))

    def count(self) -> dict[State, int]:
        """How many are how far; also the proof that the database answers."""
        query = select(inbox.c.state, func.count()).group_by(inbox.c.state)
        with self.database.reading() as connection:
            found = {State(state): int(number) for state, number in connection.execute(query)}
        return {state: found.get(state, 0) for state in State}

    def oldest_wait(self, *, now: float) -> float:
        """Seconds since the oldest delivery came that is not worked off; 0 where there is none."""
        query = select(func.min(inbox.c.received_at)).where(_IS_OPEN, inbox.c.state.in_((State.NEW, State.TAKEN)))
        with self.database.reading() as connection:
            came = connection.execute(query).scalar_one()
        return max(0.0, now - float(came)) if came is not None else 0.0

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

    def _add_new(self, rows: "list[tuple[object, ...]]") -> set[object]:
        """Their ids where all of them are new, as nearly always; else nothing is added.

        Being told each id costs a quarter more, since every row is fetched on its own.
        """
        with self.database.transaction() as connection:
            made = connection.exec_driver_sql(_insertion(len(rows), self._mark), _values(rows))
            if made.rowcount == len(rows):
                return {row[0] for row in rows}
            connection.rollback()
        return set()

    def _add_some(self, rows: "list[tuple[object, ...]]") -> set[object]:
        with self.database.transaction() as connection:
            query = _insertion(len(rows), self._mark) + " RETURNING id"
            return set(connection.exec_driver_sql(query, _values(rows)).scalars())

    def _change(self, id_: str, state: State, reason: str, now: float, *, is_from: tuple[State, ...] = ()) -> None:
        is_it = inbox.c.id == id_
        if is_from:
            is_it &= inbox.c.state.in_(is_from)
        with self.database.transaction() as connection:
            values = {"state": state, "reason": reason, "changed_at": now}
            connection.execute(update(inbox).where(is_it).values(values))


@lru_cache(maxsize=512)
def _insertion(rows: int, mark: str) -> str:
    """In SQL: the ORM's way to many rows takes longer than everything else that is done with a delivery."""
    row = f"({', '.join([mark] * len(inbox.columns))})"
    return _INSERT + ", ".join([row] * rows) + " ON CONFLICT DO NOTHING"


def _values(rows: "list[tuple[object, ...]]") -> tuple[object, ...]:
    return tuple(chain.from_iterable(rows))


def _row(delivery: Delivery, received_at: float) -> tuple[object, ...]:
    """In the order of the table's columns. Of what nobody works on only that it came is kept."""
    head = (delivery.id, delivery.event)
    if not delivery.is_wanted:
        said: tuple[object, ...] = ("", None, "", None)
    else:
        said = (delivery.action, delivery.installation_id, delivery.repository, delivery.body)
    state = State.NEW if delivery.is_wanted else State.DONE
    return (*head, *said, delivery.signature, received_at, state.value, 0, "", received_at)


def _letter(row: Row[tuple[object, ...]]) -> Letter:
    facts = dict(row._mapping)
    facts.pop("signature")
    facts["state"] = State(facts["state"])
    return Letter(**facts)
