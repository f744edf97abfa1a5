"""What two sequences have in common."""

from collections.abc import Sequence


def common_start(one: Sequence[object], other: Sequence[object]) -> int:
    """How many elements, letters of a text or lines of a list, both begin with."""
    shorter = min(len(one), len(other))
    return next((n for n in range(shorter) if one[n] != other[n]), shorter)
