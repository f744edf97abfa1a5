"""Fault localisation: the places that may hold the cause, ranked, with the evidence for each."""

from selfheal.contract.base import Frozen


class Suspect(Frozen):
    """A span of source. Lines count from 1, both ends included.

    `symbol` is the dotted name of the enclosing function or class body, or None for module level.
    `suspiciousness` lies in 0..1 and orders suspects within one list; it is no probability.
    """

    file: str
    first_line: int
    last_line: int
    symbol: str | None
    suspiciousness: float
    evidence: tuple[str, ...]
    lines: tuple[int, ...] = ()
    """The lines of it that the tests make most suspicious, the worst first; empty where that is not known."""


class ChangedLines(Frozen):
    """Lines that the commit under test added or rewrote, in the new file. Both ends included.

    Where it only took lines away, `last_line` is the one before `first_line`.
    """

    file: str
    first_line: int
    last_line: int
    before: str = ""
    """The text that stood there, and `after` what the commit made of it; both empty where they are too long."""
    after: str = ""
