"""What `re` has compiled in one process is compiled in another beforehand."""

import json
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

from selfheal.verify.forked import patterns


def kept() -> set[Any]:
    """The patterns that `re` holds, with their flags."""
    cache: Any = getattr(re, "_cache", {})
    return {(key[1], int(key[2])) for key in cache}


def test_patterns_pass_from_one_process_to_another(tmp_path: Path) -> None:
    """Of text and of bytes, with their flags; what was not asked for is not there."""
    re.purge()
    re.compile("one é", re.IGNORECASE)
    re.match(rb"two\xff", b"")
    patterns.save(str(tmp_path / "p.json"))
    re.purge()
    re.compile("own")
    patterns.load(str(tmp_path / "p.json"))
    assert kept() >= {("one é", int(re.IGNORECASE)), (b"two\\xff", 0), ("own", 0)}


def test_what_is_no_pattern_is_passed_over(tmp_path: Path) -> None:
    """The file was written by a process that the tests ran in."""
    path = tmp_path / "p.json"
    path.write_text(json.dumps([[False, "(", 0], [False, "a{99999999999}", 0], [False, "fine", 1 << 40]]))
    patterns.load(str(path))
    for text in ("", "[", "{}", "[[1, 2, 3]]", "[5]", '[[true, "\\u1234", 0]]', "[[false, 5, 0]]", '[[0, "a", "b"]]'):
        path.write_text(text)
        patterns.load(str(path))
    patterns.load(str(tmp_path / "none.json"))


def test_a_pattern_that_gives_a_warning_is_left_to_the_test(tmp_path: Path) -> None:
    """One may wait for the warning, and where warnings are errors nothing may end of it."""
    re.purge()
    path = tmp_path / "p.json"
    path.write_text(json.dumps([[False, "[[a]", 0], [False, "fine", 0]]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        patterns.load(str(path))
    # Whatever else runs in this process may compile patterns of its own meanwhile: filters of warnings are some.
    assert ("fine", 0) in kept()
    assert "[[a]" not in {pattern for pattern, _ in kept()}
    with pytest.warns(FutureWarning, match="nested set"):
        re.compile("[[a]")


def test_of_very_many_patterns_the_last_are_taken(tmp_path: Path) -> None:
    """More than `re` keeps would push each other out."""
    re.purge()
    for number in range(400):
        re.compile(f"number {number}")
    patterns.save(str(tmp_path / "p.json"))
    found = json.loads((tmp_path / "p.json").read_text())
    assert len(found) == 300
    mine = [pattern for _, pattern, _ in found if str(pattern).startswith("number ")]
    assert mine == [f"number {number}" for number in range(400 - len(mine), 400)]
