"""Targets, hand-overs and hostile input of the exact repairs of types."""

import sys
from pathlib import Path

import pytest

from builders import a_case, a_diagnosis, a_failure
from fakes import FakeTransformer
from fix.types.checked import Checked
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.contract.tree import MemoryTree
from selfheal.fix.interface import NoCandidate
from selfheal.fix.types.repairs import REPAIRS
from selfheal.fix.types.type_repair import TypeRepair


def found(**changes):
    facts = {"tool": "mypy", "code": "attr-defined", "file": "a.py", "line": 1, "message": '"A" has no attribute "b"'}
    return a_failure(**facts | changes)


def case_of(*failures, files=None, **changes):
    return a_case(files or {"a.py": "x = 1\n"}, diagnosis=a_diagnosis(*failures), **changes)


def test_all_findings_come_first_then_a_code_then_each():
    """A candidate costs a run of the user's command."""
    case = case_of(found(), found(line=2), found(line=3, code="union-attr"))
    places = [target.place for target in TypeRepair().targets(case)]
    assert places[:2] == ["all", "code:attr-defined"]
    assert len(places) == 5


def test_other_tools_findings_are_no_targets():
    """A linter's and a test's failures are for others."""
    assert TypeRepair().targets(case_of(found(tool="ruff"), found(tool="pytest", code=None))) == ()


async def test_missing_stubs_are_handed_over_by_name():
    """Which distribution is missing is known; adding it is the dependency agent's work."""
    message = 'Library stubs not installed for "yaml"\nnote: Hint: "python3 -m pip install types-PyYAML"'
    case = case_of(found(code="import-untyped", message=message))
    (target,) = TypeRepair().targets(case)
    outcome = await TypeRepair().propose(case, target, sample=0, tried=())
    assert isinstance(outcome, NoCandidate)
    assert "types-PyYAML" in outcome.reason


HOSTILE = {
    "no such file": {"file": "gone.py"},
    "outside": {"file": "../../etc/passwd"},
    "no such line": {"line": 10_000_000},
    "not Python": {"file": "broken.py"},
    "not UTF-8": {"file": "latin.py"},
    "too big": {"file": "big.py"},
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_place_that_cannot_be_read_is_no_candidate(name: str):
    """Whatever a log names, a rule says why it can't mend that."""
    tree = MemoryTree(
        {
            "a.py": b"def f(a, b):\n    return a.b\n",
            "broken.py": b"def f(:\n",
            "latin.py": b"x = '\xff'\n",
            "big.py": b"x = 1\n" * 300_000,
        }
    )
    message = 'Name "x" is not defined; "A" has no attribute "b"; Argument 1 to "f" has incompatible type "int"'
    failures = [found(code=code, message=message, **HOSTILE[name]) for code in REPAIRS]
    case = case_of(*failures, tree=tree)
    for target in TypeRepair().targets(case):
        outcome = await TypeRepair().propose(case, target, sample=0, tried=())
        assert isinstance(outcome, NoCandidate), outcome


async def test_a_rule_never_writes_any_or_an_ignore():
    """Where the checker knows only `Any`, that it is an object is all that can be said."""
    said = 'a.py:2:13: note: Revealed type is "Any"\n'
    transformer = FakeTransformer(lambda command: (), output=said)
    failure = found(code="no-untyped-def", message="Function is missing a return type annotation")
    case = case_of(failure, files={"a.py": "def f(x: int):\n    return g(x)\n"}, transformer=transformer)
    outcome = await TypeRepair().propose(case, TypeRepair().targets(case)[0], sample=0, tried=())
    assert isinstance(outcome, CandidatePatch)
    assert outcome.edits[0].content == b"def f(x: int) -> object:\n    return g(x)\n"


async def test_what_the_checker_reveals_is_asked_once_for_all():
    """One run of the checker answers all findings' questions."""
    text = "def f(x: int):\n    return x\n\n\ndef g(x: int):\n    return [x]\n"
    said = 'a.py:2:13: note: Revealed type is "builtins.int"\n'
    said += 'a.py:6:13: note: Revealed type is "builtins.list[builtins.int]"\n'
    transformer = FakeTransformer(lambda command: (), output=said)
    message = "Function is missing a return type annotation"
    failures = [found(code="no-untyped-def", message=message, line=line) for line in (1, 5)]
    case = case_of(*failures, files={"a.py": text}, transformer=transformer)
    outcome = await TypeRepair().propose(case, TypeRepair().targets(case)[0], sample=0, tried=())
    assert isinstance(outcome, CandidatePatch)
    assert (
        outcome.edits[0].content
        == text.replace("g(x: int)", "g(x: int) -> list[int]").replace("f(x: int):", "f(x: int) -> int:").encode()
    )
    assert len(transformer.commands) == 2


async def test_the_projects_tests_choose_among_guesses(tmp_path: Path):
    """What passes the checker and the tests comes first, whichever is the likelier by rule."""
    files = {
        "a.py": "def f(x: int) -> int:\n    y = x + 1\n    z = x + 2\n    if z > 5:\n        print(z)\n",
        "test_a.py": "from a import f\n\n\ndef test_f() -> None:\n    assert f(1) == 2\n",
    }
    project = Checked(tmp_path, files, f"{sys.executable} -m mypy --strict a.py")
    assert await project.heal(), project.reasons
    assert project.text("a.py").endswith("        print(z)\n    return y\n")
    assert len(project.candidates) == 1
    assert not project.reasons


async def test_without_tests_the_likeliest_guess_comes_first(tmp_path: Path):
    """A project that has none is healed all the same."""
    text = "def f(x: int) -> int:\n    y = x + 1\n    z = x + 2\n    if z > 5:\n        print(z)\n"
    project = Checked(tmp_path, {"a.py": text}, f"{sys.executable} -m mypy --strict a.py")
    assert await project.heal(), project.reasons
    assert project.candidates[0].disposition is Disposition.NEEDS_HUMAN


async def test_none_in_means_none_out_where_the_tests_say_so(tmp_path: Path):
    """A guard that raises is the likeliest by rule; the tests know better."""
    files = {
        "a.py": "def f(x: int) -> str:\n    return str(x)\n\n\n"
        "def g(x: int | None) -> tuple[bool, str | None]:\n    return False, f(x)\n",
        "test_a.py": "from a import g\n\n\ndef test_g() -> None:\n    assert g(None) == (False, None)\n",
    }
    project = Checked(tmp_path, files, f"{sys.executable} -m mypy --strict a.py")
    assert await project.heal(), project.reasons
    assert project.text("a.py").endswith("    if x is None:\n        return False, None\n    return False, f(x)\n")
