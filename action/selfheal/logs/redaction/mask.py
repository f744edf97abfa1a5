"""Replace spans of a text's bytes by the mask."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

MASK = "[redacted]"

Span = tuple[int, int]
"""Where something starts and ends, in bytes of UTF-8."""

_MASK = MASK.encode("ascii")
_MASKS = re.compile(re.escape(_MASK))
_STARS = frozenset("*•".encode())
"""What runners put in a secret's place; there is nothing left to hide."""


def masked(data: bytes, spans: Iterable[Span]) -> bytes:
    """`data` with each span replaced; spans that overlap or touch become one.

    Whole characters are replaced only. What is masked already stays as it is, and a span that holds a part of a
    mask takes the whole: every call that changes something leaves less unmasked than there was.
    """
    parts: list[bytes] = []
    done = 0
    for start, end in joined(data, spans):
        parts += (data[done:start], _MASK)
        done = end
    return b"".join((*parts, data[done:])) if parts else data


def joined(data: bytes, spans: Iterable[Span]) -> tuple[Span, ...]:
    """What `masked` replaces, in order."""
    found = [_whole_characters(data, start, end) for start, end in spans]
    if not found:
        return ()
    masks = [match.span() for match in _MASKS.finditer(data)]
    wanted = [span for span in found if not _is_inside(span, masks)]
    runs = _runs(wanted, masks) if wanted else ()
    return tuple((start, end) for start, end in runs if not _STARS.issuperset(data[start:end]))


def _runs(wanted: list[Span], masks: list[Span]) -> Iterator[Span]:
    every = sorted([(start, end, True) for start, end in wanted] + [(start, end, False) for start, end in masks])
    start, end, is_wanted = every[0]
    for next_start, next_end, next_wanted in every[1:]:
        # Something that only stands beside a mask must not swallow it.
        if next_start < end or (next_start == end and is_wanted and next_wanted):
            end, is_wanted = max(end, next_end), is_wanted or next_wanted
            continue
        if is_wanted:
            yield start, end
        start, end, is_wanted = next_start, next_end, next_wanted
    if is_wanted:
        yield start, end


def _whole_characters(data: bytes, start: int, end: int) -> Span:
    while start > 0 and data[start] & 0xC0 == 0x80:
        start -= 1
    while end < len(data) and data[end] & 0xC0 == 0x80:
        end += 1
    return start, end


def _is_inside(span: Span, masks: list[Span]) -> bool:
    before = bisect_right(masks, (span[0], len(_MASK) + span[0]))
    return before > 0 and span[1] <= masks[before - 1][1]
