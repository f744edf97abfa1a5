"""What a sign is: a line that tells an outage, whatever tool wrote it."""

from dataclasses import dataclass
from enum import IntEnum

from selfheal.contract.diagnosis import Category


class Weight(IntEnum):
    """How much a sign explains; a stronger one is the cause of what the weaker ones beside it say."""

    SYMPTOM = 1
    """Follows from something else, as a package that is not found on an index that did not answer."""
    MENTION = 2
    """One attempt failed, perhaps not the last: counts only close to the log's end."""
    GAVE_UP = 3
    """A tool's last word."""
    CAUSE = 4
    """Explains why tools gave up after it."""
    MACHINE = 5
    """The machine is full, or out of memory: whatever else failed may have failed of it."""
    CERTAIN = 6
    """No test prints it of its own accord: the runner went away, or the browser is not there."""


@dataclass(frozen=True, slots=True)
class Sign:
    """`needle` is searched for first, in raw bytes; `pattern` must then match the whole line from its start.

    The pattern's first group that matched is the detail: a host, a status, a name. Patterns are bounded
    in every repetition; an empty one means that the needle says it all.
    """

    code: str
    needle: str
    category: Category
    summary: str
    advice: str
    weight: Weight = Weight.GAVE_UP
    pattern: str = ""


def missing(
    code: str, needle: str, summary: str, advice: str, pattern: str = "", weight: Weight = Weight.CAUSE
) -> Sign:
    """Make the sign of something that the job was not given."""
    return Sign(code, needle, Category.ENVIRONMENT, summary, advice, weight, pattern)
