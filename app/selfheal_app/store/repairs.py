"""What became of each repair that was told of, and of those who have the App installed."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from selfheal_app.store.database import Database
from selfheal_app.store.tables import installation, outcome, repair


class Fate(StrEnum):
    """What people did with it."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    REVERTED = "reverted"
    """Merged, and taken back by a pull request that GitHub's own button made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One attempt of one run: how its publication ended, where it is to be seen, and what people made of it."""

    repository: str
    run_id: int
    run_attempt: int
    installation_id: int
    ending: str
    url: str
    fate: Fate = Fate.OPEN


class Repairs:
    """Every method blocks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = (sqlite if database.file is not None else postgresql).insert

    def remember(self, it: Repair, *, now: float) -> None:
        """Keep how a publication ended; the fate stays where it is known."""
        values = {
            "repository": it.repository,
            "run_id": it.run_id,
            "run_attempt": it.run_attempt,
            "installation_id": it.installation_id,
            "ending": it.ending,
            "url": it.url,
            "fate": it.fate,
            "changed_at": now,
        }
        kept = {name: values[name] for name in ("ending", "url", "changed_at")}
        statement = self._insert(repair).values(values)
        keys = ["repository", "run_id", "run_attempt"]
        with self._database.transaction() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=kept))

    def decide(self, repository: str, run_id: int, run_attempt: int, fate: Fate, *, now: float) -> None:
        """Remember what people did; what was dismissed is closed too, and stays dismissed."""
        it = _is(repository, run_id, run_attempt)
        if fate is Fate.CLOSED:
            it &= repair.c.fate != Fate.DISMISSED
        with self._database.transaction() as connection:
            connection.execute(update(repair).where(it).values(fate=fate, changed_at=now))

    def get(self, repository: str, run_id: int, run_attempt: int) -> Repair | None:
        """One of them."""
        with self._database.reading() as connection:
            row = connection.execute(select(repair).where(_is(repository, run_id, run_attempt))).one_or_none()
        if row is None:
            return None
        facts = dict(row._mapping)
        facts.pop("changed_at")
        return Repair(**facts | {"fate": Fate(facts["fate"])})

    def forget(self, *, before: float) -> int:
        """Erase what nobody touched since; how many went."""
        with self._database.transaction() as connection:
            connection.execute(delete(outcome).where(outcome.c.ended_at < before))
            return int(connection.execute(delete(repair).where(repair.c.changed_at < before)).rowcount)

    def erase(self, installation_id: int, *, repository: str = "") -> None:
        """Erase all of an installation, or of one repository of it."""
        with self._database.transaction() as connection:
            for table in (repair, outcome):
                is_theirs = table.c.installation_id == installation_id
                if repository:
                    is_theirs &= func.lower(table.c.repository) == repository.lower()
                connection.execute(delete(table).where(is_theirs))

    def installed(self, installation_id: int, account: str, state: str, *, now: float) -> None:
        """Remember who has the App: `active`, `suspended` or `deleted`."""
        values = {"id": installation_id, "account": account, "state": state, "changed_at": now}
        statement = self._insert(installation).values(values)
        with self._database.transaction() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    def installation_state(self, installation_id: int) -> str:
        """As told last; `active` of whom nothing was told."""
        with self._database.reading() as connection:
            query = select(installation.c.state).where(installation.c.id == installation_id)
            return connection.execute(query).scalar_one_or_none() or "active"


def _is(repository: str, run_id: int, run_attempt: int) -> ColumnElement[bool]:
    return (
        (func.lower(repair.c.repository) == repository.lower())
        & (repair.c.run_id == run_id)
        & (repair.c.run_attempt == run_attempt)
    )
