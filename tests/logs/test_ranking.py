"""Among many failing tests, the place that they die at comes before what they compare."""

from selfheal.logs import diagnose

_HEAD = "=================================== FAILURES ===================================\n"
_COMPARED = (
    "_________________________________ test_{0} __________________________________\n"
    "tests/test_a.py:{1}: in test_{0}\n    assert price({0}) == 1\nE   assert 2 == 1\n"
)
_CRASHED = (
    "_________________________________ test_{0} __________________________________\n"
    "tests/test_a.py:{1}: in test_{0}\n    price({0})\nshop/cart.py:7: in price\n    {2}\nE   {3}\n"
)


def _first(*blocks: str) -> tuple[str | None, int | None]:
    failure = diagnose(_HEAD + "".join(blocks), exit_code=1).failures[0]
    return failure.file, failure.line


def test_a_shared_crash_comes_before_a_comparison() -> None:
    """Tests run in any order: the first one printed may only see what came of it."""
    crashes = [_CRASHED.format(n, 30 + n, "return TABLE[n]", "KeyError: 7") for n in range(2)]

    assert _first(_COMPARED.format("x", 9), *crashes) == ("shop/cart.py", 7)


def test_a_crash_of_one_test_stays_in_its_order() -> None:
    """Two failures that have nothing in common are told as the log tells them."""
    crash = _CRASHED.format(1, 30, "return TABLE[n]", "KeyError: 7")

    assert _first(_COMPARED.format("x", 9), crash) == ("tests/test_a.py", 9)


def test_an_unexpected_crash_comes_before_a_foreseen_one() -> None:
    """What the code raises on purpose tells less than what it did not expect, though more tests see it."""
    foreseen = [_CRASHED.format(n, 30 + n, 'raise BadPrice("odd")', "shop.BadPrice: odd") for n in range(3)]
    crashes = [
        _CRASHED.format(n, 30 + n, "warnings.warn('goes')", "DeprecationWarning: goes").replace("py:7:", "py:2:")
        for n in (5, 6)
    ]

    assert _first(*foreseen, *crashes) == ("shop/cart.py", 2)


def test_a_wrapped_exception_comes_after_its_own() -> None:
    """Where other tests show the exception itself, its place is the cause of those that show the wrapper."""
    wrapped = [
        _CRASHED.format(n, 30 + n, "return TABLE[n]", "KeyError: 7")
        + "\nThe above exception was the direct cause of the following exception:\n"
        + _CRASHED.format(n, 30 + n, "wrap(error)", "shop.Odd: no").partition("\n")[2].replace("py:7:", "py:90:")
        for n in range(5)
    ]
    crashes = [_CRASHED.format(n, 30 + n, "return TABLE[n]", "KeyError: 7") for n in (7, 8)]

    assert _first(*wrapped, *crashes) == ("shop/cart.py", 7)
