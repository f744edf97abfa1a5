"""A rewriting is taken apart, and the least of it that works is kept."""

from fakes import ScriptedTrials
from selfheal.fix.hunks import least_part, parts_of

OLD = "a = 1\nb = 2\nc = 3\nd = 4\n"
NEW = "a = 1\nb = 20\nc = 3\nd = 40\n"


def test_parts_come_the_fewest_changes_first():
    """Each change alone before both."""
    assert parts_of(OLD, NEW) == (
        "a = 1\nb = 20\nc = 3\nd = 4\n",
        "a = 1\nb = 2\nc = 3\nd = 40\n",
        NEW,
    )


async def test_the_smallest_part_that_passes_is_kept():
    """What the model changed besides is left out."""
    assert (
        await least_part("m.py", OLD, NEW, ScriptedTrials(OLD, lambda text: "P" if "d = 40" in text else "F"))
        == parts_of(OLD, NEW)[1]
    )


async def test_where_no_part_passes_it_stays_whole():
    """Then the judge's words about the whole are what the model gets."""
    assert await least_part("m.py", OLD, NEW, ScriptedTrials(OLD, lambda text: "F")) == NEW


def test_many_changes_do_not_make_very_many_parts():
    """Of twenty changes each alone, each left out, and all."""
    old, new = ("".join(f"{sign}{n}\nkeep\n" for n in range(20)) for sign in "ab")
    assert len(parts_of(old, new)) == 41
