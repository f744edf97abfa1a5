"""The model is asked for a few lines, and only these change."""

import asyncio

from builders import a_case, a_diagnosis, a_failure
from fakes import ScriptedEngine
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.interface import NoCandidate
from selfheal.fix.syntax.model import SyntaxModel

TEXT = "a = 1\n" * 30 + "def f(x):\n    return x ** ** 2\n" + "b = 2\n" * 30


def _asked(reply: str) -> tuple[CandidatePatch | NoCandidate, ScriptedEngine]:
    engine = ScriptedEngine([reply])
    failure = a_failure(file="a.py", line=32, message="SyntaxError: invalid syntax", code="SyntaxError")
    case = a_case({"a.py": TEXT}, engine, diagnosis=a_diagnosis(failure, category=Category.SYNTAX))
    strategy = SyntaxModel()
    (target,) = strategy.targets(case)
    return asyncio.run(strategy.propose(case, target, sample=0, tried=())), engine


def test_the_answer_replaces_the_lines_around_the_error() -> None:
    """What was not asked about stays, byte for byte."""
    window = "a = 1\n" * 4 + "def f(x):\n    return x ** 2\n" + "b = 2\n" * 4
    patch, engine = _asked(f"```python\n{window}```")

    assert isinstance(patch, CandidatePatch)
    assert patch.edits[0].content == TEXT.replace("** ** 2", "** 2").encode()
    assert len(engine.requests[0].user) < 600


def test_an_answer_that_does_not_parse_or_is_other_code_is_none() -> None:
    """A model that repeats the damage, or tells a story, changes nothing."""
    for reply in ("```python\ndef f(x:\n```", "I can't help with that.", "```python\nprint('hello')\n```"):
        patch, _ = _asked(reply)
        assert isinstance(patch, NoCandidate)
        assert not patch.is_spent
