"""The context holds what helps, cut to size, the same every time."""
# ruff: noqa: E501 - the projects' sources stand on one line each

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.locate import context_for

from .projects import Project, project


@pytest.fixture
def shop() -> Project:
    return project(
        shop__rates='RATE = 0.19\n\n\ndef rounded(value: float) -> float:\n    """Round to cents.\n\n    Half up.\n    """\n    return round(value, 2)\n',
        shop__cart="""
            import json
            import math

            from shop.rates import RATE, rounded

            LIMIT = 10


            class Cart:
                owner: str = ""

                def __init__(self, land):
                    self.land = land
                    self.items = []

                def total(self):
                    if len(self.items) > LIMIT:
                        raise ValueError(math.inf)
                    return rounded(self.net() * RATE)

                def net(self):
                    \"\"\"Sum without tax.\"\"\"
                    return sum(self.items)
            """,
        tests__conftest="import pytest\n\nfrom shop.cart import Cart\n\n\n@pytest.fixture\ndef cart():\n    return Cart('de')\n",
        tests__test_cart="""
            import pytest


            @pytest.mark.parametrize(("price", "total"), [(1, 1.19), (2, 2.38), (3, 3.57)])
            def test_total(cart, price, total):
                cart.items.append(price)
                assert cart.total() == total
                print("never reached")


            def test_other():
                assert True
            """,
    )


def _context(shop: Project, max_chars: int) -> str:
    failure = shop.failure("tests/test_cart.py::test_total[2-2.38]", ("tests/test_cart.py", "assert cart"))
    diagnosis = Diagnosis(category=Category.TEST, summary="", failures=(failure,))
    suspect = next(one for one in shop.suspects(failure) if one.symbol == "Cart.total")
    return context_for(suspect, diagnosis, shop.tree, max_chars=max_chars)


def test_holds_what_the_suspect_needs(shop: Project) -> None:
    """The test up to the failed line with its own row, the class around, constants, imports, signatures, the fixture."""
    text = _context(shop, 4_000)

    assert "assert cart.total() == total" in text
    assert "(2, 2.38)" in text
    assert "class Cart" in text
    assert "self.items = []" in text
    assert "LIMIT = 10" in text
    assert "RATE = 0.19  # shop/rates.py" in text
    assert "import math" in text
    assert "def rounded(value: float) -> float  # shop/rates.py" in text
    assert '"""Round to cents."""' in text
    assert "def Cart.net(self)" in text
    assert "return Cart('de')" in text


def test_leaves_out_what_does_not_help(shop: Project) -> None:
    """Other rows, other tests, what was never reached, unused imports, the suspect's own body, long docstrings."""
    text = _context(shop, 4_000)

    for useless in ("3.57", "test_other", "never reached", "json", "math.inf", "Half up"):
        assert useless not in text


@pytest.mark.parametrize("max_chars", [0, 40, 150, 300, 600, 1_000])
def test_keeps_to_its_size(shop: Project, max_chars: int) -> None:
    """Whatever the room, and the same text again."""
    text = _context(shop, max_chars)

    assert len(text) <= max_chars
    assert text == _context(shop, max_chars)


def test_long_test_is_shortened_around_the_failure() -> None:
    """The signature and the lines before the failed one stay."""
    steps = "\n".join(f"    step_{n} = {n}" for n in range(200))
    app = project(
        app__a="def f():\n    return 1 + 1\n",
        tests__test_a=f"from app.a import f\n\n\ndef test_f():\n{steps}\n    assert f() == 3\n",
    )
    failure = app.failure("tests/test_a.py::test_f", ("tests/test_a.py", "assert f"))
    diagnosis = Diagnosis(category=Category.TEST, summary="", failures=(failure,))
    text = context_for(app.suspects(failure)[0], diagnosis, app.tree, max_chars=600)

    assert "def test_f():" in text
    assert "assert f() == 3" in text
    assert "step_199" in text
    assert "step_3 " not in text


def test_lint_needs_no_test() -> None:
    """Without a test there is the suspect's surroundings only."""
    app = project(app__a="import os\n\nLIMIT = 1\n\n\ndef f():\n    return LIMIT\n")
    failure = app.failure("x", ("app/a.py", "return LIMIT"), tool="ruff", code="F841", message="m")
    diagnosis = Diagnosis(category=Category.LINT, summary="", failures=(failure.model_copy(update={"test_id": None}),))

    assert context_for(app.suspects(failure)[0], diagnosis, app.tree, max_chars=500) == "LIMIT = 1"
