"""Find the few parts of a log that are worth a closer look, by one pass over its bytes.

An Aho-Corasick automaton holds the anchors of all parsers. Memory grows by a few numbers a page, time by
the bytes alone: what stands in them decides nothing but which pages are kept.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO

from ahocorasick_rs import BytesAhoCorasick, Implementation

PAGE_BYTES = 1 << 16
WHOLE_BYTES = 4 << 20
"""Logs up to this size are read as a whole."""
CLOSE_BYTES = 12 << 20
"""What is read closely of a longer one."""
_BEFORE, _AFTER = 1, 2
_LAST_PAGES = 8
_STRETCH, _SAMPLE = 256, 8
_DENSE = 32
"""How many matches a page make an anchor one that is all over a stretch."""


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
    pages = _scan(log, literals)
    size = pages.log_bytes
    seen = frozenset(literals[number] for number in frozenset[int]().union(*set(pages.anchors)))
    if size <= WHOLE_BYTES:
        return Survey((Region(0, size, 0),) if size else (), seen, size)
    chosen = _chosen(pages.anchors, close_bytes // PAGE_BYTES)
    return Survey(_regions(chosen, pages.lines, size), seen, size)


@dataclass(slots=True)
class _Pages:
    """For each page the anchors that begin in it, and its line ends; and how long the log is."""

    anchors: list[frozenset[int]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    log_bytes: int = 0


def _scan(log: BinaryIO, literals: tuple[str, ...]) -> _Pages:
    pages = _Pages()
    finder = _Finder(literals)
    same: dict[frozenset[int], frozenset[int]] = {}
    log.seek(0)
    page = log.read(PAGE_BYTES)
    while page:
        following = log.read(PAGE_BYTES)
        found = finder.find(page + following[: finder.overlap])
        pages.anchors.append(same.setdefault(found, found))
        pages.lines.append(page.count(b"\n"))
        pages.log_bytes += len(page)
        page = following
    return pages


class _Finder:
    """Finds which anchors a page holds, in time that does not grow with how often.

    Each match costs a Python object, so a log full of one word would be read at a tenth of the speed. In
    each stretch of pages the first few are searched for everything; what is all over those is taken to be
    on the others of the stretch too, and not searched for there.
    """

    def __init__(self, literals: tuple[str, ...]) -> None:
        self.overlap = max((len(literal.encode()) for literal in literals), default=1) - 1
        self._literals = literals
        self._page = 0
        self._counts: Counter[int] = Counter()
        self._on: Counter[int] = Counter()
        self._everywhere: frozenset[int] = frozenset()
        self._numbers = tuple(range(len(literals)))
        self._automaton = _automaton(literals)

    def find(self, page: bytes) -> frozenset[int]:
        """The numbers of the literals in the next page."""
        at = self._page % _STRETCH
        if at == 0:
            self._begin()
        elif at == _SAMPLE:
            self._narrow()
        self._page += 1
        hits = self._automaton.find_matches_as_indexes(page, overlapping=True)
        if not hits:
            return self._everywhere
        counts = Counter([hit[0] for hit in hits])
        if at < _SAMPLE:
            self._counts.update(counts)
            self._on.update(counts.keys())
        found = frozenset([self._numbers[number] for number in counts])
        return found | self._everywhere if self._everywhere else found

    def _begin(self) -> None:
        self._counts.clear()
        self._on.clear()
        if self._everywhere:
            self._everywhere = frozenset()
            self._numbers = tuple(range(len(self._literals)))
            self._automaton = _automaton(self._literals)

    def _narrow(self) -> None:
        self._everywhere = frozenset(
            number
            for number, pages in self._on.items()
            if pages == _SAMPLE and self._counts[number] >= _SAMPLE * _DENSE
        )
        if self._everywhere:
            self._numbers = tuple(number for number in self._numbers if number not in self._everywhere)
            self._automaton = _automaton(tuple(self._literals[number] for number in self._numbers))


@lru_cache(maxsize=8)
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
