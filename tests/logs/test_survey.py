"""A huge log is skimmed: what holds the anchors is read, the rest is only counted."""

import io

from selfheal.logs.lines import numbered_lines
from selfheal.logs.survey import PAGE_BYTES, WHOLE_BYTES, survey

NOISE = b"compiling module, all is well here\n"


def _noise(size: int) -> bytes:
    return NOISE * (size // len(NOISE))


def test_small_log_is_read_whole() -> None:
    """Nothing is skipped below the limit."""
    found = survey(io.BytesIO(b"a\nboom: b\n"), ("boom: ", "none such"))

    assert found.is_whole
    assert found.seen == {"boom: "}


def test_region_around_an_anchor_is_kept_with_its_line_number() -> None:
    """In a log over the limit the anchor's pages are read, and lines keep their numbers."""
    before = _noise(9 << 20)
    log = io.BytesIO(before + b"boom: here\n" + _noise(9 << 20))

    found = survey(log, ("boom: ",))
    lines = {
        number: line
        for first, block in numbered_lines(log, found.regions)
        for number, line in enumerate(block, start=first)
    }

    assert sum(region.end - region.start for region in found.regions) < WHOLE_BYTES
    assert [number for number, line in lines.items() if line == "boom: here"] == [before.count(b"\n") + 1]
    assert set(lines.values()) == {"boom: here", NOISE.decode().strip()}, "a cut line must not be read as one"


def test_anchor_across_two_pages_is_found() -> None:
    """Pages are no boundary for a literal."""
    start = _noise(PAGE_BYTES)
    log = io.BytesIO(b"x" * (PAGE_BYTES - 3) + b"boom: ha\n" + start)

    assert survey(log, ("boom: ",)).seen == {"boom: "}


def test_what_stands_everywhere_does_not_hide_what_stands_once() -> None:
    """The rare anchor decides where to look, though a common one is on every page."""
    log = io.BytesIO(b"error: as ever\n" * 1_400_000 + b"panic: once\n" + b"error: as ever\n" * 1_400_000)

    found = survey(log, ("error: ", "panic: "))
    texts = {line for _, block in numbered_lines(log, found.regions) for line in block}

    assert "panic: once" in texts


def test_budget_of_close_reading_is_kept() -> None:
    """However dense a log is with anchors, what is read closely is bounded, and both its ends are in it."""
    log = io.BytesIO(b"first\n" + b"error: as ever\n" * 2_000_000 + b"last\n")

    found = survey(log, ("error: ",))

    assert sum(region.end - region.start for region in found.regions) <= 13 << 20
    assert found.regions[0].start == 0
    assert found.regions[-1].end == found.log_bytes


def test_empty_log() -> None:
    """No bytes, no regions."""
    assert survey(io.BytesIO(b""), ("boom: ",)).regions == ()
