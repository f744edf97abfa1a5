"""A lock between processes, held while a file of the store is made."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Wait until no other process (or thread) holds the lock. The system lets go of it when the holder dies.

    The lock file stays: removing it would let two holders lock two different files of that name.
    """
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            # LK_LOCK gives up after ten seconds; a download takes minutes.
            while True:
                with contextlib.suppress(OSError):
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield
