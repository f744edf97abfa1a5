"""The strategies' view of a repair."""

from types import SimpleNamespace
from typing import Any

from builders import a_diagnosis, a_failure, a_suspect
from fakes import tree_of
from selfheal.contract.trials import CoveredTest, Spectrum
from selfheal.team.cases import CaseMaker


def a_test(name: str, *, has_failed: bool) -> CoveredTest:
    return CoveredTest(test_id=f"t.py::{name}", has_failed=has_failed, cpu_s=0.1, lines=(("m.py", (2,)),))


def test_a_case_is_narrowed_to_some_of_the_failing_tests() -> None:
    """Their failures and what they ran, with what passes left as it is, and the suspects of those alone."""
    names = ("one", "two", "three")
    diagnosis = a_diagnosis(*(a_failure(test_id=f"t.py::{name}") for name in names))
    tests = (*(a_test(name, has_failed=True) for name in names), a_test("good", has_failed=False))
    asked: list[tuple[Any, Any]] = []

    def suspects_of(*given: Any, most: int = 1) -> tuple[Any, ...]:
        asked.append(given)
        return (a_suspect(symbol="f"), a_suspect(symbol="further"))[:most] if most > 1 else (a_suspect(symbol="other"),)

    toolbox: Any = SimpleNamespace(
        command="pytest -q",
        tree=lambda: tree_of({}),
        base=None,
        warm_tests=None,
        spectrum=Spectrum(tests=tests),
        changed_lines=tuple,
        suspects_of=suspects_of,
    )
    engine: Any = SimpleNamespace(ask=None, tells_likelihood=False)
    state: Any = SimpleNamespace(diagnosis=diagnosis, suspects=(a_suspect(symbol="f"),), hint="")
    maker = CaseMaker(toolbox, engine, seed=1)
    case = maker.case(state)
    assert not asked, "nobody has asked for it"
    narrowed = case.narrowed(["t.py::two"])
    assert [one.test_id for one in narrowed.diagnosis.failures] == ["t.py::two"]
    assert narrowed.spectrum is not None
    assert [one.test_id for one in narrowed.spectrum.tests] == ["t.py::two", "t.py::good"]
    assert [one.symbol for one in narrowed.suspects] == ["other"]
    assert case.narrowed(["t.py::two"]) is narrowed, "nothing has changed"
    assert asked == [(narrowed.diagnosis, narrowed.spectrum)]
    wide = case.widened()
    assert [one.symbol for one in wide.suspects] == ["f", "further"]
    assert wide.diagnosis is case.diagnosis
    assert [one.symbol for one in case.suspects] == ["f"]
    assert maker.case(state) is case, "what was worked out of it is not worked out twice"
    assert case.once("edits", lambda: "ranked") == "ranked"
    assert not case.tells_likelihood()
    engine.tells_likelihood = True
    again = maker.case(state)
    assert again.tells_likelihood()
    assert again.once("edits", lambda: "anew") == "ranked", "that the engine has started changes nothing of it"
    assert maker.case(state) is again
    state.hint = "a release broke it"
    assert maker.case(state).once("edits", lambda: "anew") == "anew"
