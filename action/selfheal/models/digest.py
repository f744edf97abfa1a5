"""Proves once that a file is what it should be, and remembers the proof beside the file."""

import contextlib
import hashlib
import json
import os
from pathlib import Path


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal; about a second for a gigabyte."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_proved(path: Path, sha256: str) -> bool:
    """True when this very file was hashed before and nothing about it changed since."""
    with contextlib.suppress(OSError, ValueError):
        return bool(json.loads(_stamp(path).read_text("utf-8")) == _facts(path, sha256))
    return False


def prove(path: Path, sha256: str) -> bool:
    """Hash the file where that was not done before. A folder that can't be written only costs the memory of it."""
    if is_proved(path, sha256):
        return True
    facts = _facts(path, sha256)
    if sha256_of(path) != sha256:
        return False
    with contextlib.suppress(OSError):
        fresh = _stamp(path).with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(facts), "utf-8")
        fresh.replace(_stamp(path))
    return True


def _stamp(path: Path) -> Path:
    return path.with_name(path.name + ".verified")


def _facts(path: Path, sha256: str) -> dict[str, int | str]:
    found = path.stat()
    return {"size": found.st_size, "mtime_ns": found.st_mtime_ns, "inode": found.st_ino, "sha256": sha256}
