"""The port of a manifest's format."""

from dataclasses import dataclass
from typing import Protocol

from packaging.requirements import InvalidRequirement, Requirement

from selfheal.contract.packages import canonical

_LONGEST = 1000
"""Of a line that a resolver is asked (`Question`)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One requirement of a manifest: the line as a resolver takes it, and the name as the manifest spells it."""

    path: str
    name: str
    specifier: str
    line: str

    @property
    def key(self) -> str:
        """The name as the index compares it."""
        return canonical(self.name)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a manifest says. `includes` and `constraints` are paths as it writes them, relative to its own folder."""

    wishes: tuple[Wish, ...]
    includes: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    wants_project: bool = False
    """True where the project itself is to be installed beside what it needs."""


class Format(Protocol):
    """Reads and edits one kind of file. None where it can't be edited so."""

    def read(self, path: str, text: str) -> Reading:
        """List what it asks for; what can't be read is left out."""
        ...

    def with_specifier(self, text: str, name: str, specifier: str) -> str | None:
        """Replace the versions that are asked of a distribution that is in it."""
        ...

    def with_added(self, text: str, requirement: str) -> str | None:
        """Ask for one more distribution."""
        ...


def wish_of(path: str, text: str) -> Wish | None:
    """Read a PEP 508 requirement; None for a URL, an option or what can't be read."""
    if len(text) > _LONGEST:
        return None
    try:
        parsed = Requirement(text.strip())
    except (InvalidRequirement, RecursionError):
        return None
    if parsed.url is not None:
        return None
    extras = f"[{','.join(sorted(parsed.extras))}]" if parsed.extras else ""
    marker = f" ; {parsed.marker}" if parsed.marker else ""
    specifier = str(parsed.specifier)
    return Wish(path=path, name=parsed.name, specifier=specifier, line=f"{parsed.name}{extras}{specifier}{marker}")
