"""`trace.jsonl` may be a stranger's: what is no span is counted and left out, and nothing breaks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfheal.contract.trace_lines import MOST_LINE, read_trace


def a_span(**changes: Any) -> dict[str, Any]:
    facts = {
        "traceId": "a" * 32,
        "spanId": "b" * 16,
        "name": "chat small",
        "startTimeUnixNano": "10",
        "endTimeUnixNano": "20",
    }
    return facts | changes


def line(*spans: Any) -> str:
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]})


def test_a_span_is_read_with_its_values() -> None:
    """Every kind of value that OTLP has."""
    values = [
        {"key": "t", "value": {"stringValue": "x"}},
        {"key": "n", "value": {"intValue": "7"}},
        {"key": "f", "value": {"doubleValue": 0.5}},
        {"key": "b", "value": {"boolValue": True}},
        {"key": "l", "value": {"arrayValue": {"values": [{"stringValue": "stop"}]}}},
    ]
    (span,) = read_trace([line(a_span(attributes=values, kind=3, status={"code": 2, "message": "no"}))]).spans

    assert dict(span.attributes) == {"t": "x", "n": 7, "f": 0.5, "b": True, "l": ("stop",)}
    assert (span.start_ns, span.end_ns, span.kind, span.is_error, span.error) == (10, 20, 3, True, "no")


@pytest.mark.parametrize(
    "bad",
    [
        {"traceId": "0" * 32},
        {"spanId": "b" * 15},
        {"spanId": "../../etc/passwd"},
        {"name": None},
        {"startTimeUnixNano": "-1"},
        {"startTimeUnixNano": "9" * 5000},
        {"endTimeUnixNano": [1]},
        {"attributes": [{"key": 1, "value": {"stringValue": "x"}}]},
        {"attributes": [{}]},
        {"links": [{"traceId": "a" * 32, "spanId": "<script>", "attributes": []}]},
        {"parentSpanId": "nobody"},
    ],
    ids=str,
)
def test_what_is_no_span_is_counted(bad: dict[str, Any]) -> None:
    """The spans around it are read."""
    trace = read_trace([line(a_span(**bad), a_span(spanId="c" * 16))])

    assert ([span.span_id for span in trace.spans], trace.unread) == (["c" * 16], 1)


def test_an_id_that_is_used_twice_is_unread() -> None:
    """What is shown at a place is one thing."""
    trace = read_trace([line(a_span()), line(a_span(name="other"))])

    assert ([span.name for span in trace.spans], trace.unread) == (["chat small"], 1)


@pytest.mark.parametrize("text", ["{", "[" * 200_000, "7", "null", '"x"', "x" * (MOST_LINE + 1)], ids=lambda t: t[:5])
def test_what_is_no_line_is_counted(text: str) -> None:
    """Half of a line, a deep one, a long one."""
    assert read_trace([text]).unread == 1


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(_JSON, st.sampled_from(["attributes", "events", "links", "status", "name", "kind", "parentSpanId", "traceId"]))
def test_nothing_that_is_json_breaks_the_reader(value: Any, key: str) -> None:
    """Read or counted."""
    trace = read_trace([line(a_span(**{key: value})), json.dumps(value)])

    assert len(trace.spans) + trace.unread >= 1
