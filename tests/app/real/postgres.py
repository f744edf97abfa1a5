"""A PostgreSQL of our own on loopback, from Debian's package, in a folder that goes when it stops."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

MISSING = "PostgreSQL is missing: apt-get install postgresql"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_NAMES = count(1)


@dataclass(frozen=True)
class Postgres:
    """A running server; every database of it is as new as its name."""

    programs: Path
    port: int

    def database(self) -> str:
        """Make a database, and give its address as SELFHEAL_DATABASE_URL takes it."""
        name = f"selfheal_{next(_NAMES)}"
        line = [self.programs / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-qc"]
        subprocess.run([*line, f"CREATE DATABASE {name}"], check=True, capture_output=True)
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"


def programs() -> Path | None:
    """Where the newest server's programs lie; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


@contextmanager
def running(*, is_durable: bool = False) -> Iterator[Postgres]:
    """Start a server. A durable one waits for the disk, as the bench wants it; the tests need no power cut."""
    place = programs()
    assert place is not None
    folder = Path(tempfile.mkdtemp(prefix="selfheal-postgres-"))
    who = _nobody_special()
    user = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if who else {}
    if who:
        os.chown(folder, who.pw_uid, who.pw_gid)
    data, log = folder / "data", folder / "log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"cwd": folder, "check": True, "capture_output": True, **user}
    subprocess.run(
        [place / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"],
        **options,  # type: ignore[call-overload]
    )
    settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
    words = " ".join(f"-c {setting}" for setting in [*settings, *(() if is_durable else _FAST)])
    control = [place / "pg_ctl", "-D", data, "-w", "-t", "600"]
    try:
        subprocess.run([*control, "-l", log, "-o", words, "start"], **options)  # type: ignore[call-overload]
        yield Postgres(place, port)
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **options | {"check": False})  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)


def _nobody_special() -> pwd.struct_passwd | None:
    """Whom the server runs as: it refuses to be root's. None where we are not root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
