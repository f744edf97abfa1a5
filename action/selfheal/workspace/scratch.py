"""The scratch folder: locked while its process lives, swept by the next run when that process died."""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PREFIX = "selfheal-scratch-"
_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Scratch:
    """A private folder that belongs to this process. `lock_fd` holds the lock; children never inherit it."""

    path: Path
    lock_fd: int

    def remove(self) -> None:
        """Remove the folder with all that is in it, and let go of the lock. Idempotent."""
        remove_tree(self.path)
        with contextlib.suppress(OSError):
            os.close(self.lock_fd)


def make_scratch(parent: Path) -> Scratch:
    """Sweep what dead processes left under `parent`, then make a new locked folder. Raises OSError."""
    parent.mkdir(parents=True, exist_ok=True)
    with _only_one(parent):
        _sweep(parent)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent.resolve()))
        # The kernel drops a flock with its process, kill -9 included, so the lock never outlives its owner
        # and no process id can be mistaken for a later process of the same number.
        try:
            lock_fd = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            remove_tree(folder)
            raise
    return Scratch(path=folder, lock_fd=lock_fd)


def remove_tree(path: Path) -> None:
    """Remove a folder, also where a command took away its own right to write. Never follows a link."""
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        make_enterable(path)
        shutil.rmtree(path, ignore_errors=True)


def make_enterable(path: Path) -> None:
    """Give the owner's rights back on every folder below, links not followed."""
    for folder, names, _ in os.walk(path, topdown=True, followlinks=False, onerror=None):
        for name in (*names, "."):
            place = Path(folder, name)
            with contextlib.suppress(OSError):
                mode = place.lstat().st_mode
                if stat.S_ISDIR(mode) and mode & 0o700 != 0o700:
                    place.chmod(stat.S_IMODE(mode) | 0o700)


@contextlib.contextmanager
def _only_one(parent: Path) -> Iterator[None]:
    fd = os.open(parent / ".selfheal.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _sweep(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        if folder.is_symlink() or not folder.is_dir() or folder.stat().st_uid != os.getuid():
            continue
        if _is_abandoned(folder):
            remove_tree(folder)


def _is_abandoned(folder: Path) -> bool:
    try:
        fd = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(fd)
    return True
