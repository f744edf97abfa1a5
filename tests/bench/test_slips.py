"""Each slip of the fingers leaves behind what it says, and nothing else."""

import ast

import pytest

from planting.kinds import configuration, documentation, fixable, formatting, lint, syntax, typing_errors
from planting.kinds.several import turned_comparison
from planting.source import Source, misspelt

SHOP = '''\
"""A shop."""

import json
import re
from typing import Any, Protocol


class Price:
    """What it costs."""

    def __init__(self, amount: int, currency: str | None = None) -> None:
        """Note it."""
        self.amount = amount
        self.currency = currency

    def total(self, count: int = 1) -> int:
        """The price of ``count`` pieces.

        A line that goes on.
        """
        result = self.amount * count
        if self.currency is None:
            return 0
        return result


def _read(path: str, sizes: dict[str, int]) -> Any:
    names = [name for name in sizes if name not in "xyz"]
    try:
        return json.loads(path, parse_int=int)
    except ValueError as error:
        raise KeyError(f"no {path}") from error
    except TypeError:
        print(names)
        return re.compile(
            path,
        )


def first(values, limit=None):
    """The first."""
    for value in values:
        if value > limit and value != 3:
            return value
    return None
'''
PYTHON_SLIPS = [
    slip
    for rows in (
        formatting.SLIPS,
        formatting.IMPORTS,
        fixable.ROWS,
        lint.RUFF,
        typing_errors.MYPY,
        typing_errors.PYRIGHT,
    )
    for _, slip, *_ in rows
]


@pytest.mark.parametrize("slip", PYTHON_SLIPS, ids=lambda slip: slip.__name__)
def test_what_a_linter_or_checker_reads_still_parses(slip):
    """Only the kinds of syntax and configuration break a file's syntax."""
    for splice in slip(Source(SHOP)):
        ast.parse(splice.apply(SHOP))


@pytest.mark.parametrize(("name", "slip"), formatting.SLIPS, ids=lambda value: value if isinstance(value, str) else "")
def test_another_layout_is_the_same_program(name, slip):
    """A hunk that was laid out otherwise says what it said."""
    for splice in formatting.same_program(slip)(Source(SHOP)):
        assert ast.dump(ast.parse(splice.apply(SHOP))) == ast.dump(ast.parse(SHOP))


@pytest.mark.parametrize(
    "slip", [syntax.lost_colon, syntax.lost_round_bracket, syntax.extra_bracket, syntax.keyword_typo, syntax.lost_quote]
)
def test_a_broken_file_does_not_parse(slip):
    """There is a place for each, and no place leaves a program behind."""
    splices = list(slip(Source(SHOP)))
    assert splices
    for splice in splices:
        with pytest.raises(SyntaxError):
            ast.parse(splice.apply(SHOP))


@pytest.mark.parametrize(("slip", "side"), [(syntax.conflict_ours, 0), (syntax.conflict_theirs, 1)])
def test_one_side_of_a_merge_is_the_original(slip, side):
    """Both sides are code that somebody could have written; the right one is the text as it was."""
    (splice, *_) = slip(Source(SHOP))
    ours, theirs = splice.text.removeprefix("<<<<<<< HEAD\n").removesuffix(">>>>>>> feature/older\n").split("=======\n")
    sides = (ours, theirs)
    assert sides[side] == SHOP[splice.start : splice.end]
    assert sides[1 - side] != sides[side]


@pytest.mark.parametrize(
    ("slip", "before", "after"),
    [
        (lint.none_compared, "self.currency is None", "self.currency == None"),
        (lint.lost_cause, " from error", ""),
        (lint.bare_except, "except TypeError:", "except:"),
        (lint.mutable_default, "limit=None", "limit=[]"),
        (lint.unused_argument, "sizes: dict[str, int]", "sizes: dict[str, int], strict: bool = False"),
        (lint.lost_import, "import json\n", ""),
        (typing_errors.implicit_optional, "currency: str | None = None", "currency: str = None"),
        (typing_errors.wrong_keyword, "parse_int=int", f"{misspelt('parse_int')}=int"),
        (typing_errors.lost_guard, "        if self.currency is None:\n            return 0\n", ""),
        (typing_errors.bare_generic, "dict[str, int]", "dict"),
        (fixable.negated_membership, 'name not in "xyz"', 'not name in "xyz"'),
        (turned_comparison, "value > limit", "value >= limit"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_slip_changes_its_place_alone(slip, before, after):
    """One of the places is this one, and the rest of the file is as it was."""
    assert SHOP.replace(before, after, 1) in {splice.apply(SHOP) for splice in slip(Source(SHOP))}


@pytest.mark.parametrize(
    ("slip", "text", "after"),
    [
        (configuration.toml_quote, 'a = "b"\n', 'a = "b\n'),
        (configuration.toml_header, "[tool.x]\n", "[tool.x\n"),
        (configuration.quoted_number, "line = 100\n", 'line = "100"\n'),
        (configuration.ini_header, "[mypy]\nstrict = True\n", "[mypy\nstrict = True\n"),
        (configuration.json_last_comma, '[\n  "a"\n]\n', '[\n  "a",\n]\n'),
        (configuration.yaml_colon, "a:\n  key: 1\n", "a:\n  key 1\n"),
        (documentation.short_underline, "Title\n=====\n", "Title\n===\n"),
        (documentation.unknown_role, ":ref:`x`", ":reff:`x`"),
        (documentation.open_literal, "``x``", "``x`"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_other_files_are_broken_in_one_place(slip, text, after):
    """Settings and pages, which are no Python."""
    assert after in {splice.apply(text) for splice in slip(Source(text))}


@pytest.mark.parametrize("name", ["ab", "name", "value", "aaaa", "a_b_c", "parse_int"])
def test_a_misspelt_name_is_another_name(name):
    """Whatever the letters are."""
    assert misspelt(name) != name
    assert misspelt(name).isidentifier()


def test_places_are_counted_in_characters():
    """`ast` counts bytes; a letter of two of them moves nothing."""
    text = 'name = "é", other\n'
    source = Source(text)
    other = next(node for node in source.nodes if isinstance(node, ast.Name) and node.id == "other")
    assert source.of(other) == "other"
