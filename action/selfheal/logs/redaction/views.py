"""The text as a reader sees it: without colours and stamps, and with lines that a terminal broke made whole."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from selfheal.logs.redaction.mask import Span

# ECMA-48: what sets colours, moves and erases; titles and links. Nothing that a letter alone could complete: the
# escape before `ghp_...` must not take its first letter.
_SEQUENCE = rb"(?:\[(?:[0-9;:?]{1,64}[A-HJKSTfhlmnsu]|[mKJ])|\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)|\([0AB])"
_ESCAPE = re.compile(rb"\x1b" + _SEQUENCE)
_BETWEEN_WORDS = re.compile(
    rb"\x1b(?<=[A-Za-z0-9_-]\x1b)" + _SEQUENCE + rb"(?:\x1b" + _SEQUENCE + rb"){0,8}+(?=[A-Za-z0-9_-])"
)
_MAX_LINE = 4096
# What runners put before each line; `gh run view --log` adds job and step.
_STAMP = re.compile(
    rb"\n(?:[^\t\n]{1,200}\t[^\t\n]{1,200}\t)?(?:\xef\xbb\xbf)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z "
)
_LINE_END = re.compile(rb"\r\n")
_PROBE_BYTES = 4096

Pieces = Sequence[Span]
"""From which byte of a view on (first) its bytes stand where in what it was made from (second)."""


@dataclass(slots=True)
class View:
    """Bytes to search, and where each of them stands in the text."""

    data: bytes
    below: "View | None" = None
    make_pieces: Callable[[], Pieces] = tuple
    """Asked when something was found only: most texts hold no secret."""
    _pieces: Pieces = ()

    def place(self, span: Span) -> Span:
        """Where a span of this view stands in the text."""
        if self.below is None:
            return span
        self._pieces = self._pieces or self.make_pieces()
        start, end = span
        return self.below.place((_moved(self._pieces, start), _moved(self._pieces, end - 1) + 1))


def views(data: bytes) -> tuple[View, ...]:
    """What to search: the text as it is read, and a second reading of it where it holds colours."""
    plain = View(data)
    if b"\r\n" in data:
        plain = _without(plain, _LINE_END, b"\n")
    if _STAMP.search(plain.data, 0, _PROBE_BYTES):
        plain = _without(plain, _STAMP, b"\n")
    if b"\x1b" not in data:
        return (plain,)
    # A colour may stand inside a secret, or be all that parts it from a word.
    return (_without(plain, _ESCAPE, b""), _without(_painted(plain), _ESCAPE, b" "))


def _painted(below: View) -> View:
    """The lines in which a colour stands between two words."""
    parts: list[bytes] = []
    pieces: list[Span] = []
    size = done = 0
    for match in _BETWEEN_WORDS.finditer(below.data):
        if match.start() < done:
            continue
        start = max(done, below.data.rfind(b"\n", max(0, match.start() - _MAX_LINE), match.start()) + 1)
        start = max(start, match.start() - _MAX_LINE)
        end = below.data.find(b"\n", match.end(), match.end() + _MAX_LINE)
        done = end + 1 if end >= 0 else min(match.end() + _MAX_LINE, len(below.data))
        pieces.append((size, start))
        parts += (below.data[start:done], b"\n")
        size += done - start + 1
    return View(b"".join(parts), below, lambda: pieces)


def _without(below: View, noise: re.Pattern[bytes], filler: bytes) -> View:
    def pieces() -> Pieces:
        found = [(0, 0)]
        removed = 0
        for match in noise.finditer(below.data):
            found.append((match.start() - removed + len(filler), match.end()))
            removed += match.end() - match.start() - len(filler)
        return found

    return View(noise.sub(filler, below.data), below, pieces)


def _moved(pieces: Pieces, at: int) -> int:
    start, below = pieces[bisect_right(pieces, at, key=lambda piece: piece[0]) - 1]
    return below + at - start
