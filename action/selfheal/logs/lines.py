"""The clean lines of a log's regions, each with its number in the whole log."""

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from selfheal.logs.cleaning import Cleaner
from selfheal.logs.survey import Region

_BLOCK = 1 << 18


def numbered_lines(
    log: BinaryIO, regions: Sequence[Region], *, redact: Callable[[str], str] | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Yield lists of clean lines with the number of the first; runner marks are left in.

    A region that begins or ends inside a line leaves that line out, unless it is all that the region holds.
    Numbers jump between regions.
    """
    for region in regions:
        cleaner = Cleaner()
        number = region.lines_before + 1
        is_cut = region.start > 0 and not _begins_a_line(log, region.start)
        for block in _blocks(log, region):
            lines = _redacted(cleaner.feed(block), redact)
            if lines and is_cut:
                lines, number, is_cut = lines[1:], number + 1, False
            yield number, lines
            number += len(lines)
        log.seek(region.end)
        has_lines = number > region.lines_before + 1
        yield number, [] if has_lines and log.read(1) else _redacted(cleaner.finish(), redact)


def _redacted(lines: list[str], redact: Callable[[str], str] | None) -> list[str]:
    """The lines without secrets, as many as before, so that their numbers hold."""
    if redact is None or not lines:
        return lines
    text = "\n".join(lines)
    shown = redact(text)
    if shown == text:
        return lines
    kept = shown.split("\n")
    return kept + [""] * (len(lines) - len(kept))


def _begins_a_line(log: BinaryIO, position: int) -> bool:
    log.seek(position - 1)
    return log.read(1) == b"\n"


def _blocks(log: BinaryIO, region: Region) -> Iterator[bytes]:
    position = region.start
    while position < region.end:
        # Whoever takes the lines may have read elsewhere in between.
        log.seek(position)
        block = log.read(min(_BLOCK, region.end - position))
        if not block:
            return
        position += len(block)
        yield block
