"""Accepted deliveries, on disk before GitHub hears that they were accepted."""

import os
import sqlite3
import threading
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from selfheal_app.deliveries import Delivery

_SCHEMA = """
CREATE TABLE IF NOT EXISTS delivery (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    body BLOB NOT NULL,
    body_sha256 TEXT NOT NULL UNIQUE,
    received_at REAL NOT NULL
) STRICT
"""


class Stored(StrEnum):
    """What became of a delivery."""

    NEW = "new"
    REPEATED = "repeated"


class DeliveryStore:
    """One SQLite file in WAL mode. Safe to use from several threads; every method blocks.

    Methods raise sqlite3.Error where the disk does not do its part.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def open(cls, file: Path) -> "DeliveryStore":
        """Open or make the file, readable by its owner alone. Raises OSError or sqlite3.Error."""
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None, timeout=10)
        connection.execute("PRAGMA journal_mode=WAL")
        # FULL: an answered delivery must survive a power cut, GitHub does not send it twice on its own
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(_SCHEMA)
        return cls(connection)

    def add(self, delivery: Delivery, *, received_at: float) -> Stored:
        """Keep a delivery once; the same id or the same signed bytes again are a repetition. Unix seconds."""
        values = (delivery.id, delivery.event, delivery.body, delivery.body_sha256, received_at)
        with self._lock, closing(self._connection.cursor()) as cursor:
            cursor.execute("INSERT OR IGNORE INTO delivery VALUES (?, ?, ?, ?, ?)", values)
            return Stored.NEW if cursor.rowcount == 1 else Stored.REPEATED

    def count(self) -> int:
        """How many deliveries are kept; also the proof that the store answers."""
        with self._lock, closing(self._connection.cursor()) as cursor:
            (number,) = cursor.execute("SELECT count(*) FROM delivery").fetchone()
        return int(number)

    def close(self) -> None:
        """Free the file."""
        with self._lock:
            self._connection.close()
