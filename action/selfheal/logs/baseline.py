"""What a log of the last green run says of this one: whatever stood there too did not make it red."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from selfheal.logs.cleaning import without_marks
from selfheal.logs.lines import numbered_lines
from selfheal.logs.survey import Region
from selfheal.logs.words import ALARM

if TYPE_CHECKING:
    from drain3.drain import Drain

MAX_BYTES = 64 << 20
"""Of a longer green log the first and the last half of this are read."""

_MAX_TEMPLATES = 20_000
_VARIABLE = re.compile(r"0[xX][0-9a-fA-F]+|\b[0-9a-f]{7,64}\b|\d+")


class Baseline:
    """The lines of a green log, word by word and as templates."""

    def __init__(self, lines: Iterable[str]) -> None:
        exact: set[int] = set()
        masked: dict[str, None] = {}
        for line in lines:
            before = len(exact)
            exact.add(hash(line))
            if len(exact) > before and len(masked) < _MAX_TEMPLATES:
                masked[mask(line)] = None
        self._exact = frozenset(exact)
        self._masked = tuple(masked)

    @classmethod
    def read(cls, log: BinaryIO) -> "Baseline":
        """Learn from a seekable log."""
        return cls(_all_lines(log))

    def holds(self, line: str) -> bool:
        """True where the green log has this line, word by word."""
        return hash(line) in self._exact

    def is_usual(self, line: str) -> bool:
        """True where the green log has a line like this one, but for numbers and other things that vary.

        A line that sounds like a failure must be the same but for its numbers.
        """
        if self.holds(line):
            return True
        masked = mask(line)
        if masked in self._known:
            return True
        if ALARM.search(line) is not None:
            return False
        return self._templates.match(masked, full_search_strategy="never") is not None

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._masked)

    @cached_property
    def _templates(self) -> "Drain":
        from drain3.drain import Drain

        drain = Drain(sim_th=0.6, max_clusters=_MAX_TEMPLATES, parametrize_numeric_tokens=True)
        for line in self._masked:
            drain.add_log_message(line)
        return drain


def mask(line: str) -> str:
    """The line without its numbers and hashes."""
    return _VARIABLE.sub("<*>", line.strip())


def _all_lines(log: BinaryIO) -> Iterator[str]:
    size = log.seek(0, 2)
    half = MAX_BYTES // 2
    whole = size <= MAX_BYTES
    regions = (Region(0, size, 0),) if whole else (Region(0, half, 0), Region(size - half, size, half))
    for _, lines in numbered_lines(log, regions):
        yield from without_marks(lines)
