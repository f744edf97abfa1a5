"""Open the database: a SQLite file in WAL mode, or PostgreSQL. The rest of the service does not know which."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from selfheal_app.store.migrations import migrate

_BUSY_MS = 30_000
_POOL = 8
_WAL_PAGES = 4000
"""Between two checkpoints, 16 MB: most pages of an index are written more than once in between, and moved once."""
_WRITES = {"is_writing": True}


class Database:
    """One engine, its schema brought up to date. Every method blocks. Raises SQLAlchemyError where the disk does."""

    def __init__(self, engine: Engine, file: Path | None) -> None:
        self.engine = engine
        # made once: SQLAlchemy copies the engine with its listeners, which took longer than a transaction
        self._writing = engine.execution_options(**_WRITES)
        self.file = file
        """The SQLite file; None for PostgreSQL."""

    @classmethod
    def open(cls, url: str) -> "Database":
        """Open or make it. Raises OSError, SQLAlchemyError, or SettingsError for a schema newer than this program."""
        database = cls.connect(url)
        with database.transaction() as connection:
            migrate(connection)
        return database

    @classmethod
    def connect(cls, url: str) -> "Database":
        """Open it as it is."""
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            driver = parsed.set(drivername="postgresql+psycopg")
            return cls(create_engine(driver, pool_size=_POOL, pool_pre_ping=True), None)
        file = Path(parsed.database or "")
        make_private(file)
        engine = create_engine(parsed)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return cls(engine, file)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of it or nothing; on disk when it ends."""
        with self._writing.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of everything; keeps nobody from writing."""
        with self.engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def make_private(file: Path) -> None:
    """Make the file, readable by its owner alone, before anybody else makes it readable by all."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    # FULL: an answered delivery must survive a power cut, GitHub does not send it twice on its own
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    connection.execute(f"PRAGMA wal_autocheckpoint={_WAL_PAGES}")


def _begin(connection: Connection) -> None:
    # a transaction that begins by reading and writes later fails at once where another has written meanwhile
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
