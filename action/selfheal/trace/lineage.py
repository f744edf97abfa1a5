"""Where a candidate came from: the spans that a later span links to."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import SpanContext


@dataclass(slots=True)
class Lineage:
    """The newest spans that a candidate can have come from."""

    proposal: "SpanContext | None" = None
    """The turn that proposed it."""
    answer: "SpanContext | None" = None
    """The model call of that turn that it was made from."""
    base: "SpanContext | None" = None
    """The verdict that made the tree that it stands on."""
    verdicts: dict[str, "SpanContext"] = field(default_factory=dict)
    """The last verdict on each target: what the next candidate of the target knew."""

    def judged(self, target: str, context: "SpanContext", *, is_new_base: bool) -> None:
        """Remember a verdict."""
        if is_new_base:
            self.base = context
            self.verdicts.clear()
        else:
            self.verdicts[target] = context
