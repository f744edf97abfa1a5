"""The clean lines of a log's regions, each with its number in the whole log."""

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from selfheal.logs.cleaning import Cleaner
from selfheal.logs.survey import Region

_BLOCK = 1 << 18
_MAX_HELD = 500


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
        held: list[str] = []
        for block in _blocks(log, region):
            lines = [*held, *cleaner.feed(block)]
            at = _apart(lines) if redact is not None else len(lines)
            held = lines[at:]
            lines = _redacted(lines[:at], redact)
            if lines and is_cut:
                lines, number, is_cut = lines[1:], number + 1, False
            yield number, lines
            number += len(lines)
        log.seek(region.end)
        has_lines = bool(held) or number > region.lines_before + 1
        rest = _redacted([*held, *([] if has_lines and log.read(1) else cleaner.finish())], redact)
        if held and is_cut:
            rest, number = rest[1:], number + 1
        yield number, rest


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


def _apart(lines: list[str]) -> int:
    """Where the lines can be taken apart so that no secret lies over the cut: as late as can be, between plain words.

    A key's lines, and a token's that a terminal broke, are single words.
    """
    for at in range(len(lines) - 1, max(0, len(lines) - _MAX_HELD), -1):
        if _is_plain(lines[at]) and _is_plain(lines[at - 1]):
            return at
    return len(lines)


def _is_plain(line: str) -> bool:
    return "-----" not in line and len(line.split(None, 3)) > 2


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
