"""Of edits of one kind the one whose lines read like the rest of the file is the likelier."""

import math

import pytest

from builders import a_case, a_suspect
from selfheal.contract.trials import Splice
from selfheal.fix.search.candidates import ranked
from selfheal.fix.search.naturalness import Reading, likeliness, readings_of

HABIT = "".join(f"def g{n}(key, seen, order):\n    if key not in seen:\n        seen.add(key)\n\n\n" for n in range(30))
FAULT = "def f(key, seen, order):\n    if order not in seen:\n        return order\n"


def _edit(text, old, new, *, behind=0):
    first = text.index(old, behind)
    return Splice(path="m.py", first=first, last=first + len(old), text=new)


def test_what_the_file_does_elsewhere_reads_more_natural():
    """`if key not in seen` stands there thirty times, `if seen not in seen` nowhere."""
    text = HABIT + FAULT
    like, unlike = readings_of(text, [_edit(text, "if order", "if key"), _edit(text, "if order", "if seen")])
    assert like.gain > 1 > unlike.gain


def test_it_decides_between_names_that_are_as_likely_otherwise():
    """Through the ranking, where nothing else knows of the other functions' habit."""
    text = HABIT + FAULT
    first = text.count("\n", 0, text.index("def f(")) + 1
    suspect = a_suspect(file="m.py", symbol="f", first_line=first, last_line=first + 2)
    found = [one for one in ranked(a_case({"m.py": text}, suspects=(suspect,))) if one.operator == "variable"]
    assert (found[0].line, found[0].new) == (first + 1, "key")


def test_the_lines_in_question_do_not_speak_for_themselves():
    """Else every fault would read as natural as it stands: it is in the file."""
    text = "a = one + two\n" * 3 + "b = six + ten\n"
    (reading,) = readings_of(text, [_edit(text, "six + ten", "one + two")])
    assert reading.gain > 2


def test_it_is_the_same_whatever_was_asked_before():
    """What is left out of the counts is put back."""
    text = HABIT + FAULT
    edits = [_edit(text, "if order", "if key"), _edit(text, "return order", "return key"), _edit(text, "seen", "key")]
    together = readings_of(text, edits)
    assert [reading for one in edits for reading in readings_of(text, [one])] == together


def test_a_small_file_has_little_to_say():
    """Of a hundred words no habit can be told."""
    small, large = FAULT, HABIT * 3 + FAULT
    (one,), (other,) = (readings_of(text, [_edit(text, "if order", "if key")]) for text in (small, large))
    assert one.trust < 0.1 < 0.7 < other.trust < 1


def test_kinds_are_not_compared_by_it():
    """What takes words away always reads more natural; of each kind the average stays what it is."""
    readings = [Reading(gain, 1.0) for gain in (-9.0, -7.0, 30.0, 34.0)]
    factors = likeliness(["missing call", "missing call", "extra call", "extra call"], readings)
    assert factors[:2] == pytest.approx(factors[2:])
    assert math.prod(factors[:2]) == pytest.approx(1)
    assert factors[0] < 1 < factors[1]


def test_an_outlier_has_no_more_say_than_a_few_deviations():
    """One absurd line must not push an edit behind all others for good."""
    readings = [Reading(gain, 1.0) for gain in (*[0.0] * 99, -1000.0)]
    assert min(likeliness(["variable"] * 100, readings)) > 0.01


@pytest.mark.parametrize(
    ("text", "splice"),
    [
        ("", Splice(path="m.py", first=0, last=0, text="x = 1\n")),
        ("x = 1", Splice(path="m.py", first=5, last=5, text="\ny = x\n")),
        ("x = 1\n", Splice(path="m.py", first=6, last=6, text="y = x\n")),
        ("x = (\n1)\n", Splice(path="m.py", first=4, last=8, text="2")),
    ],
)
def test_edits_at_the_ends_and_over_several_lines_are_read(text, splice):
    """Behind the last character, in an empty file, and where lines go."""
    (reading,) = readings_of(text, [splice])
    assert math.isfinite(reading.gain)
