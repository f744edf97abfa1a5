"""One broken program: what a repair sees of it, and what is held back to judge by."""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

Files = tuple[tuple[str, str | None], ...]
"""Paths and texts; None takes a file away."""


@dataclass(frozen=True, slots=True)
class Trial:
    """`broken` lies over `base` (nothing where that is None) when the repair begins, `hidden` over what it leaves.

    `command` is the visible one that fails, `check` runs the hidden tests. `original` is what the broken files were
    before the bug. `places` counts the places that the bug changed. `proof` runs hidden tests and no visible one, where
    `check` runs both.
    """

    group: str
    name: str
    kind: str
    command: str
    check: str
    broken: Files
    hidden: Files
    original: Files
    base: Path | None = None
    places: int = 1
    proof: str = ""

    @property
    def id(self) -> str:
        """Its name in tables and folders."""
        return f"{self.group}/{self.name}"

    @property
    def digest(self) -> str:
        """Tells two states of a trial apart."""
        facts = (self.command, self.check, self.broken, self.hidden, str(self.base))
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]

    def lay_out(self, tree: Path) -> None:
        """Make the tree that the repair begins with; it must not exist."""
        if self.base is None:
            tree.mkdir(parents=True)
        else:
            shutil.copytree(self.base, tree)
        write(tree, self.broken)

    def lay_out_original(self, tree: Path) -> None:
        """Make the same tree without the bug."""
        self.lay_out(tree)
        write(tree, self.original)


def write(tree: Path, files: Files) -> None:
    """Put files into a tree, line ends as they are."""
    for name, text in files:
        path = tree / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())


def spread(trials: Iterable[Trial], sample: int) -> tuple[Trial, ...]:
    """A sample of `sample` trials at even distances; all of them for 0."""
    every = tuple(trials)
    if not 0 < sample < len(every):
        return every
    return tuple(every[number * len(every) // sample] for number in range(sample))
