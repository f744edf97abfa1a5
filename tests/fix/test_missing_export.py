"""A name that another module of the repository has is given back to the one that is asked for it."""

import pytest

from builders import a_case, a_diagnosis, a_failure
from selfheal.contract.diagnosis import Category, Frame
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.missing_export import MissingExport

CART = "import os\n\n\ndef total():\n    return 1\n\n\nclass Cart:\n    pass\n\n\nRATES = [1]\n"
TEST = "from shop import total\n"
NO_NAME = "ImportError: cannot import name '{}' from 'shop' (/x/shop/__init__.py)"
NO_ATTRIBUTE = "AttributeError: module 'shop' has no attribute '{}'"


async def proposed(files, message, *, file="tests/test_shop.py"):
    failure = a_failure(message=message, file=file, line=1, frames=(Frame(file=file, line=1, function="<module>"),))
    case = a_case(files, diagnosis=a_diagnosis(failure, category=Category.DEPENDENCY))
    targets = MissingExport().targets(case)
    if not targets:
        return None
    made = await MissingExport().propose(case, targets[0], sample=0, tried=())
    assert isinstance(made, CandidatePatch)
    return made


@pytest.mark.parametrize("message", [NO_NAME, NO_ATTRIBUTE])
@pytest.mark.parametrize(
    ("package", "name", "expected"),
    [
        ("from .cart import Cart\n", "total", "from .cart import Cart, total\n"),
        ("from shop.cart import RATES\n", "Cart", "from shop.cart import RATES, Cart\n"),
        ("import os\n", "total", "import os\n\nfrom .cart import total\n"),
        ('"""Shop."""\n', "total", '"""Shop."""\n\nfrom .cart import total\n'),
        (
            'from .cart import Cart\n\n__all__ = ["Cart"]\n',
            "total",
            'from .cart import Cart, total\n\n__all__ = ["Cart", "total"]\n',
        ),
        (
            "from .cart import (\n    Cart,\n)\n\n__all__ = (\n    'Cart',\n    'x',\n)\nx = 1\n",
            "total",
            "from .cart import (\n    Cart, total,\n)\n\n__all__ = (\n    'Cart',\n    'total',\n    'x',\n)\nx = 1\n",
        ),
    ],
)
async def test_a_package_imports_again_what_a_module_of_it_has(package, name, expected, message):
    """Where and as it imports its other names, and it lists it where it lists those."""
    files = {"shop/__init__.py": package, "shop/cart.py": CART, "tests/test_shop.py": TEST}
    made = await proposed(files, message.format(name))
    assert made is not None
    assert [(one.path, (one.content or b"").decode()) for one in made.edits] == [("shop/__init__.py", expected)]
    assert made.disposition is Disposition.AUTO


async def test_a_name_that_is_left_out_of_all_is_listed():
    """In its place where they stand in order, which a few need not."""
    cart = "from itertools import pairwise, chain\n\n__all__ = [\n    'chain',\n    'none',\n    'partition',\n]\n"
    files = {"src/shop/__init__.py": "from .cart import *\n", "src/shop/cart.py": cart, "src/shop/cart.pyi": "x: int\n"}
    made = await proposed(files, NO_ATTRIBUTE.format("pairwise"))
    assert made is not None
    assert made.edits[0].path == "src/shop/cart.py"
    assert made.edits[0].content == cart.replace("    'partition'", "    'pairwise',\n    'partition'").encode()


async def test_a_module_that_nothing_imports_is_imported():
    """`shop.cart` is there for whoever asks once the package has imported it."""
    made = await proposed({"shop/__init__.py": "", "shop/cart.py": CART}, NO_ATTRIBUTE.format("cart"))
    assert made is not None
    assert made.edits[0].content == b"from . import cart\n"


@pytest.mark.parametrize(
    ("importing", "expected"),
    [
        ("from shop.old import total\n", "from shop.new import total\n"),
        ("from .old import total\n", "from .new import total\n"),
        ("from .old import kept, total\n", "from .old import kept\nfrom .new import total\n"),
        (
            "from .old import (\n    total,\n    kept,\n)\n",
            "from .old import (\n    kept,\n)\nfrom .new import total\n",
        ),
    ],
)
async def test_what_has_moved_is_imported_from_where_it_is(importing, expected):
    """The statement that failed is changed, and what else it imports stays."""
    files = {
        "shop/__init__.py": "",
        "shop/old.py": "kept = 1\n",
        "shop/new.py": "def total(): ...\n",
        "shop/page.py": importing,
    }
    message = "ImportError: cannot import name 'total' from 'shop.old' (/x/shop/old.py)"
    made = await proposed(files, message, file="shop/page.py")
    assert made is not None
    (edit,) = made.edits
    assert edit.path == "shop/page.py"
    assert sorted((edit.content or b"").decode().splitlines()) == sorted(expected.splitlines())
    assert "has not" in made.rationale


async def test_of_two_places_a_person_chooses():
    """Both have a function of that name."""
    files = {"shop/__init__.py": "", "shop/cart.py": CART, "shop/till.py": "def total(): ...\n"}
    made = await proposed(files, NO_NAME.format("total"))
    assert made is not None
    assert made.disposition is Disposition.NEEDS_HUMAN


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"shop/__init__.py": "from .cart import total\n", "shop/cart.py": CART}, "total"),
        ({"shop/__init__.py": "", "shop/cart.py": "from os import path\n"}, "path"),
        ({"shop/__init__.py": "", "tests/helpers.py": "def total(): ...\n"}, "total"),
        ({"shop/__init__.py": "", "shop/cart.py": "class A:\n    def total(self): ...\n"}, "total"),
        ({"other/__init__.py": "", "other/cart.py": CART}, "total"),
        ({"shop/__init__.py": "def (", "shop/cart.py": CART}, "total"),
    ],
)
async def test_nothing_is_made_up(files, name):
    """A circular import, what is only imported, what tests or classes have, another project's module, broken code."""
    assert await proposed({**files, "tests/test_shop.py": TEST}, NO_NAME.format(name)) is None
