"""What a model invents is told from what is there, and nothing that may be there is turned down."""

import pytest

from selfheal.fix.invented import inventions

SHOP = """\
from math import floor


class Cart:
    def __init__(self, items):
        self.items = items

    def count(self, kind, limit=3):
        return len(self.items)

    def total(self):
        return sum(self.items)


def price(item, *, tax):
    return item * tax
"""
TOTAL = "return sum(self.items)"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("return summed(self.items)", "there is no `summed`"),
        ("return sum(self.item)", "`Cart` has no `item`; it has items"),
        ("return self.count('a', size=2)", "`count` takes no argument `size`: def count(self, kind, limit=3)"),
        ("return self.count()", "`count` needs the argument `kind`"),
        ("return self.count(1, 2, 3)", "`count` takes 2 positional arguments, not 3"),
        ("return price(1, vat=2)", "def price(item, *, tax)"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(line: str, told: str) -> None:
    """A name, a field, an argument: each with the signature or the names that are true."""
    (sentence,) = inventions(SHOP, SHOP.replace(TOTAL, line))
    assert told in sentence


@pytest.mark.parametrize(
    "line",
    [
        "return floor(sum(self.items))",
        "return sum(item for item in self.items if item)",
        "self.cache = 1\n        return self.cache",
        "return self.count(*self.items)",
        "return self.count(**{'kind': 1})",
        "import os\n        return os.sep",
        "try:\n            return 1\n        except ValueError as error:\n            raise KeyError from error",
        "match self.items:\n            case [first, *rest]:\n                return first + len(rest)",
        "return (lambda x: x)(self.items)",
        "return price(1, tax=2)",
        "return self.__class__.__name__",
    ],
)
def test_what_may_be_there_is_let_pass(line: str) -> None:
    """Whatever the language binds, and calls whose arguments nobody can count."""
    assert inventions(SHOP, SHOP.replace(TOTAL, line)) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from x import *\ndef f():\n    return 1\n", "from x import *\ndef f():\n    return g()\n"),
        ("class A(B):\n    def f(self):\n        return 1\n", "class A(B):\n    def f(self):\n        return self.x\n"),
        (
            "@made\nclass A:\n    def f(self):\n        return 1\n",
            "@made\nclass A:\n    def f(self):\n        return self.x\n",
        ),
        (
            "class A:\n    def __getattr__(self, name):\n        return 1\n",
            "class A:\n    def __getattr__(self, name):\n        return self.x\n",
        ),
        ("@cached\ndef f(a):\n    return 1\nf(1)\n", "@cached\ndef f(a):\n    return 1\nf(1, 2)\n"),
        ("def f(:\n", "def f(:\n    g()\n"),
    ],
)
def test_where_nothing_is_certain_nothing_is_said(before: str, after: str) -> None:
    """Star imports, foreign bases, decorators, and files that do not parse."""
    assert inventions(before, after) == ()


def test_what_was_there_before_is_nobodys_invention() -> None:
    """A file that is broken already is not the model's doing."""
    broken = SHOP.replace(TOTAL, "return missing(self.gone)")
    assert inventions(broken, broken.replace("len(self.items)", "len(self.items) + 1")) == ()
