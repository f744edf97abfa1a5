"""A run as the page sees it: the trace, and the report where there is one. Both may be a stranger's."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from selfheal.contract.report import Report
from selfheal.contract.trace_lines import SpanRecord, TraceRecord

ROOT = "repair"


@dataclass(frozen=True)
class Run:
    """Spans with their places in the tree. Not slotted: what is computed once is kept."""

    trace: TraceRecord
    report: Report | None

    @cached_property
    def root(self) -> SpanRecord | None:
        """The first span of the repair."""
        return next((span for span in self.trace.spans if span.name == ROOT), None)

    @cached_property
    def began_ns(self) -> int:
        """When it began; all times are told from there on."""
        return min((span.start_ns for span in self.trace.spans), default=0)

    @cached_property
    def lasted_ns(self) -> int:
        """Until the last thing that is known of it; never 0."""
        ends = (max(span.start_ns, span.end_ns or 0) for span in self.trace.spans)
        return max(1, max(ends, default=0) - self.began_ns)

    @cached_property
    def children(self) -> dict[str, tuple[SpanRecord, ...]]:
        """Spans by their parent; under the empty id those whose parent is not in the file."""
        ids = {span.span_id for span in self.trace.spans}
        found: dict[str, list[SpanRecord]] = {}
        for span in self.trace.spans:
            parent = span.parent_id if span.parent_id in ids and span.parent_id != span.span_id else ""
            found.setdefault(parent, []).append(span)
        return {parent: tuple(spans) for parent, spans in found.items()}

    @cached_property
    def in_order(self) -> tuple[tuple[int, SpanRecord], ...]:
        """Every span once with its depth, each below its parent, whatever circles a stranger's ids make."""
        found: list[tuple[int, SpanRecord]] = []
        seen: set[str] = set()
        waiting = [(0, span) for span in reversed(self.children.get("", ()))]
        while waiting:
            depth, span = waiting.pop()
            if span.span_id in seen:
                continue
            seen.add(span.span_id)
            found.append((depth, span))
            waiting += [(depth + 1, child) for child in reversed(self.children.get(span.span_id, ()))]
        return (*found, *((0, span) for span in self.trace.spans if span.span_id not in seen))

    @cached_property
    def unfinished(self) -> tuple[SpanRecord, ...]:
        """What was going on when the file ended; empty where the repair came to its end."""
        return tuple(span for span in self.trace.spans if span.end_ns is None)

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The states in their order: the report's, else as the trace tells."""
        if self.report is not None:
            return self.report.path
        states = tuple(span.text("selfheal.state") for span in self.named("state "))
        outcome = self.root.text("selfheal.outcome") if self.root else ""
        return (*states, outcome) if outcome else states

    @property
    def outcome(self) -> str:
        """How it ended; `unfinished` where it did not."""
        if self.report is not None:
            return self.report.outcome.value
        return (self.root.text("selfheal.outcome") if self.root else "") or "unfinished"

    def named(self, beginning: str) -> Iterator[SpanRecord]:
        """The spans whose names begin so, in their order in time."""
        return (span for span in self.trace.spans if span.name.startswith(beginning))

    def below(self, span: SpanRecord) -> Iterator[SpanRecord]:
        """The span's children and theirs."""
        waiting, seen = list(self.children.get(span.span_id, ())), {span.span_id}
        while waiting:
            child = waiting.pop(0)
            if child.span_id not in seen:
                seen.add(child.span_id)
                yield child
                waiting += self.children.get(child.span_id, ())

    def seconds(self, at_ns: int) -> float:
        """A moment, from the beginning on."""
        return (at_ns - self.began_ns) / 1e9


def took_s(span: SpanRecord) -> float | None:
    """How long it took; None where it had not ended."""
    return None if span.end_ns is None else (span.end_ns - span.start_ns) / 1e9
