"""Why a dependency broke a build and what was done about it: for the report, and for whoever reviews the patch."""

from enum import StrEnum

from selfheal.contract.base import Frozen


class Direction(StrEnum):
    """Which way a repair goes."""

    FORWARD = "forward"
    """The project learns to live with what is new."""
    BACK = "back"
    """Something is held at what was before."""
    ADDED = "added"
    """Something that was missing is asked for."""


class VersionStep(Frozen):
    """How one distribution's version moved. None: not there."""

    name: str
    before: str | None
    after: str | None


class QuotedLine(Frozen):
    """One line of a release's own files, word for word. Lines count from 1."""

    text: str
    package: str
    version: str
    file: str
    line: int

    @property
    def shown(self) -> str:
        """The quotation with its source."""
        return f"“{self.text}” ({self.package} {self.version}, {self.file}:{self.line})"


class Explanation(Frozen):
    """The conflict in a sentence, and what bears it out."""

    sentence: str
    guilty: tuple[VersionStep, ...]
    """The last version with which the command passed and the first with which it fails."""
    chain: tuple[str, ...]
    """Who pulled the guilty one in: the manifest's own wish first."""
    direction: Direction
    changed: tuple[VersionStep, ...]
    """What the patch makes of the versions, as they resolve today."""
    quotes: tuple[QuotedLine, ...] = ()
    environments: int = 0
    """How many throw-away environments were built to find out."""
