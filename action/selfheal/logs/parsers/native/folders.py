"""Where a recursive make stands when a compiler prints a relative name."""

import posixpath

from selfheal.logs.repository import Repository

_MAX_DEPTH = 40


class Folders:
    """Follows make's `Entering directory` lines; with -j they interleave, so every open folder is tried."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._open: list[str] = []

    def follow(self, line: str) -> None:
        """Take a line that holds ` directory `."""
        before, _, rest = line.partition(" directory ")
        folder = rest.strip("`'‘’")
        if before.endswith(": Entering"):
            if len(self._open) < _MAX_DEPTH:
                self._open.append(folder)
        elif before.endswith(": Leaving") and folder in self._open:
            self._open.reverse()
            self._open.remove(folder)
            self._open.reverse()

    def inside(self, printed: str) -> str | None:
        """The file's path inside the repository, or None for one that lies outside it."""
        if self._open and not printed.startswith("/") and printed[1:2] != ":":
            known = self._repository.known_files
            for folder in reversed(self._open):
                found = self._repository.relative(posixpath.join(folder, printed))
                if found is not None and (not known or found in known):
                    return found
        return self._repository.relative(printed)

    def name(self, printed: str) -> str:
        """The file's path inside the repository, or as it was printed."""
        return self.inside(printed) or printed
