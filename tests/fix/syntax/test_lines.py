"""A lost end of line is put back in front of what begins a statement."""

import pytest

from selfheal.fix.syntax.search import repairs_of

WHOLE = """\
def sell(items, rules):
    total = 0
    for item in items:
        if item.free:
            continue
        total += item.price
    if rules:
        first = rules[0]
    else:
        first = None
    cache[first] = total
    cache.last = first
    return max(total, len(items))
"""


@pytest.mark.parametrize(
    "lost",
    [
        "total = 0\n    for",
        "continue\n        total",
        "rules[0]\n    else",
        "total\n    cache.last",
        "first\n    return",
    ],
)
def test_the_line_is_parted_again(lost: str) -> None:
    """As deep as the line, or as the block's head where a clause follows."""
    first, _, second = lost.partition("\n")
    broken = WHOLE.replace(lost, f"{first} {second.lstrip()}")

    assert WHOLE in [repair.text for repair in repairs_of(broken)[:2]]
