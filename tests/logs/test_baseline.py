"""A green log tells what is usual."""

import io

import pytest

from selfheal.contract.diagnosis import Category
from selfheal.logs import diagnose
from selfheal.logs.baseline import Baseline

GREEN = """\
frob 3.2 starting at 10:00:01, seed 8812
checking src/a.frob ... fine (12 ms)
checking src/b.frob ... fine (15 ms)
checking src/c.frob ... skipped (2 ms)
note: error recovery is off, error budget 3
note: cannot open /etc/frobrc: using defaults
frob: all 3 files are fine
"""
RED = """\
frob 3.2 starting at 11:22:33, seed 4711
checking src/a.frob ... fine (11 ms)
checking src/b.frob ... gap at 12
checking src/c.frob ... skipped (3 ms)
note: error recovery is off, error budget 3
note: cannot open /etc/frobrc: using defaults
frob: 1 file is not fine
"""


def _baseline(text: str) -> Baseline:
    return Baseline.read(io.BytesIO(text.encode()))


def test_unknown_tools_log_becomes_readable() -> None:
    """What was there when it was green, but for numbers, is set aside; what is left is the failure."""
    without = diagnose(RED, exit_code=1)
    diagnosis = diagnose(RED, exit_code=1, baseline=_baseline(GREEN))

    assert "note: " in without.summary
    assert diagnosis.failures[0].excerpt.splitlines() == [
        "checking src/b.frob ... gap at 12",
        "frob: 1 file is not fine",
    ]


def test_finding_that_was_there_when_green_is_no_cause() -> None:
    """The same words in the green log didn't fail it."""
    old = "a.py:3: error: Name 'x' is not defined  [name-defined]\n"
    new = "b.py:5: error: Name 'y' is not defined  [name-defined]\n"

    diagnosis = diagnose(old + new, exit_code=1, baseline=_baseline(old + "mypy failed, as always\n"))

    assert [failure.file for failure in diagnosis.failures] == ["b.py"]


def test_same_message_at_another_line_is_new() -> None:
    """Numbers are only ignored where no finding is at stake."""
    line = "a.py:{}: error: Name 'x' is not defined  [name-defined]\n"

    diagnosis = diagnose(line.format(9), exit_code=1, baseline=_baseline(line.format(3)))

    assert diagnosis.category is Category.TYPES


@pytest.mark.parametrize("line", ["test_login FAILED [ 12%]", "fatal: test_login PASSED is wrong", "boom: test_login"])
def test_alarming_line_is_never_usual_for_being_similar(line: str) -> None:
    """`PASSED` and `SKIPPED` in one place make a template; `FAILED` there is news all the same."""
    baseline = _baseline("test_login PASSED [ 10%]\ntest_login SKIPPED [ 11%]\ntest_login RETRIED [ 12%]\n")

    assert not baseline.is_usual(line)


def test_template_covers_what_varies() -> None:
    """Words that varied in the green log may vary in this one."""
    baseline = _baseline("".join(f"fetched package {name} from the mirror\n" for name in ("left", "right", "up")))

    assert baseline.is_usual("fetched package down from the mirror")
    assert not baseline.is_usual("burnt package down to the ground")


def test_empty_green_log() -> None:
    """It makes everything news, and nothing breaks."""
    assert diagnose(RED, exit_code=1, baseline=_baseline("")).failures
