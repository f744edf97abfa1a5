"""The model rewrites one function; what it says is checked before anything is run."""

from builders import a_case, a_suspect
from fakes import ScriptedEngine
from selfheal.contract.engine import ModelFailure, ModelFault
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.fix.interface import NoCandidate, Tried
from selfheal.fix.rewrite_function import SYSTEM, RewriteFunction
from selfheal.fix.sampling import TEMPERATURES

FILES = {"pkg/core.py": "def add(a, b):\n    return a - b\n\n\nLIMIT = 3\n"}
GOOD = "Here it is:\n```python\ndef add(a, b):\n    return a + b\n```\nDone."


async def draw(engine: ScriptedEngine, *, sample: int = 0, tried: tuple[Tried, ...] = ()):
    case = a_case(FILES, engine)
    (target,) = RewriteFunction().targets(case)
    return await RewriteFunction().propose(case, target, sample=sample, tried=tried)


async def test_the_answer_goes_into_the_file():
    """The fenced function replaces the suspect; the rest of the file stays."""
    candidate = await draw(ScriptedEngine([GOOD]))
    assert isinstance(candidate, CandidatePatch)
    assert candidate.edits[0].content == b"def add(a, b):\n    return a + b\n\n\nLIMIT = 3\n"


async def test_temperature_rises_and_the_seed_moves():
    """Later samples look further away, and the same seed gives the same questions."""
    engine = ScriptedEngine([GOOD])
    for sample in range(len(TEMPERATURES)):
        await draw(engine, sample=sample)
    assert tuple(r.temperature for r in engine.requests) == TEMPERATURES
    assert sorted(TEMPERATURES) == list(TEMPERATURES)
    assert len({r.seed for r in engine.requests}) == len(TEMPERATURES)


async def test_the_prompt_prefix_is_stable():
    """Feedback comes last: the second prompt begins with everything but the end of the first."""
    engine = ScriptedEngine([GOOD])
    await draw(engine)
    await draw(engine, sample=2, tried=(Tried(diff="-    return a - b\n+    return b - a\n", result="assert 1 == 3"),))
    first, second = (r.user for r in engine.requests)
    stable = first[: first.index("The whole corrected")]
    assert second.startswith(stable)
    assert "return b - a" in second
    assert "assert 1 == 3" in second
    assert {r.system for r in engine.requests} == {SYSTEM}


async def test_every_other_sample_goes_on_from_the_candidate_before():
    """The model gets its own last version with the failure that it led to, and not the first one again."""
    engine = ScriptedEngine([GOOD])
    edit = FileEdit(path="pkg/core.py", content=b"def add(a, b):\n    return b - a\n\n\nLIMIT = 3\n")
    candidate = await draw(engine, sample=1, tried=(Tried(diff="-x\n+y\n", result="assert 1 == 3", edits=(edit,)),))
    assert isinstance(candidate, CandidatePatch)
    assert "return b - a" in engine.requests[0].user
    assert "return a - b" not in engine.requests[0].user
    assert "assert 1 == 3" in engine.requests[0].user


async def test_a_model_that_cannot_answer_is_a_reason():
    """A dead engine spends the target, a cut answer does not."""
    dead = ModelFailure(fault=ModelFault.UNREACHABLE, message="no server", is_final=True)
    outcome = await draw(ScriptedEngine([dead]))
    assert isinstance(outcome, NoCandidate)
    assert outcome.is_spent
    cut = ModelFailure(fault=ModelFault.TRUNCATED, message="cut", is_final=False)
    outcome = await draw(ScriptedEngine([cut]))
    assert isinstance(outcome, NoCandidate)
    assert not outcome.is_spent


def test_only_functions_are_targets():
    """A module-level suspect is left to search and replace."""
    case = a_case(FILES, suspects=(a_suspect(first_line=5, last_line=5, symbol=None), a_suspect()))
    assert [t.suspect for t in RewriteFunction().targets(case)] == [1]


def test_a_file_that_is_not_utf8_is_no_target():
    """Bytes that can't be read can't be rewritten."""
    from selfheal.contract.tree import MemoryTree

    case = a_case({}, tree=MemoryTree({"pkg/core.py": b"def add(a, b):\n    return '\xff'\n"}))
    assert RewriteFunction().targets(case) == ()


async def test_what_a_model_invents_is_not_run():
    """An argument that is not there is turned down with the true signature, which the next prompt tells."""
    made_up = "```python\ndef add(a, b):\n    return total(a, b, start=0)\n```"
    files = {"pkg/core.py": "def add(a, b):\n    return a - b\n\n\ndef total(*numbers):\n    return sum(numbers)\n"}
    engine = ScriptedEngine([made_up])
    case = a_case(files, engine)
    (target,) = RewriteFunction().targets(case)
    turned_down = await RewriteFunction().propose(case, target, sample=0, tried=())
    assert isinstance(turned_down, NoCandidate)
    assert not turned_down.is_spent
    assert "def total(*numbers)" in turned_down.advice
    await RewriteFunction().propose(case, target, sample=1, tried=(Tried(diff="", result=turned_down.advice),))
    assert "def total(*numbers)" in engine.requests[1].user
