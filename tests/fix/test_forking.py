"""Where the model wavers it is made to take the other way, and what comes of it is tried in warm tests."""

from dataclasses import replace

import pytest

from builders import a_case, a_suspect
from fakes import ScriptedEngine, ScriptedTrials
from selfheal.contract.engine import Fork, Given
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.forking import ForkRewrite
from selfheal.fix.interface import NoCandidate, RepairCase

CODE = 'class A:\n    def f(self, a):\n        """Do."""\n        b = a + 1\n        return b\n'


def a_function(*forks: Fork, passing: str, code: str = CODE) -> tuple[RepairCase, ScriptedEngine, ScriptedTrials]:
    engine = ScriptedEngine(["nothing"], likely=lambda _: -1.0, forks=forks)
    trials = ScriptedTrials(code, lambda text: "P" if passing in text else "F")
    first = code.splitlines().index("    def f(self, a):") + 1
    suspect = a_suspect(file="m.py", symbol="A.f", first_line=first, last_line=code.count("\n"))
    return a_case({"m.py": code}, engine, suspects=(suspect,), trials=trials), engine, trials


async def proposed(case: RepairCase, *, sample: int = 0) -> CandidatePatch | NoCandidate:
    (target,) = ForkRewrite().targets(case)
    return await ForkRewrite().propose(case, target, sample=sample, tried=())


@pytest.mark.parametrize(
    ("fork", "passing"),
    [
        (Fork(0, "    b = a - 1\n", -2.0), '"""\n        b = a - 1\n        return b\n'),
        (Fork(0, "    a = abs(a)\n", -2.0), '"""\n        a = abs(a)\n        b = a + 1\n        return b\n'),
        (Fork(1, "    if b > 9:\n        return 9\n", -2.0), "b = a + 1\n        if b > 9:\n            return 9\n"),
        (Fork(0, "    if a:\n        return 9\n", -2.0), "        if a:\n            b = a + 1\n        return b\n"),
        (Fork(1, "    return b if b else a\n", -2.0), "b = a + 1\n        return b if b else a\n"),
    ],
)
async def test_a_line_takes_another_ones_place_or_stands_before_it(fork: Fork, passing: str) -> None:
    """And a head alone takes in what follows; a method is asked about at the margin, its docstring is begun."""
    case, engine, _ = a_function(fork, passing=passing)
    made = await proposed(case)
    assert isinstance(made, CandidatePatch), made
    assert passing in (made.edits[0].content or b"").decode()
    assert "the model's other way" in made.rationale
    (forced,) = [one.forced for one in engine.requests]
    assert forced is not None
    assert forced.answers == (Given('```python\ndef f(self, a):\n    """Do."""\n', "    b = a + 1\n    return b\n"),)


async def test_the_rest_of_the_function_is_taken_apart() -> None:
    """What is not needed of it is left out."""
    code = CODE.replace("return b", "c = b\n        return c")
    fork = Fork(0, "    b = a - 1\n    c = b\n    return c + 0\n", -1.0)
    case, _, _ = a_function(fork, passing="b = a - 1", code=code)
    made = await proposed(case, sample=1)
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == code.replace("a + 1", "a - 1").encode()


async def test_what_the_rest_begins_with_may_stand_before_the_old_code() -> None:
    """A branch that is missing, of several lines, and after which the model forgot what there was."""
    fork = Fork(0, "    if a < 0:\n        b = -a\n        return b\n    return a\n", -1.0)
    passing = '"""\n        if a < 0:\n            b = -a\n            return b\n        b = a + 1\n        return b\n'
    case, _, _ = a_function(fork, passing=passing)
    made = await proposed(case, sample=1)
    assert isinstance(made, CandidatePatch), made
    assert passing in (made.edits[0].content or b"").decode()


async def test_a_way_that_nothing_reaches_any_more_is_tried_once() -> None:
    """What stands before a `return` that takes its place is the same program as without it."""
    case, _, trials = a_function(Fork(1, "    return b * 2\n", -1.0), passing="nothing")
    await proposed(case)
    assert trials.tried == [CODE.replace("return b", "return b * 2")]


async def test_what_is_no_program_or_the_same_is_not_tried() -> None:
    """Nor is what calls something that does not exist."""
    ways = ("    b = a + +\n", "    b = (a + 1)\n", "    return self.nowhere(b\n", "    b = undefined_name(a)\n")
    case, _, trials = a_function(*(Fork(0, way, -1.0) for way in ways), passing="nothing")
    made = await proposed(case)
    assert isinstance(made, NoCandidate)
    assert not made.is_spent
    assert not any(word in text for text in trials.tried for word in ("+ +", "undefined_name"))


async def test_of_a_long_function_a_part_is_asked_about() -> None:
    """Each of its words costs; and it is not written to its end."""
    code = "class A:\n    def f(self, a):\n" + "        a += 1\n" * 70 + "        return a\n"
    case, engine, _ = a_function(passing="nothing", code=code)
    assert isinstance(await proposed(case), NoCandidate)
    assert engine.requests[0].forced is not None
    assert engine.requests[0].forced.answers[0].text.count("\n") == 30
    whole = await proposed(case, sample=1)
    assert isinstance(whole, NoCandidate)
    assert whole.is_spent
    assert len(engine.requests) == 1


@pytest.mark.parametrize(("sample", "least"), [(0, 32 * 20), (1, 10 * 40)])
async def test_the_forks_of_a_short_function_are_not_cut_short(sample: int, least: int) -> None:
    """Each costs a line or a function, however short the text is that they leave."""
    case, engine, _ = a_function(passing="nothing")
    await proposed(case, sample=sample)
    assert engine.requests[0].max_tokens >= least


async def test_without_warm_tests_it_has_nothing_to_do() -> None:
    """Every way would cost a run of the command."""
    case, _, _ = a_function(passing="nothing")
    assert ForkRewrite().targets(replace(case, trials=None)) == ()


async def test_an_engine_that_cannot_tell_is_not_asked() -> None:
    """It would cost a cycle of the budget for nothing."""
    case, _, _ = a_function(passing="nothing")
    assert ForkRewrite().targets(case)
    assert ForkRewrite().targets(replace(case, tells_likelihood=lambda: False)) == ()
