"""What passes because nothing runs what failed is told from what mends, and waits until all else was tried."""

from dataclasses import replace

import pytest

from builders import a_case, a_diagnosis, a_failure, a_suspect
from fakes import ScriptedTrials
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.trials import Ended, Splice, Trial
from selfheal.fix.interface import NoCandidate
from selfheal.fix.search.branch_strategy import BranchSearch
from selfheal.fix.search.candidates import Candidate
from selfheal.fix.search.choosing import Survivor
from selfheal.fix.search.silencing import told_apart
from selfheal.fix.search.strategy import OperatorSearch, WiderSearch

CODE = "def f(items, other):\n    if len(items) > 3:\n        return items.key\n    return items\n"
ONE_LINE = "def f(items, other):\n    if other: return items.key\n    return items\n"
MARK = "raise NotImplementedError"


def case_of(letters, *, code=CODE, line=3, file="m.py", message="AttributeError: no key"):
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=code.count("\n"))
    failure = a_failure(message=message, file=file, line=line)
    trials = ScriptedTrials(code, letters)
    tree = {"m.py": code, "tests/test_m.py": "import m\n\n\nassert m.f([], 1)\n"}
    return a_case(tree, suspects=(suspect,), trials=trials, diagnosis=a_diagnosis(failure))


def bypassing(text: str) -> str:
    """What makes the branch dead passes, whatever stands in it."""
    return "P" if "len(items) < 3" in text else "F"


def either(text: str) -> str:
    """So does what mends it, unless an error of its own stands there."""
    return "P" if "other.key" in text and MARK not in text else bypassing(text)


def survivor(old, new):
    first = CODE.index(old)
    splice = Splice(path="m.py", first=first, last=first + len(old), text=new)
    made = Candidate((splice,), operator="op", suspect=0, line=2, score=1.0, old=old, new=new)
    return Survivor(made, Trial(ended=Ended.RAN, tests="P"))


async def test_an_edit_after_which_nothing_comes_to_the_place_of_the_error_silences_it():
    """The other one leaves it to be run."""
    case = case_of(either)
    dead, mended = survivor("> 3", "< 3"), survivor("items.key", "other.key")
    told = await told_apart(case, case.trials, (dead, mended))
    assert (told.mending, told.silencing) == ((mended,), (dead,))
    assert all(MARK not in text or "        return" in text.partition(MARK)[2] for text in case.trials.tried)


async def test_what_changes_the_very_statement_from_its_start_mends():
    """Nothing can be put before it then, and nothing needs to be told: it is what is changed."""
    case = case_of(lambda _: "P")
    other = survivor("return items.key", "return other")
    assert (await told_apart(case, case.trials, (other,))).mending == (other,)
    assert case.trials.tried == []


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        (CODE, {"file": "tests/test_m.py", "line": 4}),
        (CODE, {"file": "gone.py"}),
        (CODE, {"file": None}),
        (CODE.replace("return items.key", "raise KeyError(3)"), {}),
        (
            CODE.replace("    if len(items) > 3:\n        return items.key", "    if other: return items.key"),
            {"line": 2},
        ),
        (CODE + "\n\ndef g(:\n", {}),
    ],
    ids=["a test's own", "no file", "nowhere", "on purpose", "one line", "unparsable"],
)
async def test_where_no_statement_of_the_code_crashed_everything_mends(code, facts):
    """No trial is spent; a statement behind a colon has no room before it but its `if` has."""
    case = case_of(lambda _: "F", code=code, **facts)
    dead = survivor("> 3", "< 3")
    assert (await told_apart(case, case.trials, (dead,))).mending == (dead,)


async def test_what_mends_is_proposed_before_what_silences():
    """However likely the latter is."""
    case = case_of(either)
    (target,) = OperatorSearch().targets(case)
    made = await OperatorSearch().propose(case, target, sample=0, tried=())
    assert isinstance(made, CandidatePatch)
    assert b"other.key" in (made.edits[0].content or b"")


async def test_what_only_silences_is_left_to_the_wider_search_and_to_a_person():
    """Two faults at once are looked for in between."""
    case = case_of(bypassing)
    (target,) = OperatorSearch().targets(case)
    turned_down = await OperatorSearch().propose(case, target, sample=0, tried=())
    assert isinstance(turned_down, NoCandidate)
    assert turned_down.is_spent
    assert "nothing runs what failed" in turned_down.reason
    (target,) = WiderSearch().targets(case)
    made = await WiderSearch().propose(case, target, sample=0, tried=())
    assert isinstance(made, CandidatePatch)
    assert b"len(items) < 3" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN
    assert "no test runs any more what failed" in made.rationale


async def test_a_branch_that_only_silences_waits_where_there_may_be_two_faults():
    """With one failing test there can't be a pair, so nothing is waited for."""

    def skipping(text: str) -> str:
        return "P" if "return other\n    if len" in text and ("if True:" in text or "if not items:" in text) else "F"

    case = case_of(skipping)
    (target,) = BranchSearch().targets(case)
    made = await BranchSearch().propose(case, target, sample=0, tried=())
    assert isinstance(made, CandidatePatch)
    assert made.disposition is Disposition.NEEDS_HUMAN
    assert "no test runs any more what failed" in made.rationale

    trials = ScriptedTrials(CODE, lambda text: skipping(text) * 2, failing=("t::a", "t::b"))
    case = replace(case, trials=trials)
    assert isinstance(await BranchSearch().propose(case, target, sample=0, tried=()), NoCandidate)
    (target,) = WiderSearch().targets(case)
    made = await WiderSearch().propose(case, target, sample=0, tried=())
    assert isinstance(made, CandidatePatch)
    assert b"return other\n    if len" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN
