"""A run that goes wrong says so: in the report, the trace, the summary and the log."""

import json
from pathlib import Path

import pytest

from selfheal.contract.signals import Signal, SignalKind
from selfheal.contract.target import Target
from selfheal.contract.trace_lines import read_trace
from selfheal.team.budget import Budget, Limits
from selfheal.team.events import NothingProposed, TargetChosen
from selfheal.team.flow import Fact, State
from selfheal.team.signals import IDLE_VISITS, Signals
from selfheal.team.state import RepairState
from team.repairs import CHECK, GATE_FILES, WRONG_GATES, Patient, gate_answer

TARGET = Target(strategy="rewrite_function", place="a.py:f", samples=9, uses_model=True)


def test_a_run_without_a_fix_is_exhausted_with_its_numbers(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What was spent of each limit, wherever a person looks."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    report = patient.heal([gate_answer(one) for one in WRONG_GATES[:2]], max_cycles=1)
    (exhausted,) = (each for each in report.signals if each.kind is SignalKind.EXHAUSTION)
    numbers = {measure.name: (measure.value, measure.limit) for measure in exhausted.measures}

    assert numbers["cycles"] == (1, 1)
    assert numbers["tokens"][0] == report.usage.prompt_tokens + report.usage.completion_tokens
    assert "**agent exhaustion**" in patient.written()["summary.md"]
    spans = read_trace(patient.written()["trace.jsonl"].splitlines()).spans
    events = [event.name for span in spans for event in span.events]
    assert "selfheal.agent_exhaustion" in events
    assert "agent_exhaustion" in capfd.readouterr().err


def test_a_model_that_repeats_itself_drifts(tmp_path: Path) -> None:
    """The same answer at each sample."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    report = patient.heal([gate_answer("<")])
    (drifted,) = (each for each in report.signals if each.kind is SignalKind.DRIFT)

    assert drifted.agent == "fixer"
    assert "repeated_answers" in {measure.name for measure in drifted.measures}


def test_a_healed_run_has_no_signal(tmp_path: Path) -> None:
    """Nobody is called for nothing."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)

    assert patient.heal([gate_answer("<"), gate_answer("<=")]).signals == ()


def watched() -> tuple[Signals, list[Signal]]:
    told: list[Signal] = []
    return Signals(Budget(Limits(), clock=lambda: 0.0), told.append), told


def test_coming_back_with_nothing_learnt_is_a_loop() -> None:
    """Told once, with how often; the number goes on."""
    signals, told = watched()
    state = RepairState(at=State.ROUTE, fact=Fact.NOTHING_PROPOSED, reason="no answer", path=("propose", "route"))
    event = NothingProposed(reason="no answer", is_spent=False)
    for _ in range(IDLE_VISITS + 3):
        signals.moved(state, event)

    assert [(each.kind, each.agent) for each in told] == [(SignalKind.LOOP, "supervisor")]
    assert signals.found[0].measures[0].value == IDLE_VISITS + 2


def test_coming_back_with_something_learnt_is_none() -> None:
    """A tree more that was tried, each time."""
    signals, told = watched()
    for number in range(9):
        state = RepairState(at=State.ROUTE, tried_trees=tuple(f"t{n}" for n in range(number)))
        signals.moved(state, TargetChosen(target=TARGET, reason="sample"))

    assert told == []


def test_signals_stand_in_the_report_as_numbers(tmp_path: Path) -> None:
    """For machines: name, value, limit."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    patient.heal([gate_answer("<")], max_cycles=1)
    found = json.loads(patient.written()["report.json"])["signals"]

    assert {each["kind"] for each in found} >= {"agent_exhaustion"}
    assert all(isinstance(measure["value"], float) for each in found for measure in each["measures"])
