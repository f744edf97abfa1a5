"""The model's function takes the place of the suspect, with the indentation that it had."""

import pytest

from builders import a_case, a_diagnosis, a_failure, a_suspect
from fakes import ScriptedEngine
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.interface import NoCandidate
from selfheal.fix.other_languages import RewriteOtherFunction

JAVA = (
    "class A {\n    /** Adds. */\n    static int add(int a, int b) {\n        return a - b;\n    }\n\n    int c;\n}\n"
)
TEST = "class ATest {\n    @Test\n    void adds() {\n        assertEquals(3, A.add(1, 2));\n    }\n}\n"
GOOD = "static int add(int a, int b) {\n    return a + b;\n}"


def a_java_case(answer: str):
    """One suspect, a failing test and a model that answers this."""
    suspect = a_suspect(file="A.java", symbol="A.add", first_line=3, last_line=5)
    failure = a_failure(tool="junit", file="ATest.java", line=4, message="expected: <3> but was: <-1>")
    engine = ScriptedEngine([answer])
    return a_case(
        {"A.java": JAVA, "ATest.java": TEST}, engine, suspects=(suspect,), diagnosis=a_diagnosis(failure)
    ), engine


async def proposal(answer: str):
    case, engine = a_java_case(answer)
    (target,) = RewriteOtherFunction().targets(case)
    return await RewriteOtherFunction().propose(case, target, sample=0, tried=()), engine


@pytest.mark.parametrize(
    "answer",
    [
        f"```java\n{GOOD}\n```",
        f"Sure:\n```\nclass A {{\n{GOOD}\n}}\n```\nIt adds now.",
        GOOD,
    ],
    ids=["alone", "in its class", "without a fence"],
)
async def test_the_function_is_taken_from_the_answer(answer):
    """Whatever stands around it; the rest of the file stays as it was."""
    candidate, _ = await proposal(answer)
    assert isinstance(candidate, CandidatePatch)
    assert candidate.edits[0].content.decode() == JAVA.replace("a - b", "a + b")


@pytest.mark.parametrize("answer", ["I can't.", "```java\nint other() { return 1; }\n```", f"```\n{GOOD[:-1]}\n```"])
async def test_an_answer_without_the_function_is_no_candidate(answer):
    """And one that does not parse is none either."""
    candidate, _ = await proposal(answer)
    assert isinstance(candidate, NoCandidate)
    assert not candidate.is_spent


async def test_the_prompt_holds_the_failing_test_and_the_failure():
    """And the function last, since a small model repeats the code that it read last."""
    _, engine = await proposal(GOOD)
    user = engine.requests[0].user
    assert "assertEquals(3, A.add(1, 2))" in user
    assert "expected: <3> but was: <-1>" in user
    assert user.rindex("return a - b") > user.index("expected: <3>")


async def test_a_file_that_changed_meanwhile_has_no_suspect():
    """A suspect whose function is not there any more is spent."""
    case, _ = a_java_case(GOOD)
    (target,) = RewriteOtherFunction().targets(case)
    gone = a_case({"A.java": "class A {}\n"}, suspects=case.suspects, diagnosis=case.diagnosis)
    assert isinstance(await RewriteOtherFunction().propose(gone, target, sample=0, tried=()), NoCandidate)
