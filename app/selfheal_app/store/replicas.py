"""Who lives. A replica counts up; whoever sees the count stand still for long enough knows that it is dead.

No clock is compared with another's.
"""

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from selfheal_app.store.database import Database
from selfheal_app.store.tables import replica


class Replicas:
    """The counts of all replicas. Every method blocks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = (sqlite if database.file is not None else postgresql).insert

    def beat(self, executor_id: str) -> dict[str, int]:
        """Count up, and read everybody's count."""
        statement = self._insert(replica).values(executor_id=executor_id, beat=1)
        counted = statement.on_conflict_do_update(index_elements=["executor_id"], set_={"beat": replica.c.beat + 1})
        with self._database.transaction() as connection:
            connection.execute(counted)
            return {str(name): int(beat) for name, beat in connection.execute(select(replica))}

    def forget(self, *executor_ids: str) -> None:
        """Take the dead off the list."""
        with self._database.transaction() as connection:
            connection.execute(delete(replica).where(replica.c.executor_id.in_(executor_ids)))

    def forget_all(self) -> None:
        """Take everybody off the list: whoever asks is alone."""
        with self._database.transaction() as connection:
            connection.execute(delete(replica))
