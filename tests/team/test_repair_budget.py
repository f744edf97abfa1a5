"""A repair spends what it was given and no more, and what it found out by then is kept."""

import pytest

from selfheal.contract.report import Outcome
from team.repairs import CHECK, GATE_FILES, WRONG_GATES, Patient, gate_answer


class HandClock:
    """A clock that stands still until somebody turns it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("limits", "calls", "words"),
    [
        ({"max_cycles": 0}, 0, "raise --max-cycles"),
        ({"max_cycles": 1}, None, "raise --max-cycles"),
        ({"max_tokens": 0}, 0, "raise --max-tokens"),
        ({"max_tokens": 120}, 0, "raise --max-tokens"),
        ({"max_tokens": 700}, None, "raise --max-tokens"),
    ],
    ids=["no-cycle", "one-cycle", "no-token", "no-room", "few-tokens"],
)
def test_a_spent_budget_ends_exhausted_with_the_diagnosis(tmp_path, limits, calls, words):
    """The message names the option to raise; nothing was asked beyond the limit; a person is told where to look."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    report = patient.heal([gate_answer(op) for op in WRONG_GATES], **limits)
    assert report.outcome is Outcome.EXHAUSTED
    assert words in report.summary
    assert report.diagnosis is not None
    assert report.diagnosis.failures[0].file == "gate.py"
    assert any("gate.py" in step for step in report.next_steps)
    assert report.usage.model_calls == len(patient.engine.requests)
    if calls is not None:
        assert report.usage.model_calls == calls
    if "max_tokens" in limits:
        assert report.usage.prompt_tokens + report.usage.completion_tokens <= limits["max_tokens"]


def test_the_answer_may_never_be_longer_than_the_tokens_left(tmp_path):
    """The reserve for the answer is part of the permit."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    patient.heal([gate_answer(op) for op in WRONG_GATES], max_tokens=700)
    spent = 0
    for request in patient.engine.requests:
        assert spent + request.max_tokens <= 700
        spent += (len(request.system) + len(request.user)) // 4


def test_the_clock_is_looked_at_before_each_command(tmp_path):
    """A model that thinks for too long: its answer is not even tried."""
    clock = HandClock()

    def slow(request):
        clock.now += 1000
        return gate_answer("<=")

    report = Patient(tmp_path, GATE_FILES, CHECK).heal([slow], clock=clock, max_seconds=600)
    assert report.outcome is Outcome.EXHAUSTED
    assert "raise --max-seconds" in report.summary
    assert report.diagnosis is not None
    assert report.usage.command_runs == 2
    assert report.usage.wall_s >= 1000


def test_the_model_gets_no_more_time_than_there_is(tmp_path):
    """The limit of a call is the rest of the budget where that is less."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    patient.heal([gate_answer("<=")], clock=HandClock(), max_seconds=40)
    assert [request.timeout_s for request in patient.engine.requests] == [40]
