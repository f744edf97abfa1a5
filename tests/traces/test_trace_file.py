"""`trace.jsonl` holds the whole repair, is complete at any moment, and shows no secret."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes

from selfheal.contract.trace_lines import SpanRecord, TraceRecord, read_trace
from team.repairs import CHECK, GATE_FILES, WRONG_GATES, Patient, gate_answer

SECRET = "hunter2-correct-horse-battery"


def traced(patient: Patient) -> TraceRecord:
    return read_trace((patient.out / "trace.jsonl").read_bytes().splitlines())


@pytest.fixture(scope="module")
def healed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Patient, TraceRecord]:
    patient = Patient(tmp_path_factory.mktemp("healed"), GATE_FILES, CHECK)
    patient.heal([gate_answer("<"), gate_answer("!="), gate_answer("<=")])
    return patient, traced(patient)


def parents(trace: TraceRecord, span: SpanRecord) -> list[str]:
    known = {each.span_id: each for each in trace.spans}
    names = []
    while span.parent_id:
        span = known[span.parent_id]
        names.append(span.name)
    return names


def test_a_repair_is_one_trace_with_everything_below_its_first_span(healed: tuple[Patient, TraceRecord]) -> None:
    """The report names the trace and its first span."""
    patient, trace = healed
    report = patient.report_json()

    assert {span.trace_id for span in trace.spans} == {report["trace_id"]}
    assert trace.unread == 0
    roots = [span for span in trace.spans if not span.parent_id]
    assert [(span.name, span.span_id) for span in roots] == [("repair", report["span_id"])]
    assert all(span.end_ns is not None for span in trace.spans)


def test_every_state_turn_call_run_and_verdict_has_a_span(healed: tuple[Patient, TraceRecord]) -> None:
    """As many as the report counts."""
    patient, trace = healed
    report = patient.report_json()
    named = {kind: [s for s in trace.spans if s.name.startswith(kind)] for kind in ("state ", "invoke_agent ", "chat ")}

    assert [span.text("selfheal.state") for span in named["state "]] == report["path"][:-1]
    assert len(named["invoke_agent "]) == len(report["path"]) - 1
    assert len(named["chat "]) == report["usage"]["model_calls"] == 3
    runs = [span for span in trace.spans if span.name == "command"]
    assert len(runs) == report["usage"]["command_runs"]
    verdicts = [span for span in trace.spans if span.name == "verdict"]
    assert [span.text("selfheal.verdict") for span in verdicts] == [a["verdict"] for a in report["attempts"]]
    assert {"execute_tool reproduce", "execute_tool diagnose", "execute_tool locate"} <= {s.name for s in trace.spans}
    chain = parents(trace, named["chat "][0])
    assert chain == ["invoke_agent fixer", "state propose", "repair"]


def test_spans_speak_the_genai_conventions(healed: tuple[Patient, TraceRecord]) -> None:
    """Every `gen_ai.*` attribute is one of the published names; the rest is ours."""
    _, trace = healed
    published = {value for name, value in vars(gen_ai_attributes).items() if name.startswith("GEN_AI_")}
    operations = {each.value for each in gen_ai_attributes.GenAiOperationNameValues}
    names = {name for span in trace.spans for name in span.attributes}
    own = {name for name in names if name.startswith("selfheal.")} | {"error.type"}

    assert names - own <= published
    assert {span.text("gen_ai.operation.name") for span in trace.spans} - {""} <= operations
    chat = next(span for span in trace.spans if span.name.startswith("chat "))
    assert chat.kind == 3
    assert chat.text("gen_ai.response.finish_reasons") == "stop"
    (message,) = json.loads(chat.text("gen_ai.output.messages"))
    assert message["role"] == "assistant" and "def gate" in message["parts"][0]["content"]


def test_a_candidate_is_linked_to_what_it_came_from(healed: tuple[Patient, TraceRecord]) -> None:
    """Its verdict to the turn and the model's answer; the turn to the verdict that it had seen."""
    _, trace = healed
    known = {span.span_id: span for span in trace.spans}
    last = [span for span in trace.spans if span.name == "verdict"][-1]
    links = {str(link.attributes["selfheal.link"]): known[link.span_id] for link in last.links}

    assert links["proposed_by"].name == "invoke_agent fixer"
    assert links["answered_by"].name.startswith("chat ")
    assert links["answered_by"].parent_id == links["proposed_by"].span_id
    seen = [known[link.span_id] for link in links["proposed_by"].links]
    assert [span.text("selfheal.candidate") for span in seen] == ["2"]


def test_without_reasoning_no_prompt_answer_or_word_of_an_agent_is_recorded(tmp_path: Path) -> None:
    """Numbers, names and verdicts stay."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    patient.heal([gate_answer("<=")], observability={"logging": {"include_agent_reasoning": False}})
    names = {name for span in traced(patient).spans for name in span.attributes}

    assert not names & {
        "gen_ai.system_instructions",
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "selfheal.agent.input",
        "selfheal.agent.output",
        "selfheal.rationale",
    }
    assert {"gen_ai.usage.input_tokens", "selfheal.verdict"} <= names
    assert "passing = amount <= limit" not in (patient.out / "trace.jsonl").read_text().replace("+    passing", "")


KILLED = """\
import sys, os, signal
from pathlib import Path
from selfheal.trace.spans import Tracer

tracer = Tracer(Path(sys.argv[1]), redact=str)
with tracer.span("repair", selfheal__command="make"):
    with tracer.span("state analyse"):
        pass
    with tracer.span("state propose"), tracer.span("invoke_agent fixer", gen_ai__agent__name="fixer"):
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_leaves_what_ended_and_what_was_going_on(tmp_path: Path) -> None:
    """Each span is on disk when it ends, and those that may take long are announced when they begin."""
    file = tmp_path / "trace.jsonl"
    done = subprocess.run([sys.executable, "-c", KILLED, file], check=False)
    trace = read_trace(file.read_bytes().splitlines())

    assert done.returncode == -signal.SIGKILL
    assert [(span.name, span.end_ns is None) for span in trace.spans] == [
        ("repair", True),
        ("state analyse", False),
        ("state propose", True),
        ("invoke_agent fixer", True),
    ]
    assert all("resourceSpans" in json.loads(line) for line in file.read_text().splitlines())


def test_the_environment_can_switch_sending_off_but_not_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`OTEL_SDK_DISABLED` and a sampler that drops everything are about what is sent."""
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    patient.heal([gate_answer("<=")])

    assert len(traced(patient).spans) > 10


def test_texts_are_redacted_and_cut_before_they_are_written(tmp_path: Path) -> None:
    """A secret of the environment, and the middle of a long output, are nowhere in the file."""
    check = f"print('x' * 30000)\nprint('{SECRET}')\n{GATE_FILES['check.py']}"
    patient = Patient(tmp_path, GATE_FILES | {"check.py": check}, CHECK)
    patient.environ = {**patient.environ, "DEPLOY_TOKEN": SECRET}
    patient.heal([gate_answer(one) for one in WRONG_GATES[:2]], max_cycles=1)
    text = (patient.out / "trace.jsonl").read_text()

    assert SECRET not in text
    assert "x" * 20_000 not in text
