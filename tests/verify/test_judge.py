"""A candidate is worth what the command says, and nothing is believed once."""

import pytest

from builders import a_diagnosis, a_failure, a_run
from selfheal.contract.command import Ending
from selfheal.contract.diagnosis import Category
from selfheal.contract.policy.interface import Violation
from selfheal.contract.verdict import Improved, Proved, Refused, Unchanged, Unstable, Worse
from verify.benches import Trial, passed

A = a_failure(test_id="t.py::test_a")
B = a_failure(test_id="t.py::test_b")
RED = a_run(output="1 failed, 2 passed in 0.1s")
ELSE = a_run(output="1 failed, 2 passed in 0.2s")


async def test_a_cheat_is_refused_before_anything_runs():
    """The policy reads the patch; a cheat never gets the chance to pass."""
    trial = Trial(violations=(Violation(rule="new-skip", path="t.py", line=1, message="m"),))
    verdict = await trial.judge()
    assert isinstance(verdict, Refused)
    assert trial.asked == []


async def test_a_proof_is_two_passes():
    """Both runs are kept as evidence, with the two that failed before."""
    trial = Trial(runs=[passed(), passed()])
    verdict = await trial.judge()
    assert isinstance(verdict, Proved)
    assert (len(verdict.before), len(verdict.after), len(trial.asked)) == (2, 2, 2)
    assert (verdict.tests_before, verdict.tests_after) == (3, 3)


async def test_one_pass_is_no_proof():
    """Passing and failing on the same tree is unstable."""
    assert isinstance(await Trial(runs=[passed(), RED]).judge(), Unstable)


async def test_the_same_failure_is_unchanged():
    """After one run: a second one would say the same."""
    trial = Trial(runs=[RED])
    assert isinstance(await trial.judge(), Unchanged)
    assert len(trial.asked) == 1


async def test_mending_one_and_breaking_another_is_worse():
    """The counts are equal, the failures are not."""
    trial = Trial(runs=[ELSE], diagnosis=a_diagnosis(A), diagnoses={ELSE.output: a_diagnosis(B)})
    verdict = await trial.judge()
    assert isinstance(verdict, Worse)
    assert verdict.reason == "1 new failures"


async def test_one_of_two_is_progress():
    """What is left was there before."""
    trial = Trial(runs=[ELSE], diagnosis=a_diagnosis(A, B), diagnoses={ELSE.output: a_diagnosis(B)})
    verdict = await trial.judge()
    assert isinstance(verdict, Improved)
    assert (verdict.fixed, verdict.remaining) == (1, 1)


@pytest.mark.parametrize("command", ["ruff check . && mypy pkg && pytest -q", "make check", "tox", "npm test"])
async def test_a_later_stage_that_shows_up_is_progress(command):
    """ruff is content at last, and now mypy speaks: nobody broke anything. `make check` holds such a chain unseen."""
    lint = a_diagnosis(a_failure(tool="ruff", code="F401", file="a.py"), category=Category.LINT)
    types = a_diagnosis(a_failure(tool="mypy", code="attr-defined", file="b.py"), category=Category.TYPES)
    trial = Trial(
        runs=[ELSE], command=command, before=a_run(output="F401"), diagnosis=lint, diagnoses={ELSE.output: types}
    )
    verdict = await trial.judge()
    assert isinstance(verdict, Improved)
    assert verdict.remaining == 1


async def test_a_new_finding_of_the_same_stage_is_worse():
    """ruff finds something else instead: the candidate did that."""
    before = a_diagnosis(a_failure(tool="ruff", code="F401", message="unused"), category=Category.LINT)
    after = a_diagnosis(a_failure(tool="ruff", code="F821", message="undefined name"), category=Category.LINT)
    trial = Trial(
        runs=[ELSE],
        command="ruff check . && mypy pkg",
        before=a_run(output="F401"),
        diagnosis=before,
        diagnoses={ELSE.output: after},
    )
    assert isinstance(await trial.judge(), Worse)


@pytest.mark.parametrize("flags", ["-x", "--maxfail=1", "-xvs", "-qx"])
async def test_the_next_failure_of_a_run_that_stops_at_the_first_is_progress(flags):
    """`pytest -x` gets further than before: the failure that it meets there was hidden."""
    further = a_run(output="1 failed, 5 passed in 0.2s")
    trial = Trial(
        runs=[further],
        command=f"pytest {flags}",
        diagnosis=a_diagnosis(A),
        diagnoses={further.output: a_diagnosis(B)},
    )
    assert isinstance(await trial.judge(), Improved)


async def test_a_run_that_stops_at_the_first_and_gets_no_further_is_worse():
    """An earlier test fails now."""
    trial = Trial(runs=[ELSE], command="pytest -x", diagnosis=a_diagnosis(A), diagnoses={ELSE.output: a_diagnosis(B)})
    assert isinstance(await trial.judge(), Worse)


async def test_a_new_collection_error_is_worse():
    """The failing test is gone only because its file no longer loads."""
    broken = a_diagnosis(a_failure(test_id="t.py", message="ImportError"), category=Category.TEST)
    verdict = await Trial(runs=[ELSE], diagnosis=a_diagnosis(A), diagnoses={ELSE.output: broken}).judge()
    assert isinstance(verdict, Worse)
    assert "before the tests" in verdict.reason


async def test_a_candidate_that_does_not_end_is_worse():
    """Endless loops are common; one run shows it."""
    trial = Trial(runs=[a_run(ending=Ending.TIMED_OUT, exit_code=124, wall_s=12.0)])
    verdict = await trial.judge()
    assert isinstance(verdict, Worse)
    assert verdict.reason == "it no longer ends (12 s)"
    assert len(trial.asked) == 1


@pytest.mark.parametrize("words", ["2 passed in 0.1s", "no words at all"])
async def test_fewer_tests_are_refused_although_it_passes(words):
    """Passing by collecting less, or by no longer telling, is a cheat."""
    verdict = await Trial(runs=[passed(words), passed(words)]).judge()
    assert isinstance(verdict, Refused)
    assert verdict.violations[0].rule == "tests-collected"


@pytest.mark.parametrize("words", ["2 passed, 1 skipped in 0.1s", "2 passed, 1 xfailed in 0.1s"])
@pytest.mark.parametrize("command", ["pytest -q", "make test", "pytest -q && echo done"])
async def test_more_skips_are_refused_although_it_passes(words, command):
    """The failing test must run, however the command calls it."""
    verdict = await Trial(runs=[passed(words), passed(words)], command=command).judge()
    assert isinstance(verdict, Refused)
    assert verdict.violations[0].rule == "tests-skipped"


async def test_the_second_pass_is_counted_too():
    """A patch can't pass honestly once and cheat then."""
    verdict = await Trial(runs=[passed(), passed("2 passed in 0.1s")]).judge()
    assert isinstance(verdict, Refused)


async def test_skips_behind_an_early_stop_are_no_cheat():
    """With -x the tests after the failure had not run yet, so nobody knew of their skips."""
    verdict = await Trial(
        runs=[passed("5 passed, 2 skipped in 0.1s")] * 2,
        command="pytest -x",
        before=a_run(output="collected 7 items\n1 failed, 2 passed in 0.1s"),
    ).judge()
    assert isinstance(verdict, Proved)


async def test_more_tests_are_welcome():
    """A file that loads again brings its tests back."""
    verdict = await Trial(runs=[passed("9 passed, 1 skipped in 0.1s")] * 2).judge()
    assert isinstance(verdict, Proved)


async def test_the_limit_is_learnt_from_the_failing_runs():
    """A candidate gets a few times what the failing run took, never more than the caller allows."""
    quick, bounded, early = Trial(runs=[RED]), Trial(runs=[RED], longest_s=5.0), Trial(runs=[RED], command="pytest -x")
    for trial in (quick, bounded, early):
        await trial.judge()
    assert quick.asked[0][1] == 10 + 4 * RED.wall_s
    assert bounded.asked[0][1] == 5.0
    assert early.asked[0][1] > quick.asked[0][1]


async def test_other_packages_get_the_time_that_their_first_import_takes():
    """The failing run ended at its first import: it says little, and a new environment has nothing compiled."""
    trial = Trial(runs=[RED], is_in_new_environment=True)
    await trial.judge()
    assert trial.asked[0][1] == 60 + 10 * RED.wall_s


async def test_a_slow_command_is_narrowed_first():
    """The failing test alone tells a wrong candidate; the whole is never started for it."""
    slow = a_run(output=RED.output, wall_s=30.0)
    trial = Trial(runs=[ELSE], before=slow, diagnosis=a_diagnosis(A), diagnoses={ELSE.output: a_diagnosis(A)})
    assert isinstance(await trial.judge(), Unchanged)
    assert [command for command, _ in trial.asked] == ["pytest -q t.py::test_a"]


async def test_a_narrow_pass_is_no_proof():
    """The whole command follows, twice."""
    slow = a_run(output=RED.output, wall_s=30.0)
    trial = Trial(runs=[passed("1 passed in 0.1s"), passed(), passed()], before=slow, diagnosis=a_diagnosis(A))
    assert isinstance(await trial.judge(), Proved)
    assert [command for command, _ in trial.asked] == ["pytest -q t.py::test_a", "pytest -q", "pytest -q"]


async def test_a_narrow_run_that_says_nothing_is_not_believed():
    """pytest refuses the part (a plugin, a configuration): the whole command decides."""
    slow, usage = a_run(output=RED.output, wall_s=30.0), a_run(exit_code=4, output="ERROR: usage")
    said_nothing = a_diagnosis(a_failure(test_id=None, message="usage"))
    trial = Trial(
        runs=[usage, passed(), passed()],
        before=slow,
        diagnosis=a_diagnosis(A),
        diagnoses={usage.output: said_nothing},
    )
    assert isinstance(await trial.judge(), Proved)
