"""The schema's history. A migration is never changed and never taken back; a new one is added at the end."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

from selfheal_app.errors import SettingsError

_LOCK = 0x5E1F_4EA1
"""Of PostgreSQL's advisory locks: replicas that start together migrate one after the other."""


@dataclass(frozen=True, slots=True)
class Migration:
    """Statements in one transaction; {blob}, {real} and {bigint} are the database's own names."""

    version: int
    statements: tuple[str, ...]


_DELIVERY = """CREATE TABLE IF NOT EXISTS delivery (
    id TEXT PRIMARY KEY, event TEXT NOT NULL, body {blob} NOT NULL, body_sha256 TEXT NOT NULL UNIQUE,
    received_at {real} NOT NULL)"""
_INBOX = """CREATE TABLE inbox (
    id TEXT PRIMARY KEY, event TEXT NOT NULL, action TEXT NOT NULL, installation_id {bigint},
    repository TEXT NOT NULL, body {blob}, body_sha256 TEXT NOT NULL UNIQUE, received_at {real} NOT NULL,
    state TEXT NOT NULL, generation {bigint} NOT NULL, reason TEXT NOT NULL, changed_at {real} NOT NULL)"""
_ADOPT = """INSERT INTO inbox SELECT id, event, '', NULL, '', body, body_sha256, received_at, 'new', 0, '', received_at
    FROM delivery"""
_RUN = """CREATE TABLE repair (
    repository TEXT NOT NULL, run_id {bigint} NOT NULL, run_attempt {bigint} NOT NULL,
    installation_id {bigint} NOT NULL, ending TEXT NOT NULL, url TEXT NOT NULL, fate TEXT NOT NULL,
    changed_at {real} NOT NULL,
    PRIMARY KEY (repository, run_id, run_attempt))"""
_INSTALLATION = """CREATE TABLE installation (
    id {bigint} PRIMARY KEY, account TEXT NOT NULL, state TEXT NOT NULL, changed_at {real} NOT NULL)"""
_OUTCOME = """CREATE TABLE outcome (
    repository TEXT NOT NULL, run_id {bigint} NOT NULL, run_attempt {bigint} NOT NULL,
    installation_id {bigint} NOT NULL, outcome TEXT NOT NULL, category TEXT NOT NULL, strategy TEXT NOT NULL,
    summary TEXT NOT NULL, head_sha TEXT NOT NULL, head_branch TEXT NOT NULL, model TEXT NOT NULL,
    model_calls {bigint} NOT NULL, prompt_tokens {bigint} NOT NULL, cached_tokens {bigint} NOT NULL,
    completion_tokens {bigint} NOT NULL, wall_s {real} NOT NULL, attempts {bigint} NOT NULL,
    cheats {bigint} NOT NULL, signals TEXT NOT NULL, trace_id TEXT NOT NULL, ended_at {real} NOT NULL,
    PRIMARY KEY (repository, run_id, run_attempt))"""

MIGRATIONS = (
    Migration(1, (_DELIVERY,)),
    Migration(
        2,
        (
            _INBOX,
            "CREATE INDEX inbox_by_state ON inbox (state, received_at)",
            "CREATE INDEX inbox_by_installation ON inbox (installation_id)",
            _ADOPT,
            "DROP TABLE delivery",
            _RUN,
            _INSTALLATION,
            "CREATE TABLE replica (executor_id TEXT PRIMARY KEY, beat {bigint} NOT NULL)",
        ),
    ),
    Migration(
        3,
        (
            "ALTER TABLE inbox RENAME COLUMN body_sha256 TO signature",
            # what is done is by far the most, and nobody looks for it by these
            "DROP INDEX inbox_by_state",
            "CREATE INDEX inbox_open ON inbox (state, received_at) WHERE state <> 'done'",
            "DROP INDEX inbox_by_installation",
            "CREATE INDEX inbox_by_installation ON inbox (installation_id) WHERE installation_id IS NOT NULL",
        ),
    ),
    Migration(4, (_OUTCOME, "CREATE INDEX outcome_by_time ON outcome (ended_at)")),
)
NEWEST = MIGRATIONS[-1].version


def migrate(connection: Connection) -> None:
    """Bring the schema up to date. Raises SettingsError where a newer program has been here."""
    _alone(connection)
    found = _version(connection)
    if found > NEWEST:
        raise SettingsError(
            f"the database has schema {found}, this program knows up to {NEWEST}: run the newer release again"
        )
    for migration in MIGRATIONS:
        if migration.version > found:
            for statement in _in_dialect(migration, connection.dialect.name):
                connection.execute(text(statement))
            connection.execute(text("DELETE FROM schema_version"))
            connection.execute(text("INSERT INTO schema_version VALUES (:v)"), {"v": migration.version})


def version(connection: Connection) -> int:
    """The version that the database stands at; 0 where there is none yet."""
    if not inspect(connection).has_table("schema_version"):
        return 0
    return int(connection.execute(text("SELECT coalesce(max(version), 0) FROM schema_version")).scalar_one())


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _version(connection: Connection) -> int:
    connection.execute(text("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)"))
    return int(connection.execute(text("SELECT coalesce(max(version), 0) FROM schema_version")).scalar_one())


def _in_dialect(migration: Migration, dialect: str) -> Iterator[str]:
    names = {"blob": "BLOB", "real": "REAL", "bigint": "INTEGER"}
    if dialect == "postgresql":
        names = {"blob": "BYTEA", "real": "DOUBLE PRECISION", "bigint": "BIGINT"}
    for statement in migration.statements:
        yield statement.format(**names)
