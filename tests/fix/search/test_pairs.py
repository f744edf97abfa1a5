"""Two faults at once: each edit mends a part of the failing tests, both mend all."""

from collections.abc import Collection
from dataclasses import replace

from builders import a_case, a_suspect
from fakes import ScriptedEngine, ScriptedTrials
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.suspects import Suspect
from selfheal.contract.trials import CoveredTest, Spectrum
from selfheal.fix.interface import NoCandidate, RepairCase
from selfheal.fix.search.pairs import PairSearch

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
    case = case_of(lambda text: "FF")
    turned_down = await proposed(case)
    assert isinstance(turned_down, NoCandidate)
    assert not turned_down.is_spent, "later more single edits are tried"
    turned_down = await proposed(case, sample=1)
    assert isinstance(turned_down, NoCandidate)
    assert turned_down.is_spent
    single = a_case({"m.py": CODE}, trials=ScriptedTrials(CODE, lambda text: "F"))
    assert PairSearch().targets(single) == ()


async def test_edits_of_one_place_make_no_pair() -> None:
    """Two edits that lie in each other can't both be made: no trial has both."""
    case = case_of(lambda text: "PF" if "a <= b" in text else "FP" if "a > b" in text else "FF")
    turned_down = await proposed(case)
    assert isinstance(turned_down, NoCandidate)
    assert isinstance(case.trials, ScriptedTrials)
    assert not any("<= b" in text and "> b" in text for text in case.trials.tried)


LATER = "\n\ndef g(a):\n    return a + 1\n"


async def test_the_second_edit_is_looked_for_where_the_tests_that_are_left_point() -> None:
    """Its function is no suspect of all failing tests together, only of those that the first edit leaves failing."""
    text = CODE + LATER
    suspects = (
        a_suspect(file="m.py", symbol="f", first_line=1, last_line=4),
        a_suspect(file="m.py", symbol="g", first_line=7, last_line=8),
    )

    def both(made: str) -> str:
        return ("P" if "a <= b" in made else "F") + ("P" if "a + 2" in made else "F")

    asked: list[list[str]] = []

    def relocated(tests: Collection[str]) -> RepairCase:
        asked.append(list(tests))
        return replace(case, suspects=suspects[1:] if "t::b" in tests else suspects[:1])

    trials = ScriptedTrials(text, both, failing=("t::a", "t::b"))
    tests = [
        CoveredTest(test_id=f"t::{one}", has_failed=one in "ab", cpu_s=0.01, lines=(("m.py", (2, 3, 4, 8)),))
        for one in "abcde"
    ]
    spectrum = Spectrum(tests=tuple(tests))
    case = a_case({"m.py": text}, suspects=suspects[:1], trials=trials, spectrum=spectrum, relocated=relocated)
    made = await proposed(case)
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == text.replace("a < b", "a <= b").replace("a + 1", "a + 2").encode()
    assert asked == [["t::b"], ["t::a"]]


async def test_the_first_edit_is_chosen_where_the_tests_that_it_mends_point() -> None:
    """Of two functions in which an edit mends that part the one counts that those tests suspect."""
    text = CODE + LATER
    where: dict[str, dict[str, object]] = {
        "f": {"symbol": "f", "first_line": 1, "last_line": 4},
        "g": {"symbol": "g", "first_line": 7, "last_line": 8},
    }

    def suspects(**suspicions: float) -> tuple[Suspect, ...]:
        return tuple(a_suspect(file="m.py", suspiciousness=value, **where[name]) for name, value in suspicions.items())

    def either(made: str) -> str:
        return ("P" if "a <= b" in made or "a - 1" in made else "F") + ("P" if "a - b" in made else "F")

    def relocated(tests: Collection[str]) -> RepairCase:
        return replace(case, suspects=suspects(g=0.9, f=0.3) if "t::a" in tests else suspects(f=0.9))

    trials = ScriptedTrials(text, either, failing=("t::a", "t::b"))
    case = a_case({"m.py": text}, suspects=suspects(f=0.9, g=0.3), trials=trials, relocated=relocated)
    made = await proposed(case, sample=1)
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == text.replace("a + b", "a - b").replace("a + 1", "a - 1").encode()


async def test_of_edits_that_mend_the_same_part_the_likeliest_is_paired() -> None:
    """As among whole repairs, and with a rival that does otherwise a person decides."""

    def either(text: str) -> str:
        return ("P" if "a <= b" in text or "a >= b" in text else "F") + ("P" if "a - b" in text else "F")

    engine = ScriptedEngine(["nothing"], likely=lambda text: -1.0 if "a >= b" in text else -30.0)
    given = case_of(either)
    assert isinstance(given.trials, ScriptedTrials)
    given.trials.does = lambda text: (text.partition("if")[2].partition(":")[0], "same")
    case = replace(given, ask=engine.ask, tells_likelihood=lambda: engine.tells_likelihood)
    made = await proposed(case)
    assert isinstance(made, CandidatePatch)
    assert b"a >= b" in (made.edits[0].content or b"")
    assert b"a - b" in (made.edits[0].content or b"")
    assert made.disposition is Disposition.NEEDS_HUMAN


async def test_few_tests_let_a_pair_in_late_and_before_a_person() -> None:
    """Of some hundred thousand pairs a few pass any three tests; what runs other places only is no judge."""
    for case in (case_of(letters, passing=1), case_of(letters, passing=9, line=40)):
        turned_down = await proposed(case)
        assert isinstance(turned_down, NoCandidate)
        assert not turned_down.is_spent
        assert isinstance(case.trials, ScriptedTrials)
        assert not case.trials.tried
        made = await proposed(case, sample=1)
        assert isinstance(made, CandidatePatch)
        assert made.disposition is Disposition.NEEDS_HUMAN
        assert "nothing but the tests speaks for it" in made.rationale
    assert (await proposed(case_of(letters, passing=3))).disposition is Disposition.AUTO
