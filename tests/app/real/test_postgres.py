"""The PostgreSQL that the tests start is a real one, and each database of it is new."""

import subprocess
from pathlib import Path

from app.real.postgres import Postgres


def test_a_database_is_real_and_new(postgres: Postgres) -> None:
    """What one holds, another does not."""
    first, second = postgres.database(), postgres.database()

    def told(url: str, query: str) -> str:
        done = subprocess.run([Path(postgres.programs) / "psql", "-Atqc", query, url], capture_output=True, text=True)
        return (done.stdout + done.stderr).strip()

    told(first, "CREATE TABLE only_here (x int)")
    assert told(first, "SELECT count(*) FROM only_here") == "0"
    assert "does not exist" in told(second, "SELECT count(*) FROM only_here")
