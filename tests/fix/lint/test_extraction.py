"""A function that is too complex gives statements away that stand on their own."""

import ast

import pytest

from fix.lint.linted import a_finding, mend, mended
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.interface import NoCandidate

COMPLEX = a_finding("C901", "`price` is too complex (5 > 3)", line=1)
GUARDS = """\
def price(amount: int, tax):
    \"\"\"Say what it costs.\"\"\"
    if amount is None:
        raise TypeError("amount")
    if tax is None:
        # never
        raise TypeError("tax")
    total = 0
    if amount > 3:
        return amount
    for part in range(amount):
        total += part * tax
    return total
"""


def test_guards_move_to_a_function_of_their_own() -> None:
    """What they read are its parameters, with their annotations; comments come along; a person looks at the name."""
    assert mended({"pkg/core.py": GUARDS}, COMPLEX) == (
        "def _check_price(amount: int, tax) -> None:\n"
        "    if amount is None:\n"
        '        raise TypeError("amount")\n'
        "    if tax is None:\n"
        "        # never\n"
        '        raise TypeError("tax")\n'
        "\n\n"
        "def price(amount: int, tax):\n"
        '    """Say what it costs."""\n'
        "    _check_price(amount, tax)\n" + GUARDS[GUARDS.index("    total = 0") :]
    )
    made = mend({"pkg/core.py": GUARDS}, COMPLEX)
    assert isinstance(made, CandidatePatch)
    assert made.disposition is Disposition.NEEDS_HUMAN


def test_a_method_gives_its_helper_to_the_module() -> None:
    """`self` is a parameter like any other; decorators stay where they are."""
    method = "class Shop:\n    @property\n" + "".join(f"    {line}\n" for line in GUARDS.splitlines())
    method = method.replace("amount: int, tax", "self, amount, tax")
    text = mended({"pkg/core.py": method}, COMPLEX.model_copy(update={"line": 3}))
    assert text.startswith("def _check_price(amount, tax):\n    if amount is None:")
    assert "    @property\n    def price(self, amount, tax):" in text
    ast.parse(text)


@pytest.mark.parametrize(
    "body",
    [
        "    if a:\n        return 1\n    if b:\n        return 2\n    if a + b:\n        return 3\n",
        "    if a:\n        x = 1\n    if b:\n        x = 2\n    if x:\n        raise ValueError\n    print(x)\n",
        "    if a:\n        yield a\n    if b:\n        yield b\n    if a + b:\n        yield 3\n",
        "    global G\n    if a:\n        G = 1\n    if b:\n        G = 2\n    if a:\n        G = 3\n",
        "    if locals():\n        raise A\n    if vars():\n        raise B\n    if locals():\n        raise C\n",
        '    if a == """x\n    y""":\n        raise A\n    if b == """x\n    y""":\n        raise B\n',
        "    if a.__x:\n        raise A\n    if b.__x:\n        raise B\n    if a.__y:\n        raise C\n",
        "    for x in a:\n        if x:\n            b = x\n        if b:\n            a = b\n    return a, b\n",
        "    if a: raise A\n    if b: raise B\n    if a + b: raise C; print(1)\n    return 1\n",
    ],
    ids=["returns", "assigns", "yields", "global", "frames", "long text", "private", "loop", "one line"],
)
def test_what_is_tied_to_the_rest_stays(body: str) -> None:
    """No statement that leaves, binds what is read later, or says something else elsewhere is moved."""
    made = mend({"pkg/core.py": f"def price(a, b):\n{body}"}, COMPLEX)
    if isinstance(made, CandidatePatch):
        text = (made.edits[0].content or b"").decode()
        ast.parse(text)
        assert "return" not in text.partition("def price")[0]
        assert "print(1)" not in text.partition("def price")[0]
    else:
        assert isinstance(made, NoCandidate)


def test_a_name_that_is_in_use_is_not_taken() -> None:
    """Another function may be called like the helper would be."""
    files = {"pkg/core.py": GUARDS + "\n\ndef _check_price():\n    pass\n"}
    assert "def _check_price_2(amount: int, tax) -> None:" in mended(files, COMPLEX)
