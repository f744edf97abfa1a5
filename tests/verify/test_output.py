import tracemalloc

import pytest

from selfheal.verify.output import OutputBuffer


def test_a_short_output_is_kept_whole() -> None:
    """Up to the cap not a byte is lost or marked."""
    buffer = OutputBuffer(head_bytes=4, tail_bytes=6)
    for block in (b"0123", b"456", b"789"):
        buffer.add(block)
    assert buffer.text() == "0123456789"
    assert buffer.total == 10


def test_a_long_output_keeps_both_ends_at_line_ends() -> None:
    """Half lines at the cut are left out, and a line says how many bytes are missing."""
    buffer = OutputBuffer(head_bytes=25, tail_bytes=25)
    lines = [f"line {number:04d}\n" for number in range(1000)]
    for line in lines:
        buffer.add(line.encode())
    text = "line 0000\nline 0001\n\n[... 9960 bytes left out ...]\nline 0998\nline 0999\n"
    assert buffer.text() == text


@pytest.mark.parametrize("size", [1, 1000, 1 << 18])
def test_memory_stays_bounded(size: int) -> None:
    """An output without end, in blocks of any size, never hold more than the cap and a block or two."""
    buffer = OutputBuffer(head_bytes=10_000, tail_bytes=20_000)
    blocks = min(200_000_000 // size, 60_000)
    tracemalloc.start()
    try:
        for _ in range(blocks):
            buffer.add(bytes(size))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert buffer.total == blocks * size
    assert peak < 1_000_000 + 3 * size
    assert len(buffer.text()) < 31_000


def test_bytes_that_are_no_text_are_replaced() -> None:
    """A character that the cut divides, and bytes that are none, become replacement characters."""
    buffer = OutputBuffer(head_bytes=5, tail_bytes=5)
    buffer.add("ääääääääää".encode())
    assert buffer.text() == "ää\ufffd\n[... 10 bytes left out ...]\n\ufffdää"
