"""The model mends what has no exact repair: it sees one statement, and may change no more than that."""

import asyncio

import pytest

from builders import a_case
from fakes import ScriptedEngine
from fix.lint.linted import a_finding, lint
from selfheal.contract.diagnosis import Category
from selfheal.contract.engine import ModelFailure, ModelFault
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.target import Target
from selfheal.fix.interface import NoCandidate
from selfheal.fix.lint.bounds import unacceptable
from selfheal.fix.lint.meanings import Extent, Meaning
from selfheal.fix.lint.model import LintModel

SOURCE = "import shop\n\n\ndef run(job):\n    try:\n        shop.open(job)\n    except Exception:\n        shop.log()\n"
BROAD = a_finding("BLE001", "Do not catch blind exception: `Exception`", line=7, column=12)
MENDED = "try:\n    shop.open(job)\nexcept OSError:\n    shop.log()\n"


def ask(engine, *failures, source=SOURCE, place="all", sample=0, path="pkg/core.py"):
    case = a_case({path: source}, engine, diagnosis=lint(*failures))
    target = Target(strategy="lint_model", place=place, uses_model=True)
    return asyncio.run(LintModel().propose(case, target, sample=sample, tried=()))


def fenced(code):
    return f"Here it is:\n```python\n{code}```\n"


def test_the_model_gets_the_statement_and_the_finding_and_no_more():
    engine = ScriptedEngine([fenced(MENDED)])
    made = ask(engine, BROAD)
    assert isinstance(made, CandidatePatch), made
    (request,) = engine.requests
    assert "def run" not in request.user
    assert "BLE001: Do not catch blind exception" in request.user
    assert made.edits[0].content == SOURCE.replace("Exception", "OSError").encode()


def test_what_the_model_wrote_needs_a_human():
    """A linter proves that the finding is gone, not that the program still does the same."""
    made = ask(ScriptedEngine([fenced(MENDED)]), BROAD)
    assert isinstance(made, CandidatePatch)
    assert made.disposition is Disposition.NEEDS_HUMAN


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (MENDED.replace("OSError:", "OSError:  # noqa: BLE001"), "silences"),
        ("try:\n    shop.open(\n", "not valid Python"),
        (SOURCE.partition("def run(job):\n")[2], "not valid Python"),
        ("try:\n    shop.open(job)\nexcept Exception:\n    shop.log()\n", "same code"),
        ("pass\n" * 12, "more than the finding"),
    ],
)
def test_an_answer_that_silences_breaks_or_changes_too_much_is_not_taken(answer, reason):
    made = ask(ScriptedEngine([fenced(answer)]), BROAD)
    if reason == "not valid Python" and answer.startswith("    "):
        assert isinstance(made, NoCandidate)
        return
    assert isinstance(made, NoCandidate)
    assert reason in made.reason


def test_a_function_keeps_its_name_and_its_arguments():
    meaning = Meaning("", Extent.FUNCTION, 12)
    old = "def run(a, b):\n    return a + b\n"
    assert not unacceptable(
        old, "def run(a, b):\n    return _sum(a, b)\n\n\ndef _sum(a, b):\n    return a + b\n", meaning
    )
    assert "called" in unacceptable(old, "def run(a):\n    return a + 1\n", meaning)
    assert "no function run" in unacceptable(old, "def other(a, b):\n    return a\n", meaning)


def test_calls_are_not_lost():
    old = "open_door()\nring_bell()\nclose_door()\nx = 1\n"
    assert "no longer calls" in unacceptable(old, "x = 2\ny = 3\nz = 4\n", Meaning(""))


def test_a_docstring_is_one_sentence_that_nothing_else_can_hide_in():
    """The model gives a text, the strategy writes the docstring: quotes and escapes can't end it early."""
    engine = ScriptedEngine(['{"docstring": "runs \\"the\\" job\\"\\"\\" + x\\\\"}'])
    missing = a_finding("C0116", "Missing function or method docstring", line=4, column=1, tool="pylint")
    made = ask(engine, missing)
    assert isinstance(made, CandidatePatch)
    added = (made.edits[0].content or b"").decode().splitlines()[4]
    assert added == '    """Run \'the\' job\'\'\' + x/."""'


def test_a_module_is_described_below_its_first_comments():
    engine = ScriptedEngine(['{"docstring": "keeps the shop open"}'])
    missing = a_finding("D100", "Missing docstring in public module")
    made = ask(engine, missing, source="#!/usr/bin/python\nimport os\n")
    assert isinstance(made, CandidatePatch)
    assert made.edits[0].content == b'#!/usr/bin/python\n"""Keep the shop open."""\n\nimport os\n'


def test_several_findings_are_asked_for_one_by_one_and_mended_together():
    second = a_finding("W0719", "Raising too general exception", line=10, tool="pylint")
    source = SOURCE + "\n    raise Exception('closed')\n"
    engine = ScriptedEngine([fenced(MENDED), fenced("raise RuntimeError('closed')\n")])
    made = ask(engine, BROAD, second, source=source)
    assert isinstance(made, CandidatePatch)
    text = (made.edits[0].content or b"").decode()
    assert "except OSError:" in text
    assert "    raise RuntimeError('closed')\n" in text
    assert len(engine.requests) == 2


def test_tests_layout_and_work_to_do_are_no_targets():
    found = (
        BROAD.model_copy(update={"file": "tests/test_core.py"}),
        a_finding("W0511", "TODO: later", tool="pylint"),
        a_finding("E225", "missing whitespace around operator", tool="flake8"),
    )
    assert LintModel().targets(a_case({}, diagnosis=lint(*found))) == ()


def test_other_failures_are_not_the_linters():
    case = a_case({}, diagnosis=lint(BROAD).model_copy(update={"category": Category.TEST}))
    assert LintModel().targets(case) == ()


def test_a_dead_model_ends_the_target():
    dead = ModelFailure(ModelFault.UNREACHABLE, "no server answers", is_final=True)
    made = ask(ScriptedEngine([dead]), BROAD)
    assert made == NoCandidate("no server answers", is_spent=True)


def test_code_that_is_too_long_is_not_asked_about():
    source = "x = [\n" + "    1,\n" * 200 + "]\n"
    engine = ScriptedEngine(["nothing"])
    made = ask(engine, a_finding("RUF012", "Mutable default value", line=5), source=source)
    assert isinstance(made, NoCandidate)
    assert not engine.requests
