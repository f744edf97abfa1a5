"""What a parser is: a reader of one tool's output, fed line by line."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.exceptions import Raised
from selfheal.logs.repository import Repository

MAX_FINDINGS = 1_000
"""What a parser keeps at most; past it a log says the same thing again."""

MAX_EXCERPT = 1_500


class Stage(IntEnum):
    """How early a failure stops everything else; the lower one is the cause of the higher."""

    SYNTAX = 0
    BUILD = 1
    COLLECTION = 2
    RUN = 3
    TYPES = 4
    LINT = 5
    FORMAT = 6
    ENDING = 7


@dataclass(frozen=True, slots=True)
class Finding:
    """One failure as its parser read it, with the evidence that triage judges it by.

    `lines` are the first and last line of the log that it was read from. `chain` holds the exceptions
    behind it. `block` is its whole section of the log, bounded. `advice` and `reason` are set by
    parsers that know why already.
    """

    failure: Failure
    category: Category
    stage: Stage
    lines: tuple[int, int]
    chain: tuple[Raised, ...] = ()
    block: str = ""
    reason: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a parser read. `claimed` are spans of lines that no other parser may read as its own."""

    findings: tuple[Finding, ...] = ()
    claimed: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LogContext:
    """What is known beside the log. `exit_code` is the command's, None where nobody knows it."""

    exit_code: int | None = None
    repository: Repository = field(default_factory=Repository)


class Parser(Protocol):
    """Reads one tool's output. Memory is bounded by what it found, not by what it read."""

    def feed(self, number: int, line: str) -> None:
        """Take the next cleaned line; `number` counts from 1, and jumps where a huge log was skimmed."""
        ...

    def finish(self) -> Reading:
        """Say what was found; called once, after the last line."""
        ...


class ParserFactory(Protocol):
    """A parser's class: makes one reader for one stretch of a log.

    `anchors` are literals of which every log that this tool fails in holds at least one; a parser whose
    anchors a log lacks is never fed. Anchors are searched in the raw bytes: each must lie within what the
    tool prints in one colour, and be 4 to 60 characters long. An empty tuple means: always feed it.
    """

    @property
    def anchors(self) -> tuple[str, ...]:
        """The literals."""
        ...

    def __call__(self, context: LogContext, /) -> Parser:
        """Make a reader."""
        ...
