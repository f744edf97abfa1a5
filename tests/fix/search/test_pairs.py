"""Two faults at once: each edit mends a part of the failing tests, both mend all."""

from builders import a_case, a_suspect
from fakes import ScriptedTrials
from selfheal.contract.patch import CandidatePatch
from selfheal.contract.trials import CoveredTest, Ended, Spectrum, Splice, Trial
from selfheal.fix.interface import NoCandidate
from selfheal.fix.search.candidates import Candidate
from selfheal.fix.search.pairs import PairSearch, pairs_of

CODE = "def f(a, b):\n    if a < b:\n        return a + b\n    return b\n"


def case_of(letters, *, passing=3, line=2):
    suspect = a_suspect(file="m.py", symbol="f", first_line=1, last_line=4)
    trials = ScriptedTrials(CODE, letters, failing=("t::a", "t::b"))
    tests = [
        CoveredTest(test_id=name, has_failed=True, cpu_s=0.01, lines=(("m.py", (2, 3, 4)),)) for name in trials.failing
    ]
    tests += [
        CoveredTest(test_id=f"t::{n}", has_failed=False, cpu_s=0.01, lines=(("m.py", (line,)),)) for n in range(passing)
    ]
    spectrum = Spectrum(tests=tuple(tests))
    return a_case({"m.py": CODE}, suspects=(suspect,), trials=trials, spectrum=spectrum)


async def proposed(case, sample=0):
    (target,) = PairSearch().targets(case)
    return await PairSearch().propose(case, target, sample=sample, tried=())


def letters(text: str) -> str:
    return ("P" if "a <= b" in text else "F") + ("P" if "a - b" in text else "F")


async def test_two_edits_that_mend_all_between_them_go_together() -> None:
    """One patch, and its rationale names both."""
    made = await proposed(case_of(letters))
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == CODE.replace("a < b", "a <= b").replace("a + b", "a - b").encode()
    assert "< becomes <=" in made.rationale
    assert "+ becomes -" in made.rationale


async def test_a_test_that_needs_both_is_mended_too() -> None:
    """The second edit is then one of those that come first anyway."""

    def both(text: str) -> str:
        return "PP" if letters(text) == "PP" else "PF" if letters(text)[0] == "P" else "FF"

    made = await proposed(case_of(both))
    assert isinstance(made, CandidatePatch)
    assert b"a <= b" in (made.edits[0].content or b"")
    assert b"a - b" in (made.edits[0].content or b"")


async def test_where_no_edit_mends_a_part_there_is_no_pair() -> None:
    """And with one failing test there is no part at all."""
    turned_down = await proposed(case_of(lambda text: "FF"))
    assert isinstance(turned_down, NoCandidate)
    assert turned_down.is_spent
    single = a_case({"m.py": CODE}, trials=ScriptedTrials(CODE, lambda text: "F"))
    assert PairSearch().targets(single) == ()


def test_edits_of_one_place_make_no_pair() -> None:
    """Two edits that lie in each other can't both be made."""

    def at(first: int, last: int, text: str) -> Candidate:
        splice = Splice(path="m.py", first=first, last=last, text=text)
        return Candidate((splice,), "number", suspect=0, line=1, score=1.0, old="", new=text)

    one, inside, apart = at(0, 9, "x"), at(4, 5, "y"), at(20, 21, "z")
    part, rest = Trial(ended=Ended.RAN, tests="PF"), Trial(ended=Ended.RAN, tests="FP")
    pairs = list(pairs_of((one, inside, apart), (part, rest, rest)))
    assert next([splice.text for splice in pair.splices] for pair in pairs) == ["x", "z"]
    assert all({splice.text for splice in pair.splices} != {"x", "y"} for pair in pairs)


def test_few_tests_let_no_pair_in() -> None:
    """Of some hundred thousand pairs a few pass any three tests; what runs other places only is no judge."""
    assert PairSearch().targets(case_of(letters, passing=1)) == ()
    assert PairSearch().targets(case_of(letters, passing=9, line=40)) == ()
