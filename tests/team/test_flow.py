"""The state machine is complete and can't run in circles unseen."""

import pytest

from selfheal.contract.report import Outcome
from selfheal.team.flow import SPEAKER, TRANSITIONS, Fact, State, after, mermaid


def test_every_state_has_a_speaker():
    """No state can be reached in which nobody speaks."""
    assert set(SPEAKER) == set(State)


def test_every_state_can_be_reached_and_left():
    """Each state but the first is some fact's target, and each leads to at least one outcome in the end."""
    targets = {target for target in TRANSITIONS.values() if isinstance(target, State)}
    assert targets | {State.REPRODUCE} == set(State)
    ends = {state for (state, _), target in TRANSITIONS.items() if isinstance(target, Outcome)}
    assert ends == set(State)


def test_every_outcome_is_reachable():
    """A report can end in each outcome that its schema names."""
    assert {target for target in TRANSITIONS.values() if isinstance(target, Outcome)} == set(Outcome)


def test_only_a_proof_heals():
    """`healed` has exactly one way in: a proved candidate, said by the verifier."""
    ways = [key for key, target in TRANSITIONS.items() if target is Outcome.HEALED]
    assert ways == [(State.VERIFY, Fact.CANDIDATE_PROVED)]


def test_every_fact_is_used():
    """No fact is declared that nothing can follow."""
    assert {fact for _, fact in TRANSITIONS} == set(Fact)


def test_a_fact_that_cannot_happen_is_an_error():
    """A wrong event is never silently ignored."""
    with pytest.raises(KeyError):
        after(State.ROUTE, Fact.CANDIDATE_PROVED)


def test_the_diagram_shows_every_ordinary_transition():
    """The drawn flow is the real one."""
    drawn = mermaid()
    for (state, fact), target in TRANSITIONS.items():
        if fact not in (Fact.BUDGET_SPENT, Fact.AGENT_FAILED):
            assert f"{state} --> {target}: {fact}" in drawn
