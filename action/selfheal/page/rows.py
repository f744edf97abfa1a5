"""The timeline: one row a span, with what it is about in a few words."""

from collections.abc import Iterator
from dataclasses import dataclass

from selfheal.contract.trace_lines import SpanRecord, Value
from selfheal.page.run import Run, took_s

MOST_ROWS = 20_000
_SCALE = 1000
_KINDS = (
    ("chat ", "chat"),
    ("invoke_agent ", "agent"),
    ("execute_tool ", "tool"),
    ("state ", "state"),
    ("command", "command"),
    ("verdict", "verdict"),
)
_LABELS = {
    "chat": ("selfheal.purpose",),
    "agent": ("selfheal.reason", "selfheal.fact"),
    "tool": ("selfheal.diagnosis", "selfheal.command", "selfheal.answer"),
    "state": (),
    "command": ("selfheal.why", "selfheal.command"),
    "verdict": ("selfheal.verdict", "selfheal.reason"),
    "other": ("selfheal.outcome", "selfheal.reason", "selfheal.command"),
}
_ELSEWHERE = frozenset(
    (
        "gen_ai.system_instructions",
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "selfheal.agent.input",
        "selfheal.agent.output",
        "selfheal.rationale",
        "selfheal.diff",
    )
)
"""Shown with the agents and the candidates, and not once more here."""
_LONG = 200


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name and its value; a long one is laid out as a text of its own."""

    name: str
    value: str
    is_long: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One span. `x` and `width` are thousandths of the whole time."""

    span_id: str
    depth: int
    kind: str
    name: str
    label: str
    x: float
    width: float
    at_s: float
    took_s: float | None
    tokens: int
    is_error: bool
    attributes: tuple[Attribute, ...]
    events: tuple[str, ...]


def rows(run: Run) -> Iterator[Row]:
    """The rows in the order of the tree."""
    for depth, span in run.in_order[:MOST_ROWS]:
        kind = next((kind for beginning, kind in _KINDS if span.name.startswith(beginning)), "other")
        took = took_s(span)
        lasted_ns = (span.end_ns or run.began_ns + run.lasted_ns) - span.start_ns
        x = (span.start_ns - run.began_ns) * _SCALE / run.lasted_ns
        yield Row(
            span_id=span.span_id,
            depth=min(depth, 9),
            kind=kind,
            name=span.name,
            label=_label(span, kind),
            x=round(x, 2),
            width=round(max(2.0, min(_SCALE - x, lasted_ns * _SCALE / run.lasted_ns)), 2),
            at_s=run.seconds(span.start_ns),
            took_s=took,
            tokens=int(span.number("gen_ai.usage.input_tokens") + span.number("gen_ai.usage.output_tokens")),
            is_error=span.is_error,
            attributes=tuple(_shown(name, value) for name, value in span.attributes.items() if name not in _ELSEWHERE),
            events=tuple(
                f"{event.name}: {event.attributes.get('selfheal.summary', '')}".rstrip(": ") for event in span.events
            ),
        )


def _label(span: SpanRecord, kind: str) -> str:
    words = [span.text(name) for name in _LABELS[kind]]
    return " · ".join(" ".join(word.split())[:160] for word in dict.fromkeys(words) if word)[:240]


def _shown(name: str, value: Value) -> Attribute:
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return Attribute(name, text, len(text) > _LONG or "\n" in text)
