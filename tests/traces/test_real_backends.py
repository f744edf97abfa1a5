"""A repair's trace, sent by OTLP to real backends and read back through their own interfaces, span by span."""

import time
from pathlib import Path
from typing import Any

import pytest

from collector import collecting
from selfheal.contract.trace_lines import SpanRecord, read_trace
from selfheal.observability import ObservabilitySettings, export_plan
from team.repairs import CHECK, GATE_FILES, Patient, gate_answer
from traces.backends import HOW, asked, collector, collector_program, phoenix, phoenix_python


def repaired(place: Path, url: str) -> dict[str, SpanRecord]:
    """Heal a project with a collector at the address; what the file holds, by the spans' ids."""
    settings = ObservabilitySettings.model_validate({"tracing": {"endpoint": url, "export_interval": "200ms"}})
    patient = Patient(place, GATE_FILES, CHECK)
    patient.heal([gate_answer("<"), gate_answer("<=")], telemetry=export_plan(settings, {}))
    trace = read_trace((patient.out / "trace.jsonl").read_bytes().splitlines())
    assert trace.unread == 0
    return {span.span_id: span for span in trace.spans}


@pytest.mark.skipif(collector_program() is None, reason=f"OpenTelemetry's collector is missing: {HOW}")
def test_a_real_collector_holds_what_the_file_holds(tmp_path: Path) -> None:
    """Ids, names, parents, times, attributes, links and events, as the collector hands them on."""
    with collecting() as sink:
        with collector(sink.url) as url:
            written = repaired(tmp_path, url)
            while len(sink.read) < len(written):
                time.sleep(0.05)
        came = {span.span_id: span for span in sink.read}

    assert came.keys() == written.keys()
    for span_id, span in written.items():
        assert came[span_id] == span


@pytest.mark.skipif(phoenix_python() is None, reason=f"Arize Phoenix is missing: {HOW}")
def test_a_real_phoenix_shows_what_the_file_holds(tmp_path: Path) -> None:
    """Ids, names, parents, attributes and tokens, through its REST interface."""
    with phoenix() as url:
        written = repaired(tmp_path, url)
        while len(came := _spans(url)) < len(written):
            time.sleep(0.2)

    assert came.keys() == written.keys()
    for span_id, span in written.items():
        shown = came[span_id]
        assert (shown["name"], shown["parent_id"] or "") == (span.name, span.parent_id)
        assert shown["context"]["trace_id"] == span.trace_id
        told = _flat(shown["attributes"])
        lost = [name for name in span.attributes if name.startswith(("selfheal.", "gen_ai.")) and name not in told]
        assert lost == []
    chats = [came[span_id] for span_id, span in written.items() if span.name.startswith("chat ")]
    assert [_flat(chat["attributes"])["gen_ai.usage.input_tokens"] for chat in chats] == [
        span.attributes["gen_ai.usage.input_tokens"] for span in written.values() if span.name.startswith("chat ")
    ]


def _spans(url: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    cursor = ""
    while cursor is not None:
        page = asked(f"{url}/v1/projects/default/spans?limit=1000{f'&cursor={cursor}' if cursor else ''}")
        found |= {span["context"]["span_id"]: span for span in page["data"]}
        cursor = page.get("next_cursor")
    return found


def _flat(attributes: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Whether the names are nested or not."""
    found: dict[str, Any] = {}
    for name, value in attributes.items():
        found[above + name] = value
        if isinstance(value, dict):
            found |= _flat(value, f"{above}{name}.")
    return found
