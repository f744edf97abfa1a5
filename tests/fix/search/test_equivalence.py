"""Edits are told apart on made-up values, where the inputs at hand can't do that."""

import pytest

from selfheal.fix.search.equivalence import are_equivalent

FUNCTION = "def f(a, b, c):\n    if a:\n        return 1\n    return {}\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a < b", "b > a"),
        ("a < b + 1", "a <= b"),
        ("a < b", "not a >= b"),
        ("a - 1", "-1 + a"),
        ("a.end < b[0]", "not (a.end >= b[0])"),
        ("a and b", "b if a else a"),
        ("a < b < c", "a < b and b < c"),
        ("a is not None", "not a is None"),
        ("f(a < b)", "f(a < b)"),
    ],
)
def test_what_comes_to_the_same_is_equivalent(one: str, other: str) -> None:
    """However it is written."""
    assert are_equivalent(FUNCTION.format(one), FUNCTION.format(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.removed and b < a.end", "a.removed or not b < a.end"),
        ("a < b", "a <= b"),
        ("a + b == 7", "a != a"),
        ("a == 900", "a > 900"),
        ("a // b", "a / b"),
        ("a % b", "b % a"),
        ("f(a, b)", "f(b, a)"),
        ("a[1:]", "a[:1]"),
        ("a or b", "bool(a or b)"),
        ("a if b else c", "c"),
        ("1", "True"),
        ("1", "1\n    return 2"),
    ],
)
def test_what_may_come_to_something_else_is_not(one: str, other: str) -> None:
    """Or can't be reckoned."""
    assert not are_equivalent(FUNCTION.format(one), FUNCTION.format(other))


def test_a_place_of_its_own_makes_another_program() -> None:
    """Two edits of different lines each differ from the other in two expressions."""
    one = FUNCTION.format("b").replace("if a", "if not a")
    assert not are_equivalent(one, FUNCTION.format("c"))
    assert not are_equivalent(FUNCTION.format("("), FUNCTION.format("b"))
    assert not are_equivalent("(" * 5000, FUNCTION)
