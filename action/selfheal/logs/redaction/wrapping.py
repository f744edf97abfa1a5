"""Lines that a terminal broke in the middle of a word, made whole."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from selfheal.logs.redaction.mask import Span
from selfheal.logs.redaction.views import View

_WORD = rb"[A-Za-z0-9+/_=.~%-]"
_BREAK = re.compile(rb"\n(?<=" + _WORD + rb"{8}\n)(?=" + _WORD + rb"{4})")
_MIN_WIDTH, _MAX_WIDTH = 40, 400
_WIDTHS = frozenset({64, 70, 72, 76, 78, 79, 80, 99, 100, 119, 120, 130, 132, 140, 150, 159, 160, 199, 200})
"""Widths at which terminals, mail and base64 break lines."""
_NEIGHBOURS = 20


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The lines of a view that may have been broken, and where (`breaks`, in `view`; `lines`, in what is below)."""

    view: View
    breaks: tuple[int, ...]
    lines: tuple[Span, ...]

    def breaks_in(self, span: Span) -> range:
        """The numbers of the breaks inside of a span."""
        return range(bisect_left(self.breaks, span[0] + 1), bisect_left(self.breaks, span[1]))

    def is_hard(self, number: int, *, by_width: bool = False) -> bool:
        """True where the line is as long as a terminal is wide: by its number, or none is longer and one as long.

        `by_width`: by its number alone; lines of a list are all as long as each other.
        """
        start, end = self.lines[number]
        width = end - start
        if width in _WIDTHS or by_width:
            return width in _WIDTHS
        below = self.view.below
        data = below.data if below is not None else b""
        around = data[max(0, start - _NEIGHBOURS * width) : end + _NEIGHBOURS * width]
        widths = sorted(map(len, around.split(b"\n")))
        return widths[-1] == width == widths[-2]


def unwrapped(below: View) -> Unwrapped:
    """Put those lines together that end and begin like two halves of a word."""
    data = below.data
    parts: list[bytes] = []
    pieces: list[Span] = []
    breaks: list[int] = []
    lines: list[Span] = []
    size = 0
    for match in _BREAK.finditer(data):
        at, following = match.span()
        start = data.rfind(b"\n", max(0, at - _MAX_WIDTH - 1), at) + 1
        end = data.find(b"\n", following, following + _MAX_WIDTH + 1)
        end = end if end >= 0 else min(len(data), following + _MAX_WIDTH)
        width = at - start
        if not _MIN_WIDTH <= width <= _MAX_WIDTH or end - following > width:
            continue
        halves = [(following, end)]
        # A word over three lines fills the second one too.
        if not (lines and pieces[-1][1] == start and lines[-1][1] - lines[-1][0] == width):
            halves = [(start, at), *halves]
            parts.append(b"\n")
            size += 1
        for half_start, half_end in halves:
            if half_start == following:
                breaks.append(size)
            pieces.append((size, half_start))
            parts.append(data[half_start:half_end])
            size += half_end - half_start
        lines.append((start, at))
    return Unwrapped(View(b"".join(parts), below, lambda: pieces), tuple(breaks), tuple(lines))
