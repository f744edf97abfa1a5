"""Read `trace.jsonl`. Whoever can write an artifact can write one: what is no span is counted and left out."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_SPANS = 50_000
MOST_LINE = 4 << 20
"""Characters; a span of ours has a tenth of it at most."""
_MOST_PARTS = 200
_ID = {32: re.compile(r"[0-9a-f]{32}"), 16: re.compile(r"[0-9a-f]{16}")}
_MAX_NS = 1 << 63

Value = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a span."""

    name: str
    at_ns: int
    attributes: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Origin:
    """A link: what the span came from."""

    trace_id: str
    span_id: str
    attributes: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRecord:
    """One span. `end_ns` None: it was announced, and had not ended when the file did."""

    trace_id: str
    span_id: str
    parent_id: str = ""
    name: str
    kind: int = 1
    start_ns: int
    end_ns: int | None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    events: tuple[Happening, ...] = ()
    links: tuple[Origin, ...] = ()
    is_error: bool = False
    error: str = ""

    def text(self, name: str) -> str:
        """An attribute as text; empty where it is not there."""
        value = self.attributes.get(name, "")
        return " ".join(value) if isinstance(value, tuple) else str(value)

    def number(self, name: str) -> float:
        """An attribute as a number; 0 where it is none."""
        value = self.attributes.get(name)
        return float(value) if isinstance(value, int | float) else 0.0


@dataclass(frozen=True, slots=True)
class TraceRecord:
    """The spans by their beginning, and how many lines or spans could not be read or were too many."""

    spans: tuple[SpanRecord, ...]
    unread: int = 0


def read_trace(lines: Iterable[str | bytes]) -> TraceRecord:
    """Read the lines. A span that ended stands for its announcement; an id that is used twice is unread."""
    ended: dict[str, SpanRecord] = {}
    announced: dict[str, SpanRecord] = {}
    unread = 0
    for line in lines:
        if not line.strip():
            continue
        found, bad = spans_of_line(line)
        unread += bad
        for span in found:
            into = announced if span.end_ns is None else ended
            if span.span_id in into or len(into) >= MOST_SPANS:
                unread += 1
            else:
                into[span.span_id] = span
    open_ones = [span for span in announced.values() if span.span_id not in ended]
    spans = sorted((*ended.values(), *open_ones), key=lambda span: (span.start_ns, span.end_ns is not None))
    return TraceRecord(tuple(spans), unread)


def spans_of_line(line: str | bytes) -> tuple[list[SpanRecord], int]:
    """The spans of one line, ended or announced, and how many could not be read."""
    if len(line) > MOST_LINE:
        return [], 1
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return [], 1
    found: list[SpanRecord] = []
    bad = 0
    spans = _walk(document, "resourceSpans", "scopeSpans", "spans")
    records = _walk(document, "resourceLogs", "scopeLogs", "logRecords")
    for read, items in ((_span, spans), (_announcement, records)):
        for item in items:
            try:
                found.append(read(item))
            except (ValueError, TypeError, KeyError):
                bad += 1
    return found, bad + (not isinstance(document, dict))


def _walk(document: Any, *keys: str) -> list[Any]:
    level = [document]
    for key in keys:
        level = [item for each in level if isinstance(each, dict) for item in _items(each.get(key))]
    return level


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _span(item: Any) -> SpanRecord:
    status = item.get("status") if isinstance(item.get("status"), dict) else {}
    start, end = _time(item["startTimeUnixNano"]), _time(item["endTimeUnixNano"])
    return SpanRecord(
        trace_id=_id(item["traceId"], 32),
        span_id=_id(item["spanId"], 16),
        parent_id=_id(item["parentSpanId"], 16) if item.get("parentSpanId") else "",
        name=_str(item["name"]),
        kind=item["kind"] if item.get("kind") in range(6) else 1,
        start_ns=start,
        end_ns=max(start, end),
        attributes=_attributes(item.get("attributes")),
        events=tuple(
            Happening(_str(event["name"]), _time(event["timeUnixNano"]), _attributes(event.get("attributes")))
            for event in _items(item.get("events"))[:_MOST_PARTS]
        ),
        links=tuple(
            Origin(_id(link["traceId"], 32), _id(link["spanId"], 16), _attributes(link.get("attributes")))
            for link in _items(item.get("links"))[:_MOST_PARTS]
        ),
        is_error=status.get("code") in (2, "STATUS_CODE_ERROR"),
        error=str(status.get("message", ""))[:MOST_LINE],
    )


def _announcement(item: Any) -> SpanRecord:
    attributes = dict(_attributes(item.get("attributes")))
    parent = str(attributes.pop("selfheal.parent_span_id", ""))
    return SpanRecord(
        trace_id=_id(item["traceId"], 32),
        span_id=_id(item["spanId"], 16),
        parent_id=_id(parent, 16) if parent else "",
        name=_str(item["body"]["stringValue"]),
        start_ns=_time(item["timeUnixNano"]),
        end_ns=None,
        attributes=attributes,
    )


def _attributes(items: Any) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for item in _items(items)[:_MOST_PARTS]:
        value = _value(item["value"])
        if value is not None:
            found[_str(item["key"])] = value
    return found


def _value(told: Any) -> Value | None:
    match told:
        case {"stringValue": str(text)}:
            return text
        case {"boolValue": bool(truth)}:
            return truth
        case {"intValue": int() | str() as number}:
            return int(number) if len(str(number)) < 25 else None
        case {"doubleValue": int() | float() as number}:
            return float(number)
        case {"arrayValue": {"values": list(values)}}:
            return tuple(str(_value(each)) for each in values[:_MOST_PARTS])
        case _:
            return None


def _id(text: Any, digits: int) -> str:
    if not isinstance(text, str) or _ID[digits].fullmatch(text) is None or not text.strip("0"):
        raise ValueError("no id")
    return text


def _time(told: Any) -> int:
    if isinstance(told, bool) or not isinstance(told, int | str) or len(str(told)) > 20:
        raise ValueError("no time")
    nanoseconds = int(told)
    if not 0 <= nanoseconds < _MAX_NS:
        raise ValueError("no time")
    return nanoseconds


def _str(told: Any) -> str:
    if not isinstance(told, str):
        raise ValueError("no text")
    return told
