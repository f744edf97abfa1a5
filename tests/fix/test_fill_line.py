"""One statement is taken out, and what the model writes there is a candidate where it differs."""

import ast
import textwrap

import pytest

from builders import a_case, a_suspect
from fakes import ScriptedEngine
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.fill_line import FillLine, holes_of, statement_of
from selfheal.fix.interface import NoCandidate

SOURCE = textwrap.dedent('''\
    def rate(quantity):
        """Return the rate: 10 from 50 on."""
        if quantity > 50:
            return 10
        return 0
    ''')
SUSPECT = a_suspect(symbol="rate", first_line=1, last_line=5)


async def fill(answer: str, sample: int = 0):
    engine = ScriptedEngine([answer])
    case = a_case({"pkg/core.py": SOURCE}, engine, suspects=(SUSPECT,))
    (target,) = FillLine().targets(case)
    return await FillLine().propose(case, target, sample=sample, tried=()), engine


def test_every_statement_but_the_docstring_is_a_hole():
    """Heads of compound statements and whole simple statements, in the order of the source."""
    function = ast.parse(SOURCE).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert [(h.first_line, h.is_head) for h in holes_of(function)] == [(3, True), (4, False), (5, False)]


async def test_the_statement_is_not_shown():
    """What stood there can't be copied; the rest of the function is there."""
    _, engine = await fill("if quantity >= 50:")
    prompt = engine.requests[0].user
    assert "quantity > 50" not in prompt
    assert "# ??? the lost line" in prompt
    assert "return 10" in prompt


@pytest.mark.parametrize(
    "answer", ["if quantity >= 50:", "```python\nif quantity >= 50\n```", "    if quantity >= 50:\n"]
)
async def test_the_line_goes_back_indented(answer):
    """Fences, indentation and a missing colon are no obstacle."""
    candidate, _ = await fill(answer)
    assert isinstance(candidate, CandidatePatch)
    assert candidate.edits[0].content == SOURCE.replace("> 50", ">= 50").encode()


async def test_a_whole_function_is_taken_too():
    """Small models often answer with the function around the line; its change is as good."""
    candidate, _ = await fill(f"```python\n{SOURCE.replace('> 50', '>= 50')}```")
    assert isinstance(candidate, CandidatePatch)
    assert candidate.edits[0].content == SOURCE.replace("> 50", ">= 50").encode()


@pytest.mark.parametrize("answer", ["if quantity > 50:", "if (quantity > 50):", "", "return ((", "# nothing"])
async def test_an_answer_that_changes_nothing_or_does_not_fit_is_a_reason(answer):
    """The same statement in another form, nothing, or what does not parse costs no run of the command."""
    outcome, _ = await fill(answer)
    assert isinstance(outcome, NoCandidate)
    assert not outcome.is_spent


async def test_the_samples_end_with_the_statements():
    """There are as many samples as statements, and no more."""
    outcome, _ = await fill("return 1", sample=3)
    assert isinstance(outcome, NoCandidate)
    assert outcome.is_spent


def test_a_statement_over_several_lines_is_compared_as_one():
    """Layout is no difference."""
    assert statement_of("return (1 + 2)", "    return (\n        1 + 2\n    )\n", is_head=False) is None


@pytest.mark.parametrize(
    ("answer", "is_head", "expected"),
    [
        ("The lost line should be `return 10`.", False, "    return 10\n"),
        ("The function `rate` lost `if quantity >= 50:` there.", True, "    if quantity >= 50:\n"),
        ("Here `elif quantity >= 50` is missing", True, "    elif quantity >= 50:\n"),
        ("Look at `rate`.", False, "    Look at `rate`.\n"),
        ("It is\n```python\nreturn 10\n```", False, "    return 10\n"),
    ],
)
def test_code_is_taken_out_of_the_words_around_it(answer, is_head, expected):
    """What they quote, where it does something; words alone stay what they are, and do not parse."""
    assert statement_of(answer, "    if quantity > 50:\n" if is_head else "    return 0\n", is_head=is_head) == expected
