"""The budget is hard."""

import pytest

from selfheal.errors import BudgetSpent
from selfheal.team.budget import Budget, Limits


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_prompt_that_does_not_fit_is_refused_before_it_is_sent():
    """Tokens are checked with a reserve for the answer."""
    budget = Budget(Limits(max_tokens=1000), clock=Clock())
    with pytest.raises(BudgetSpent, match="--max-tokens") as caught:
        budget.permit_model(prompt_tokens=950, max_tokens=100)
    assert caught.value.limit == "tokens"


def test_the_answer_is_cut_to_what_is_left():
    """An answer may use only what the prompt leaves."""
    budget = Budget(Limits(max_tokens=1000), clock=Clock())
    assert budget.permit_model(prompt_tokens=800, max_tokens=500) == 200
    budget.charge_tokens(700)
    with pytest.raises(BudgetSpent):
        budget.permit_model(prompt_tokens=250, max_tokens=10)


def test_a_command_gets_no_more_than_the_time_left():
    """A command's limit is the smaller of what it wants and what is left."""
    clock = Clock()
    budget = Budget(Limits(max_seconds=100), clock=clock)
    assert budget.permit_command(30) == 30
    clock.now += 90
    assert budget.permit_command(30) == 10
    clock.now += 9.5
    with pytest.raises(BudgetSpent, match="--max-seconds"):
        budget.permit_command(30)


def test_time_is_checked_before_a_model_call_too():
    """A repair does not start an answer that it has no time to read."""
    clock = Clock()
    budget = Budget(Limits(max_seconds=10), clock=clock)
    clock.now += 10
    with pytest.raises(BudgetSpent, match="--max-seconds"):
        budget.permit_model(prompt_tokens=1, max_tokens=100)


def test_cycles_are_counted():
    """The sixth of five cycles is refused."""
    budget = Budget(Limits(max_cycles=2), clock=Clock())
    budget.begin_cycle()
    budget.begin_cycle()
    with pytest.raises(BudgetSpent, match="--max-cycles"):
        budget.begin_cycle()
