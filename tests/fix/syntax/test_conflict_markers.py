"""Conflicts that were committed are resolved by a side that parses; a person looks at the result."""

import asyncio

from builders import a_case, a_diagnosis, a_failure
from fakes import tree_of
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.syntax.conflict_markers import ConflictMarkers, resolutions
from selfheal.fix.syntax.markers import pieces_of

TORN = """\
def price(item):
<<<<<<< HEAD
    return item.cents
||||||| base
    return item.price
=======
    return item.euros * 100
>>>>>>> feature
"""
OURS = "def price(item):\n    return item.cents\n"
THEIRS = "def price(item):\n    return item.euros * 100\n"


def test_each_side_is_a_sample() -> None:
    """Ours first, then theirs; the base of diff3 style is no side."""
    found = [text for text, _ in resolutions(tree_of({"a.py": TORN}), "a.py")]

    assert found[:2] == [OURS, THEIRS]


def test_the_side_whose_names_are_used_elsewhere_comes_first() -> None:
    """Another file imports what only their side defines."""
    torn = "<<<<<<< HEAD\ndef total():\n    return 1\n=======\ndef amount():\n    return 1\n>>>>>>> x\n"
    tree = tree_of({"shop.py": torn, "main.py": "from shop import amount\n\namount()\n"})

    assert resolutions(tree, "shop.py")[0][0] == "def amount():\n    return 1\n"


def test_a_side_that_does_not_parse_is_skipped() -> None:
    """Only what the parser takes is tried."""
    torn = '{\n<<<<<<< HEAD\n  "a": 1,\n=======\n  "a": 2\n>>>>>>> x\n}\n'

    assert [text for text, _ in resolutions(tree_of({"package.json": torn}), "package.json")] == ['{\n  "a": 2\n}\n']


def test_nested_and_several_conflicts() -> None:
    """A conflict inside a side is resolved too, and mixed sides are tried after equal ones."""
    nested = "<<<<<<< A\nx = 1\n<<<<<<< B\ny = 1\n=======\ny = 2\n>>>>>>> B\n=======\nx = 2\n>>>>>>> A\n"
    found = [text for text, _ in resolutions(tree_of({"a.py": nested}), "a.py")]

    assert {"x = 1\ny = 1\n", "x = 1\ny = 2\n", "x = 2\n"} <= set(found)
    assert pieces_of("<<<<<<< A\nx\n") is None


def test_the_patch_needs_a_human() -> None:
    """Which side was meant is a decision; the tests only tell which one works."""
    failure = a_failure(file="a.py", line=2, message="SyntaxError: invalid syntax", code="SyntaxError")
    case = a_case({"a.py": TORN, "README.md": TORN}, diagnosis=a_diagnosis(failure, category=Category.SYNTAX))
    strategy = ConflictMarkers()
    targets = strategy.targets(case)

    patch = asyncio.run(strategy.propose(case, targets[0], sample=0, tried=()))

    assert [target.place for target in targets] == ["all", "a.py", "README.md"]
    assert isinstance(patch, CandidatePatch)
    assert patch.disposition is Disposition.NEEDS_HUMAN
    assert all(b"<<<<<<<" not in (edit.content or b"") for edit in patch.edits)
