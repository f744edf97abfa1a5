"""Python files that don't parse are mended by the smallest likely edit, and nothing else in them changes."""

import asyncio

import pytest

from builders import a_case, a_diagnosis, a_failure
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch, Disposition
from selfheal.fix.interface import NoCandidate
from selfheal.fix.syntax.damage import damage_of
from selfheal.fix.syntax.python_syntax import PythonSyntax
from selfheal.fix.syntax.search import repairs_of

WHOLE = '''\
"""A shop."""

import os


class Shop:
    """Sells."""

    def __init__(self, name, items):
        self.name = name  # the sign over the door
        self.items = [item for item in items if item is not None]

    def total(self, discount=0):
        """Add up.

        Prices are in cents.
        """
        total = 0
        for item in self.items:
            if item.price == 0 and not discount:
                continue
            total += item.price
        return max(total - discount, len(self.items))

    def label(self, key):
        try:
            names = {"big": "Big shop", "small": "Small shop"}
            return f"{names[key]} in {os.getcwd()}"
        except KeyError as error:
            raise ValueError("no such size", key) from error


def main(arguments):
    shop = Shop("corner", arguments)
    print(shop.total(), shop.label("big"))
'''
DAMAGES = [
    ("def total(self, discount=0):", "def total(self, discount=0)"),
    ("def total(self, discount=0):", "def total(self, discount=0:"),
    ("def total(self, discount=0):", "def total(self, discount=0);"),
    ("def total(self, discount=0):", "def total self, discount=0):"),
    ("def total(self", "deff total(self"),
    ("def total(self", "edf total(self"),
    ("return max(total", "retrun max(total"),
    ("import os", "improt os"),
    ("class Shop:", "class Shop"),
    ("class Shop:", "Class Shop:"),
    ("class Shop:", "clas Shop:"),
    ("for item in self.items:", "for item self.items:"),
    ("for item in self.items:", "for item in self.items"),
    ("item.price == 0 and", "item.price = 0 and"),
    ("item.price == 0 and", "item.price = = 0 and"),
    ("item.price == 0 and", "item.price === 0 and"),
    ("item.price == 0 and", "item.price == 0 &&"),
    ("except KeyError as error:", "except KeyError, error:"),
    ("except KeyError as error:", "except KeyError error:"),
    ("except KeyError as error:", "excpet KeyError as error:"),
    ("except KeyError as error:", "except KeyError as error"),
    ('"big": "Big shop", "small"', '"big": "Big shop" "small"'),
    ('"big": "Big shop", "small"', '"big" "Big shop", "small"'),
    ('"Small shop"}', '"Small shop"'),
    ('"Small shop"}', '"Small shop}'),
    ('"Small shop"}', '"Small shop")'),
    ('"no such size", key', '"no such size, key'),
    ('"no such size", key', 'no such size", key'),
    ('"no such size", key', "“no such size”, key"),
    ("self.items))\n", "self.items)\n"),
    ("self.items))\n", "self.items)))\n"),
    ("print(shop.total(), shop", "print(shop.total(), , shop"),
    ("print(shop.total(), shop", "print(shop.total() shop"),
    ("print(shop.total(), shop", "print shop.total(), shop"),
    ("            total += item.price", "           total += item.price"),
    ("            total += item.price", "              total += item.price"),
    ("            total += item.price", "\t    total += item.price"),
    ("        total = 0", "      total = 0"),
    ("total += item.price", "total\u00a0+= item.price"),
    ("total += item.price", "total + = item.price"),
    ("if item is not None]", "if item isnot None]"),
    ("if item is not None]", "if item is not None"),
    ('            return f"{names', '        return f"{names'),
    ("{names[key]} in", "{names[key] in"),
    ('        Prices are in cents.\n        """\n', "        Prices are in cents.\n"),
    ('        """Add up.', "        Add up."),
    ('    """Sells."""', '    """Sells.'),
    ('    """Sells."""', '    Sells."""'),
    ("        self.name = name  #", "    self.name = name  #"),
]


@pytest.mark.parametrize(("right", "wrong"), DAMAGES, ids=[wrong.strip()[:40] for _, wrong in DAMAGES])
def test_the_likeliest_repairs_hold_the_file_as_it_was(right: str, wrong: str) -> None:
    """Among the first three repairs of a damage is the one that gives the old file, byte for byte."""
    broken = WHOLE.replace(right, wrong, 1)
    assert damage_of(broken) is not None

    assert WHOLE in [repair.text for repair in repairs_of(broken)[:3]]


def test_every_repair_parses() -> None:
    """An edit that does not parse is never proposed, whatever the damage."""
    for right, wrong in DAMAGES:
        assert all(damage_of(repair.text) is None for repair in repairs_of(WHOLE.replace(right, wrong, 1)))


def test_two_damages_in_one_file_are_mended_in_one_candidate() -> None:
    """A file is mended front to back."""
    broken = WHOLE.replace("class Shop:", "class Shop", 1).replace("self.items))\n", "self.items)\n", 1)

    assert repairs_of(broken)[0].text == WHOLE


def test_python_2_is_rewritten_throughout() -> None:
    """All print statements of a file are one repair."""
    old = "import sys\nprint 'a', 1\nprint >>sys.stderr, 'b'\nprint\nraise ValueError, 'no'\n"

    text = repairs_of(old)[0].text

    assert text == "import sys\nprint('a', 1)\nprint('b', file=sys.stderr)\nprint()\nraise ValueError('no')\n"


def test_an_empty_body_needs_a_human() -> None:
    """`pass` is a guess at what is missing."""
    repair = repairs_of("def later():\n\n\ndef now():\n    return 1\n")[0]

    assert repair.needs_human
    assert "def later():\n    pass\n" in repair.text


def _proposed(files: dict[str, str], place: str, *named: str, sample: int = 0) -> CandidatePatch | NoCandidate:
    failures = [a_failure(file=path, message="SyntaxError: invalid syntax", code="SyntaxError") for path in named]
    case = a_case(files, diagnosis=a_diagnosis(*failures, category=Category.SYNTAX))
    strategy = PythonSyntax()
    target = next(target for target in strategy.targets(case) if target.place == place)
    return asyncio.run(strategy.propose(case, target, sample=sample, tried=()))


def test_all_broken_files_are_mended_by_one_candidate() -> None:
    """The first candidate mends every file, so that the command runs once."""
    files = {"a.py": "def a(:\n    return 1\n", "b.py": "x = [1, 2\n", "c.py": "x = 1\n"}

    patch = _proposed(files, "all", "a.py", "b.py")

    assert isinstance(patch, CandidatePatch)
    assert [edit.path for edit in patch.edits] == ["a.py", "b.py"]


def test_a_broken_file_behind_the_first_is_mended_with_it() -> None:
    """An import stops at the first broken file; one that stands beside it in the package is found all the same."""
    files = {"pkg/a.py": "def a(:\n    return 1\n", "pkg/b.py": "x = [1, 2\n", "other/c.py": "x = (\n"}

    patch = _proposed(files, "all", "pkg/a.py")

    assert isinstance(patch, CandidatePatch)
    assert [edit.path for edit in patch.edits] == ["pkg/a.py", "pkg/b.py"]


def test_a_broken_test_is_left_to_a_human() -> None:
    """A test's text is the statement of what is right: the policy and a person decide."""
    patch = _proposed({"tests/test_a.py": "def test_a()\n    assert 1\n"}, "tests/test_a.py", "tests/test_a.py")

    assert isinstance(patch, CandidatePatch)
    assert patch.disposition is Disposition.NEEDS_HUMAN


def test_a_broken_file_is_found_where_no_finding_names_it() -> None:
    """A tool that only says that something does not parse is enough."""
    case = a_case(
        {"pkg/core.py": "x = (1\n"},
        diagnosis=a_diagnosis(a_failure(file=None, line=None, message="SyntaxError: '(' was never closed")),
    )

    assert [target.place for target in PythonSyntax().targets(case)] == ["pkg/core.py"]


@pytest.mark.parametrize(
    "text", ["", "\x00", "\\", "'" * 5_000, "(" * 3_000, "\r\n\t\r\n x", "é = “\u2028”", '"""' * 501, "def " * 400]
)
def test_hostile_text_gives_no_exception(text: str) -> None:
    """Whatever the text, there are repairs that parse, or none."""
    assert all(damage_of(repair.text) is None for repair in repairs_of(text))


def test_a_line_that_no_hand_wrote_is_left_alone() -> None:
    """Each of a thousand ways to mend it would be parsed anew."""
    failure = a_failure(file="a.py", line=1, code="SyntaxError", message="invalid syntax")
    case = a_case({"a.py": f"x = {'1+' * 100_000}\n"}, diagnosis=a_diagnosis(failure, category=Category.SYNTAX))

    assert PythonSyntax().targets(case) == ()


def test_files_that_are_no_text_or_lie_outside_are_left_alone() -> None:
    """A finding may name anything."""
    failures = [
        a_failure(file=name, line=9_999_999, code="SyntaxError") for name in ("/etc/x.py", "../x.py", "gone.py")
    ]
    case = a_case({"x.bin": "\x00"}, diagnosis=a_diagnosis(*failures, category=Category.SYNTAX))

    assert PythonSyntax().targets(case) == ()
