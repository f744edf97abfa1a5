"""What a kind of failure is made of: a named slip and the tool that must find it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from planting.bases import Base
from planting.source import Source, Splice

Slip = Callable[[Source], Iterable[Splice]]
"""Lists the places of a file where somebody could slip so."""


@dataclass(frozen=True, slots=True)
class Plant:
    """One way to break a package.

    `expects` is a pattern that the failing output must match; `one` asks that the tool finds nothing else. `own` is
    the tool's own repair, empty where it has none. `looks_at` is `source`, `typed`, `viewed`, `docs`, or a file's name.
    `parts` are planted one after the other, each in a file of its own; `slip` does not count then.
    """

    kind: str
    name: str
    flavour: str
    slip: Slip
    command: str
    expects: str
    code: str = ""
    own: str = ""
    cases: int = 1
    is_one: bool = True
    looks_at: str = "source"
    parts: "tuple[Plant, ...]" = ()

    def fits(self, base: Base) -> bool:
        """Tell whether the base's checks could see it."""
        if not all(part.fits(base) for part in self.parts):
            return False
        if self.code and any(re.fullmatch(self.code, code) for code in base.silent):
            return False
        needed = {"typed": base.typed, "viewed": base.viewed, "docs": base.docs}
        return base.flavour == self.flavour and bool(needed.get(self.looks_at, True))


def findings(command: str, output: str) -> int:
    """Count what the tools of `command` found, as their output says."""
    patterns = {
        "ruff check": r"^(?:\s*-->\s+\S+:\d+:\d+|\S+:\d+:\d+: [A-Z]+\d+)",
        "mypy": r"^\S+:\d+: error:",
        "pyright": r"^\s+\S+:\d+:\d+ - error:",
        "flake8": r"^\S+:\d+:\d+: [A-Z]+\d+ ",
        "pylint": r"^\S+:\d+:\d+: [A-Z]\d+: ",
    }
    return sum(len(re.findall(pattern, output, re.M)) for tool, pattern in patterns.items() if tool in command)
