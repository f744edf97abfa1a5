"""Cleaning takes away what the tool did not write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfheal.logs.cleaning import MAX_LINE, Cleaner, clean_lines, without_marks


def _clean(text: str) -> list[str]:
    return list(clean_lines(text))


def test_escapes_go() -> None:
    """Colours, cursor movements, titles and links leave the text alone."""
    assert _clean("\x1b[1;31mred\x1b[0m \x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\") == ["red link"]


def test_last_drawing_of_a_progress_line_stays() -> None:
    """Carriage returns overwrite; Windows' line ends are no overwriting."""
    assert _clean("10%\r50%\r100%\r\ndone\r\n") == ["100%", "done"]


def test_runner_stamps_and_marks_go() -> None:
    """GitHub's timestamps and groups, and the mark of an error line, are taken off."""
    text = (
        "\ufeff2026-05-04T10:00:00.1234567Z ##[group]Run pytest\n"
        "2026-05-04T10:00:01.1234567Z ##[error]boom\n"
        "test\tUNKNOWN STEP\t2026-05-04T10:00:01.1234567Z tail\n"
    )

    assert _clean(text) == ["boom", "tail"]


def test_ordinary_tabs_stay() -> None:
    """Only a stamped third column is the runner's."""
    assert _clean("a\tb\tc") == ["a\tb\tc"]


def test_long_line_keeps_head_and_tail() -> None:
    """A line is bounded, whatever its length."""
    (line,) = _clean("a" * 500_000 + "z")

    assert len(line) <= MAX_LINE + 10
    assert line.startswith("a")
    assert line.endswith("z")


def _fed(data: bytes, size: int) -> list[str]:
    cleaner = Cleaner()
    lines = [line for at in range(0, len(data), size) for line in cleaner.feed(data[at : at + size])]
    return lines + cleaner.finish()


@pytest.mark.parametrize("size", [1, 3, 7, 64, 10_000])
def test_where_blocks_end_does_not_matter(size: int) -> None:
    """A character, an escape or a line may be cut by the end of a block."""
    data = (
        "2026-05-04T10:00:00.1234567Z \x1b[31mgrün\x1b[0m\r\n"
        "10%\r50%\rfertig\n\n\x1b]0;titel\x07[2026-05-04T10:00:00.123Z] jenkins\n"
        "2026-05-04T10:00:00.123456Z 00O gitlab\nlast"
    ).encode()

    assert _fed(data, size) == ["grün", "fertig", "", "jenkins", "gitlab", "last"]


def test_bad_utf8_is_replaced() -> None:
    """Bytes of no character become the replacement character; nothing is raised."""
    assert _fed(b"caf\xe9 \xff\xfe ok\n", 4) == ["caf\ufffd \ufffd\ufffd ok"]


def test_one_line_of_fifty_megabytes_is_bounded() -> None:
    """Neither the line nor what is kept between blocks grows with it."""
    cleaner = Cleaner()
    for _ in range(200):
        assert cleaner.feed(b"x" * (1 << 18)) == []
    (line,) = cleaner.feed(b"end\n")

    assert len(line) <= MAX_LINE + 10
    assert line.endswith("end")


@given(st.binary(max_size=300))
def test_no_bytes_upset_it(data: bytes) -> None:
    """Whatever comes in, lines come out that hold no control character but the tab, and JSON can hold them."""
    for line in without_marks(_fed(data, 50)):
        assert not any(char < " " and char != "\t" for char in line)
        line.encode()


def test_unclosed_title_swallows_its_own_line_only() -> None:
    """An escape that never ends must not hide the lines after it."""
    assert _clean("a\x1b]0;never closed\nerror: b") == ["a", "error: b"]
