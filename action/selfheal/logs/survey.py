"""Find the few parts of a log that are worth a closer look, by one pass over its bytes.

An Aho-Corasick automaton holds the anchors of all parsers. Memory grows by a few numbers a page, time by
the bytes alone: what stands in them decides nothing but which pages are kept.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from ahocorasick_rs import BytesAhoCorasick, Implementation

PAGE_BYTES = 1 << 16
WHOLE_BYTES = 4 << 20
"""Logs up to this size are read as a whole."""
CLOSE_BYTES = 12 << 20
"""What is read closely of a longer one."""
_BEFORE, _AFTER = 1, 2
_LAST_PAGES = 8
_NO_ANCHORS: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Region:
    """Bytes `start` to `end` of the log, and how many line ends stand before them."""

    start: int
    end: int
    lines_before: int


@dataclass(frozen=True, slots=True)
class Survey:
    """The regions to read, in order, and the anchors that were seen anywhere in the log."""

    regions: tuple[Region, ...]
    seen: frozenset[str]
    log_bytes: int

    @property
    def is_whole(self) -> bool:
        """True where nothing is left out."""
        return len(self.regions) == 1 and self.regions[0].end == self.log_bytes


def survey(log: BinaryIO, anchors: Sequence[str], *, close_bytes: int = CLOSE_BYTES) -> Survey:
    """Scan a seekable log for `anchors` from its beginning."""
    literals = tuple(dict.fromkeys(anchors))
    pages, lines, size = _scan(log, literals)
    seen = frozenset(literals[number] for number in frozenset().union(*set(pages)))
    if size <= WHOLE_BYTES:
        return Survey((Region(0, size, 0),) if size else (), seen, size)
    return Survey(_regions(_chosen(pages, close_bytes // PAGE_BYTES), lines, size), seen, size)


def _scan(log: BinaryIO, literals: tuple[str, ...]) -> tuple[list[frozenset[int]], list[int], int]:
    """The anchors that begin in each page, the line ends of each page, and the log's size."""
    automaton = _automaton(literals)
    overlap = max((len(literal.encode()) for literal in literals), default=1) - 1
    pages: list[frozenset[int]] = []
    lines: list[int] = []
    same: dict[frozenset[int], frozenset[int]] = {}
    size = 0
    log.seek(0)
    page = log.read(PAGE_BYTES)
    while page:
        following = log.read(PAGE_BYTES)
        hits = automaton.find_matches_as_indexes(page + following[:overlap], overlapping=True)
        found = frozenset([hit[0] for hit in hits]) if hits else _NO_ANCHORS
        pages.append(same.setdefault(found, found))
        lines.append(page.count(b"\n"))
        size += len(page)
        page = following
    return pages, lines, size


@cache
def _automaton(literals: tuple[str, ...]) -> BytesAhoCorasick:
    return BytesAhoCorasick([literal.encode() for literal in literals], implementation=Implementation.DFA)


def _chosen(pages: Sequence[frozenset[int]], most: int) -> list[int]:
    """The pages with the rarest anchors, later ones first among equals, each with its neighbours; both ends too."""
    document_frequency = Counter(anchor for page in pages for anchor in page)
    weight = [sum(1 / document_frequency[anchor] for anchor in page) for page in pages]
    kept = {0, *range(max(0, len(pages) - _LAST_PAGES), len(pages))}
    for number in sorted(range(len(pages)), key=lambda n: (-weight[n], -n)):
        if not weight[number] or len(kept) >= most:
            break
        kept.update(range(max(0, number - _BEFORE), min(len(pages), number + _AFTER + 1)))
    return sorted(kept)


def _regions(numbers: Iterable[int], lines: Sequence[int], size: int) -> tuple[Region, ...]:
    regions: list[Region] = []
    before, counted = 0, 0
    for number in numbers:
        before += sum(lines[counted:number])
        counted = number
        start, end = number * PAGE_BYTES, min(size, (number + 1) * PAGE_BYTES)
        if regions and regions[-1].end == start:
            regions[-1] = Region(regions[-1].start, end, regions[-1].lines_before)
        else:
            regions.append(Region(start, end, before))
    return tuple(regions)
