"""One operator or constant at a time, the likeliest first, and nothing else of the file changes."""

import ast

from builders import a_case, a_suspect
from selfheal.contract.patch import CandidatePatch
from selfheal.contract.tree import MemoryTree
from selfheal.fix.fill_line import FillLine
from selfheal.fix.interface import NoCandidate
from selfheal.fix.operator_swap import OperatorSwap, swapped, swaps_of

SOURCE = (
    "é = 1\n\ndef f(a, b):\n    if a < b and (a) != (b):\n        return 'é' * 2, a - 1\n    return a is not None\n"
)


def every_result(source: str) -> set[str]:
    function = next(n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef))
    raw = source.encode()
    return {swapped(raw, swap).decode() for swap in swaps_of(function, raw)}


def test_each_kind_of_fault_has_its_swap():
    """Comparisons, connectives, arithmetic, constants and signs, also behind letters of more than one byte."""
    results = every_result(SOURCE)
    for old, new in (
        ("a < b", "a <= b"),
        ("a < b", "a > b"),
        ("and", "or"),
        ("!=", "=="),
        ("a - 1", "a + 1"),
        ("a - 1", "a - 2"),
        ("a - 1", "a - 0"),
        ("'é' * 2", "'é' * 3"),
        ("is not", "is"),
    ):
        assert SOURCE.replace(old, new) in results


def test_every_swap_parses_and_changes_something():
    """A swap that does not parse, or changes nothing, would cost a run for nothing."""
    for result in every_result(SOURCE):
        ast.parse(result)
        assert result != SOURCE


def test_boundaries_come_first():
    """The commonest fault is tried first."""
    function = ast.parse(SOURCE).body[1]
    assert isinstance(function, ast.FunctionDef)
    first = swaps_of(function, SOURCE.encode())[0]
    assert (first.old, first.new) == ("<", "<=")


async def test_samples_are_the_swaps_and_end():
    """Each sample is another candidate; after the last one the target is spent."""
    files = {"pkg/core.py": "def add(a, b):\n    return a - b\n"}
    case = a_case(files, suspects=(a_suspect(),))
    (target,) = OperatorSwap().targets(case)
    assert target.samples == 1
    candidate = await OperatorSwap().propose(case, target, sample=0, tried=())
    assert isinstance(candidate, CandidatePatch)
    assert candidate.edits[0].content == b"def add(a, b):\n    return a + b\n"
    assert isinstance(await OperatorSwap().propose(case, target, sample=1, tried=()), NoCandidate)


def test_a_file_in_another_encoding_is_left_alone():
    """Its columns would be counted wrongly; neither this strategy nor the one that fills lines names it."""
    source = "# coding: latin-1\ndef add(a, b):\n    return '\xe9' if a < b else ''\n".encode("latin-1")
    suspect = a_suspect(first_line=2, last_line=3)
    case = a_case({}, tree=MemoryTree({"pkg/core.py": source}), suspects=(suspect,))
    assert OperatorSwap().targets(case) == ()
    assert FillLine().targets(case) == ()
