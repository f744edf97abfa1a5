"""Among edits that all pass the right one is taken, and the report says which was not."""

import pytest

from builders import a_case, a_suspect
from fakes import ScriptedTrials
from selfheal.contract.trials import GOOD, Ended, Splice, Trial
from selfheal.fix.search.candidates import Candidate
from selfheal.fix.search.choosing import Survivor, choose, chosen
from selfheal.fix.search.proposing import choice_of

PASSED = Trial(ended=Ended.RAN, tests="P")
BASE = ("a", "b", "c", "d")


def _survivor(name, score, operator="op"):
    splice = Splice(path="m.py", first=0, last=0, text=name)
    return Survivor(
        Candidate(splices=(splice,), operator=operator, suspect=0, line=1, score=score, old="x", new=name), PASSED
    )


def test_two_edits_that_do_the_same_outweigh_one_that_does_otherwise():
    """One answer given twice is likelier than the single best."""
    odd, one, other = _survivor("odd", 1.0), _survivor("one", 0.8), _survivor("other", 0.6, "another")
    same = ("a", "b", "c", "x")
    choice = choose((odd, one, other), BASE, (("a", "b", "y", "d"), same, same))
    assert choice.order[0] is one
    assert choice.rival is odd


def test_many_ways_of_one_kind_are_one_answer():
    """`days`, `seconds` and `minutes` in one place do the same: that says nothing for any of them."""
    right, *ways = (_survivor(name, score) for name, score in (("right", 1.0), ("x", 0.9), ("y", 0.9), ("z", 0.9)))
    same = ("a", "b", "c", "x")
    choice = choose((right, *ways), BASE, (("a", "b", "y", "d"), same, same, same))
    assert choice.order[0] is right


@pytest.mark.parametrize(
    ("score", "operator", "is_taken"), [(0.8, "extra call", True), (0.3, "extra call", False), (0.8, "text", False)]
)
def test_of_edits_that_do_the_same_the_one_that_leaves_less_code_is_taken(score, operator, is_taken):
    """Unless it is much less likely, or of a kind that may pass by chance: inputs that tell them apart may lack."""
    long, short = _survivor("int(x)", 1.0, "variable"), _survivor("x", score, operator)
    same = ("a", "b", "c", "x")
    choice = choose((long, short), BASE, (same, same))
    assert choice.order == ((short, long) if is_taken else (long, short))
    assert choice.heads[0].best is choice.order[0]


def test_what_changes_less_is_preferred_between_equals():
    """Most of a program is right: an edit that does otherwise everywhere is less likely so."""
    wild, tame = _survivor("wild", 1.0), _survivor("tame", 1.0)
    choice = choose((wild, tame), BASE, (("w", "x", "y", "z"), ("a", "b", "c", "z")))
    assert choice.order[0] is tame
    assert choice.is_doubtful


def test_a_clear_winner_is_not_doubted():
    """A rival of a tenth of its weight needs nobody's look."""
    best, weak = _survivor("best", 1.0), _survivor("weak", 0.1)
    choice = choose((best, weak), BASE, (("a", "b", "c", "x"), ("a", "b", "c", "y")))
    assert choice.order == (best, weak)
    assert not choice.is_doubtful


@pytest.mark.parametrize(("score", "is_doubtful"), [(0.9, True), (0.1, False)])
async def test_where_behaviour_cannot_be_told_a_near_rival_leaves_doubt(score, is_doubtful):
    """Each stands for itself then."""
    best, other = _survivor("best", 1.0), _survivor("other", score)
    choice = await chosen((other, best), ScriptedTrials("x", lambda _: "P"), name="f", line=1)
    assert (choice.order, choice.rival, choice.is_doubtful) == ((best, other), other, is_doubtful)
    assert [head.best for head in choice.heads] == [best, other]


def test_edits_that_all_do_the_same_leave_no_rival():
    """There is nothing to choose then."""
    one, other = _survivor("one", 1.0), _survivor("other", 0.9)
    choice = choose((one, other), BASE, (BASE, BASE))
    assert (choice.order[0], choice.rival, choice.is_doubtful) == (one, None, False)


def test_what_overturns_what_passing_tests_bear_out_is_not_beyond_doubt():
    """An edit that does otherwise on most inputs near which tests pass, where another leaves them alone."""
    base = ("+a", "+b", "+c", "?d")
    wild, tame = _survivor("wild", 1.0), _survivor("tame", 0.4)
    choice = choose((wild, tame), base, (("+x", "+y", "+z", "?e"), ("+a", "+b", "+c", "?e")))
    assert choice.order[0] is tame
    assert not choice.is_upsetting
    assert choose((wild,), base, (("+x", "+y", "+z", "?e"),)).is_upsetting


def test_what_stumbles_needlessly_is_less_likely_right():
    """Of two that do otherwise equally often, one answers where the other crashes; what both crash on says nothing."""
    crashing, sound = _survivor("crashing", 1.0), _survivor("sound", 0.8)
    base = ("?a", "?b", "?c", "?d")
    seen = (("?x", "?!1", "?!2", "?!3"), ("?x", "?y", "?z", "?!3"))
    choice = choose((crashing, sound), base, seen)
    assert [head.best for head in choice.heads] == [sound, crashing]
    assert choice.heads[0].faithful > choice.heads[1].faithful
    both = choose((crashing, sound), base, (("?x", "?!1", "?!2", "?!3"), ("?y", "?!1", "?!2", "?!3")))
    assert both.order[0] is crashing


@pytest.mark.parametrize(("rival", "is_outdone"), [(("?y", "?b", "?z"), True), (("?y", "?!1", "?z"), False)])
def test_one_stumble_tells_where_the_rival_never_does_so(rival, is_outdone):
    """However few inputs it is; where each stumbles over another one nobody knows."""
    common, rare = _survivor("common", 1.0), _survivor("rare", 0.8)
    far = tuple(f"?{n}" for n in range(97))
    base = ("?a", "?b", "?c", *far)
    choice = choose((common, rare), base, (("?x", "?b", "?!2", *far), (*rival, *far)))
    assert choice.order[0] is (rare if is_outdone else common)


def test_what_cannot_be_compared_is_as_faithful_as_the_others_are():
    """Two defaults, each in a process of its own: neither is held for the other, nor for one that changes all."""
    one, other, known = _survivor("one", 1.0), _survivor("other", 0.9), _survivor("known", 0.3)
    choice = choose((one, other, known), BASE, ((), (), ("a", "b", "c", "x")))
    assert [head.best for head in choice.heads] == [one, other, known]
    assert choice.heads[0].faithful == choice.heads[2].faithful
    assert choice.is_doubtful
    assert choice.is_upsetting, "nobody knows what it does: it is worth a longer search"


async def test_between_functions_what_leaves_alone_that_which_was_right_is_preferred():
    """An edit that does otherwise on calls of passing tests gives way to one that does not, wherever each stands."""
    text = "def f(a):\n    return a < 1\n\n\ndef g(a):\n    return a + 1\n"

    def does(made):
        good = ("a", "b", "wild" if "a > 1" in made else "c")
        return (*(GOOD + one for one in good), "x" if made != text else "d")

    trials = ScriptedTrials(text, lambda _: "P", does=does)
    suspects = (
        a_suspect(file="m.py", symbol="f", first_line=1, last_line=2),
        a_suspect(file="m.py", symbol="g", first_line=5, last_line=6),
    )
    case = a_case({"m.py": text}, suspects=suspects, trials=trials)

    def survivor(place, old, new, score):
        first = text.index(old)
        splice = Splice(path="m.py", first=first, last=first + len(old), text=new)
        made = Candidate((splice,), operator="op", suspect=place, line=1, score=score, old=old, new=new)
        return Survivor(made, PASSED)

    wild, tame = survivor(0, "a < 1", "a > 1", 1.0), survivor(1, "a + 1", "a + 2", 0.8)
    far = survivor(1, "a + 1", "a + 3", 0.01)
    choice = await choice_of(case, trials, (wild, tame))
    assert choice.order == (tame, wild)
    assert choice.rival is wild
    assert (await choice_of(case, trials, (wild, far))).order == (wild, far)
