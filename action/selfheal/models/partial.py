"""A file on its way into the store: always a beginning of the whole, never under the final name."""

import os
from collections.abc import Iterable
from pathlib import Path

from selfheal.models.catalogue import Weights
from selfheal.models.pulling import Progress


class PartialFile:
    """`<file>.part`. Since every source gives the same bytes in the same order, each goes on where another stopped."""

    def __init__(self, folder: Path, weights: Weights, progress: Progress) -> None:
        self.path = folder / f"{weights.file}.part"
        self._total = weights.size_bytes
        self._progress = progress

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def is_whole(self) -> bool:
        """True when as many bytes are there as should be; the digest has the last word."""
        return self.size == self._total

    def append(self, pieces: Iterable[bytes], *, source: str) -> bool:
        """Add bytes; False when the source goes on past the end of the file, which is then not this file."""
        done = self.size
        with self.path.open("ab") as file:
            for piece in pieces:
                if done + len(piece) > self._total:
                    return False
                file.write(piece)
                done += len(piece)
                self._progress(done, self._total, source)
        return True

    def restart(self) -> None:
        """Throw away what is there."""
        self.path.unlink(missing_ok=True)

    def settle(self, final: Path) -> None:
        """Give it its final name, durably."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self.path.replace(final)
        if os.name == "posix":
            folder = os.open(final.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
