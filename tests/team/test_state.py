"""The state moves by events alone."""

import pytest

from builders import a_diagnosis, a_passing_run, a_run, a_suspect
from selfheal.contract.patch import CandidatePatch, FileEdit
from selfheal.contract.report import Outcome
from selfheal.contract.target import Target
from selfheal.contract.verdict import Improved, Invalid, Proved, Unchanged
from selfheal.team.events import (
    CandidateProposed,
    Diagnosed,
    FailureReproduced,
    Judged,
    NothingProposed,
    Routed,
    Stopped,
    SuspectsRanked,
    TargetChosen,
)
from selfheal.team.flow import Fact, State
from selfheal.team.state import RepairState, Spent, advance

TARGET = Target(strategy="rewrite_function", place="pkg/core.py:add", suspect=0, samples=2, uses_model=True)
CANDIDATE = CandidatePatch(strategy="rewrite_function", edits=(FileEdit(path="pkg/core.py", content=b"x"),))


def at_verify() -> RepairState:
    state = RepairState()
    for event in (
        FailureReproduced(runs=(a_run(), a_run()), sandbox="isolated"),
        Diagnosed(diagnosis=a_diagnosis()),
        Routed(fact=Fact.SUSPECTS_WANTED, reason=""),
        SuspectsRanked(suspects=(a_suspect(),)),
        TargetChosen(target=TARGET, reason=""),
        CandidateProposed(candidate=CANDIDATE),
    ):
        state = advance(state, event, spent=Spent())
    return state


def judged(fact: Fact, verdict, tree: str = "t1") -> Judged:
    return Judged(fact=fact, verdict=verdict, tree=tree, diff="--- a\n+++ b\n-x\n+y\n")


def test_versions_are_numbered_and_old_ones_stay():
    """Each event makes a new version; the one before is untouched."""
    first = RepairState()
    second = advance(first, FailureReproduced(runs=(a_run(), a_run()), sandbox="isolated"), spent=Spent())
    assert (first.version, second.version) == (0, 1)
    assert first.last_run is None
    assert second.at is State.ANALYSE


def test_a_rejected_candidate_leaves_feedback_and_an_attempt():
    """What failed is remembered with its cost, for the next prompt and for the report."""
    spent = Spent(model_calls=1, prompt_tokens=300, completion_tokens=40, elapsed_s=5.0)
    verdict = Unchanged(run=a_run(), diagnosis=a_diagnosis())
    state = advance(at_verify(), judged(Fact.CANDIDATE_REJECTED, verdict), spent=spent)
    attempt = state.attempts[0]
    assert (attempt.model_calls, attempt.prompt_tokens, attempt.completion_tokens) == (1, 300, 40)
    assert state.feedback[0].target == TARGET.key
    assert state.tried_trees == ("t1",)
    assert TARGET.key not in state.spent_targets


def test_a_target_is_spent_after_its_samples():
    """The supervisor is never led back to a target that has no samples left."""
    verdict = Unchanged(run=a_run(), diagnosis=a_diagnosis())
    state = advance(at_verify(), judged(Fact.CANDIDATE_REJECTED, verdict), spent=Spent())
    state = advance(state, TargetChosen(target=TARGET, reason=""), spent=Spent())
    assert state.drawn(TARGET) == 2
    state = advance(state, NothingProposed(reason="the same code", is_spent=False), spent=Spent())
    assert TARGET.key in state.spent_targets
    assert state.attempts[-1].verdict == Invalid(reason="").kind


def test_an_improvement_starts_the_search_anew_on_the_new_base():
    """Suspects, targets and feedback belong to a base; the strategies that made the base are kept."""
    verdict = Improved(run=a_run(output="other"), diagnosis=a_diagnosis(), fixed=1, remaining=1)
    state = advance(at_verify(), judged(Fact.CANDIDATE_IMPROVED, verdict), spent=Spent())
    assert (state.base, state.suspects, state.target, state.spent_targets, state.feedback) == (1, None, None, (), ())
    assert state.base_strategies == ("rewrite_function",)
    assert state.last_run is not None
    assert state.last_run.output == "other"


def test_an_improvement_lets_a_tree_be_tried_again():
    """A flickering test may have turned away what all tools make together: reached step by step it is tried anew."""
    rejected = Unchanged(run=a_run(), diagnosis=a_diagnosis())
    state = advance(at_verify(), judged(Fact.CANDIDATE_REJECTED, rejected, tree="joint"), spent=Spent())
    improved = Improved(run=a_run(output="other"), diagnosis=a_diagnosis(), fixed=1, remaining=1)
    state = state.model_copy(update={"at": State.VERIFY})
    state = advance(state, judged(Fact.CANDIDATE_IMPROVED, improved, tree="first step"), spent=Spent())
    assert state.tried_trees == ("first step",)


def test_a_proof_ends_the_repair():
    """After a proof nothing can follow."""
    proof = Proved(before=(a_run(),) * 2, after=(a_passing_run(),) * 2, tests_before=1, tests_after=1)
    state = advance(at_verify(), judged(Fact.CANDIDATE_PROVED, proof), spent=Spent())
    assert state.at is Outcome.HEALED
    assert state.proof == proof
    with pytest.raises(KeyError, match="has ended"):
        advance(state, Stopped(fact=Fact.BUDGET_SPENT, reason=""), spent=Spent())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((a_run(),), (a_passing_run(),) * 2),
        ((a_run(), a_passing_run()), (a_passing_run(),) * 2),
        ((a_run(),) * 2, (a_passing_run(),)),
        ((a_run(),) * 2, (a_passing_run(), a_run())),
    ],
)
def test_a_proof_cannot_be_made_without_its_evidence(before, after):
    """Two failing runs before and two passing runs after are constructor arguments."""
    with pytest.raises(ValueError, match="a proof needs"):
        Proved(before=before, after=after, tests_before=None, tests_after=None)


def test_a_proof_with_fewer_tests_cannot_be_made():
    """Collecting fewer tests than before proves nothing."""
    with pytest.raises(ValueError, match="at least as many"):
        Proved(before=(a_run(),) * 2, after=(a_passing_run(),) * 2, tests_before=3, tests_after=2)
