"""Cleaning takes away what the tool did not write."""

from selfheal.logs.cleaning import MAX_LINE, clean_lines


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
