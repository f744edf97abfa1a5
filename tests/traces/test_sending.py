"""OTLP reaches a collector; what belongs to the environment reaches only the one that the environment names."""

import json
import logging
from pathlib import Path

import pytest

from collector import Collector, collecting
from selfheal.contract.engine import ModelAnswer, ModelIdentity, ModelRequest
from selfheal.contract.trace_lines import read_trace
from selfheal.observability import Address, ExportPlan, MetricName, ObservabilitySettings, export_plan
from selfheal.trace.forwarding import Forwarder
from selfheal.trace.metering import send_metrics
from selfheal.trace.sending import chosen_only, span_exporter
from selfheal.trace.spans import Tracer
from team.repairs import CHECK, GATE_FILES, Patient, gate_answer

KEY = "api-key=s3cr3t-of-the-operator"


def plan_to(collector: Collector, **environ: str) -> ExportPlan:
    settings = ObservabilitySettings.model_validate(
        {"tracing": {"endpoint": collector.url, "export_interval": "50ms"}} if not environ else {}
    )
    return export_plan(settings, environ)


def a_trace(plan: ExportPlan | None, file: Path | None = None) -> str:
    tracer = Tracer(file, redact=lambda text: text.replace("hunter2", "[redacted]"), plan=plan)
    identity = ModelIdentity(engine="ollama", name="small", digest=None, context_tokens=10)
    with tracer.span("repair", selfheal__command="make hunter2"):
        with tracer.tool("locate"), tracer.chat(ModelRequest("be brief", "fix it", 10), identity) as chat:
            chat.finish(ModelAnswer("done", None, 3, 4, None, 0.1))
        with tracer.span("verdict") as span:
            span.link(tracer.lineage.answer, "answered_by")
    tracer.close()
    assert tracer.trace_id is not None
    return tracer.trace_id


def test_what_a_collector_gets_is_what_the_file_holds(tmp_path: Path) -> None:
    """Span by span: ids, parents, times, attributes, links; redacted in both."""
    file = tmp_path / "trace.jsonl"
    with collecting() as collector:
        trace_id = a_trace(plan_to(collector), file)
    written = {span.span_id: span for span in read_trace(file.read_bytes().splitlines()).spans}
    came = {span.span_id.hex(): span for span in collector.spans}

    assert came.keys() == written.keys() and len(came) == 4
    for span_id, span in came.items():
        known = written[span_id]
        assert span.trace_id.hex() == known.trace_id == trace_id
        assert (span.name, span.parent_span_id.hex()) == (known.name, known.parent_id)
        assert (span.start_time_unix_nano, span.end_time_unix_nano) == (known.start_ns, known.end_ns)
        assert {each.key for each in span.attributes} == set(known.attributes)
        assert [link.span_id.hex() for link in span.links] == [link.span_id for link in known.links]
    assert "hunter2" not in str(collector.spans)
    assert collector.resources[0]["service.name"] == "selfheal"


def test_an_address_of_the_file_gets_no_header_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a pull request writes the file, and could name a server of their own."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", KEY)
    with collecting() as theirs:
        plan = plan_to(theirs)
        a_trace(plan)
    with collecting() as ours:
        a_trace(plan_to(ours, OTEL_EXPORTER_OTLP_ENDPOINT=ours.url))

    assert len(theirs.spans) == len(ours.spans) == 4
    assert not any("api-key" in headers for headers in theirs.headers)
    assert ours.headers[0]["api-key"] == "s3cr3t-of-the-operator"


def test_the_environments_address_comes_before_the_files() -> None:
    """Else a pull request could send away what the operator collects."""
    settings = ObservabilitySettings.model_validate({"tracing": {"endpoint": "https://evil.example"}})
    base = export_plan(settings, {"OTEL_EXPORTER_OTLP_ENDPOINT": "https://good.example/otlp/"})
    own = export_plan(settings, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://good.example/t"})

    assert base.traces == Address("https://good.example/otlp/v1/traces", is_named_by_environment=True)
    assert base.metrics == Address("https://good.example/otlp/v1/metrics", is_named_by_environment=True)
    assert own.traces == Address("https://good.example/t", is_named_by_environment=True)
    assert own.metrics == Address("https://evil.example/v1/metrics", is_named_by_environment=False)


@pytest.mark.parametrize(
    "variables",
    [
        {"OTEL_SDK_DISABLED": "true"},
        {"OTEL_TRACES_EXPORTER": "none"},
        {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
    ],
)
def test_standard_variables_switch_sending_off(variables: dict[str, str]) -> None:
    """And what can't be done is said."""
    plan = export_plan(ObservabilitySettings(), {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", **variables})

    assert plan.traces is None
    assert bool(plan.warning) == ("OTEL_EXPORTER_OTLP_PROTOCOL" in variables)


def test_a_sampler_sends_whole_traces_or_none(tmp_path: Path) -> None:
    """The file has them all the same."""
    with collecting() as collector:
        plan = plan_to(
            collector,
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
            OTEL_TRACES_SAMPLER="parentbased_traceidratio",
            OTEL_TRACES_SAMPLER_ARG="0.5",
        )
        assert plan.share == 0.5
        ids = [a_trace(plan, tmp_path / "trace.jsonl") for _ in range(16)]
    counts = [sum(span.trace_id.hex() == one for span in collector.spans) for one in ids]

    assert set(counts) <= {0, 4}
    assert [count == 4 for count in counts] == [int(one, 16) & (2**64 - 1) < 2**63 for one in ids]


def test_a_collector_that_is_not_there_costs_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The repair does not notice."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.2")
    with caplog.at_level(logging.WARNING):
        a_trace(ExportPlan(Address("http://127.0.0.1:9/v1/traces", True), None, 0.05), tmp_path / "trace.jsonl")

    assert any("export" in record.getMessage().lower() for record in caplog.records)
    assert len(read_trace((tmp_path / "trace.jsonl").read_bytes().splitlines()).spans) == 4


def test_agents_without_a_network_are_forwarded_as_their_file_grows(tmp_path: Path) -> None:
    """Half a line waits for its other half; the same spans come as the agents themselves would have sent."""
    whole = tmp_path / "whole.jsonl"
    a_trace(None, whole)
    data = whole.read_bytes()
    growing = tmp_path / "growing.jsonl"
    growing.write_bytes(data[: len(data) * 2 // 3])
    with collecting() as collector:
        forwarder = Forwarder(growing, span_exporter(Address(f"{collector.url}/v1/traces", False)), redact=str)
        forwarder.step()
        early = len(collector.spans)
        growing.write_bytes(data)
        forwarder.close()

    assert 0 < early < 4
    written = read_trace(data.splitlines()).spans
    assert [s.span_id.hex() for s in sorted(collector.spans, key=lambda s: s.start_time_unix_nano)] == [
        span.span_id for span in written
    ]
    assert [link.span_id.hex() for span in collector.spans for link in span.links] == [
        link.span_id for span in written for link in span.links
    ]


def test_what_a_killed_process_had_begun_ends_as_an_error(tmp_path: Path) -> None:
    """So that a collector has the trace from its root on, and says where it broke off."""
    file = tmp_path / "trace.jsonl"
    a_trace(None, file)
    lines = file.read_text().splitlines(keepends=True)
    ends = [number for number, line in enumerate(lines) if '"name":"repair"' in line or '"name":"verdict"' in line]
    file.write_text("".join(line for number, line in enumerate(lines) if number not in ends))
    with collecting() as collector:
        exporter = span_exporter(Address(f"{collector.url}/v1/traces", False))
        Forwarder(file, exporter, redact=str, clock=lambda: 1 << 62).close()
    came = {span.name: span for span in collector.read}

    assert came.keys() == {"repair", "execute_tool locate", "chat small"}
    assert came["execute_tool locate"].parent_id == came["repair"].span_id
    assert (came["repair"].is_error, came["repair"].end_ns) == (True, 1 << 62)
    assert "had not ended" in came["repair"].error
    assert not came["chat small"].is_error and came["chat small"].end_ns != 1 << 62


def test_what_agents_in_a_container_write_is_a_strangers(tmp_path: Path) -> None:
    """Garbage is left out, secrets are masked once more, and a link in the file's place is not followed."""
    line = {
        "resourceSpans": [
            {
                "scopeSpans": [
                    {
                        "spans": [
                            {"traceId": "0" * 32, "spanId": "1" * 16, "name": "zero", "startTimeUnixNano": "1"},
                            {
                                "traceId": "a" * 32,
                                "spanId": "b" * 16,
                                "name": "hunter2",
                                "startTimeUnixNano": "1",
                                "endTimeUnixNano": "2",
                                "attributes": [
                                    {"key": "k", "value": {"stringValue": "hunter2"}},
                                    {"key": "l", "value": {"arrayValue": {"values": [{"stringValue": "hunter2"}]}}},
                                ],
                            },
                        ]
                    }
                ]
            }
        ]
    }
    file = tmp_path / "trace.jsonl"
    file.write_text("no json\n" + "[" * 100_000 + "\n" + json.dumps(line) + "\n")
    link = tmp_path / "link.jsonl"
    link.symlink_to(file)
    with collecting() as collector:
        exporter = span_exporter(Address(f"{collector.url}/v1/traces", False))
        mask = lambda text: text.replace("hunter2", "[redacted]")  # noqa: E731
        Forwarder(link, exporter, redact=mask).step()
        assert not collector.spans
        Forwarder(file, chosen_only(exporter, 1.0), redact=mask).close()

    (span,) = collector.spans
    assert span.name == "[redacted]"
    assert span.attributes[0].value.string_value == "[redacted]"
    assert span.attributes[1].value.array_value.values[0].string_value == "[redacted]"


def test_a_repair_sends_its_spans_and_its_numbers(tmp_path: Path) -> None:
    """Each metric that is asked for, and no other."""
    names = (MetricName.TOKEN_USAGE_PER_FIX, MetricName.AGENT_RETRY_COUNT, MetricName.REPAIR_SUCCESS_RATE)
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    report = patient.heal([gate_answer("<"), gate_answer("<=")])
    with collecting() as collector:
        send_metrics(report, Address(f"{collector.url}/v1/metrics", False), names)
    came = {metric.name: metric for metric in collector.metrics}

    assert came.keys() == {f"selfheal.{name}" for name in names}
    (retries,) = came["selfheal.agent_retry_count"].sum.data_points
    assert (retries.as_double or retries.as_int) == len(report.attempts) - 1 == 1
    (tokens,) = came["selfheal.token_usage_per_fix"].histogram.data_points
    assert tokens.sum == report.usage.prompt_tokens + report.usage.completion_tokens
    (rate,) = came["selfheal.repair_success_rate"].histogram.data_points
    assert (rate.sum, rate.count) == (1, 1)
    assert {each.key: each.value.string_value for each in rate.attributes}["category"] == "test"
