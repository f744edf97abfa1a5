"""Warnings of sphinx and mkdocs are mended in the page that they are about, and documented examples never change."""

import asyncio

import pytest

from builders import a_case, a_diagnosis, a_failure
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.documentation.warnings_as_errors import DocumentationWarnings

RST = """\
.. _shop:

Shop
====

See :ref:`shop`, :doc:`usage` and :func:`shop.core.sell`.

.. toctree::

   usage

.. code-block:: python

   x = 1

- one
- two

back with ``code`` in it
"""
FILES = {
    "docs/conf.py": "project = 'shop'\n",
    "docs/usage.rst": "Usage\n=====\n",
    "shop/core.py": 'def sell(item):\n    """Sell it.\n\n    Text\n    goes on.\n    """\n',
}
CASES = [
    ("====", "==", 4, "Title underline too short."),
    (":ref:`shop`", ":ref:`shp`", 6, "undefined label: 'shp'"),
    (":doc:`usage`", ":doc:`usag`", 6, "unknown document: 'usag'"),
    ("shop.core.sell", "shop.core.sel", 6, "py:func reference target not found: shop.core.sel"),
    (":ref:`shop`", ":rfe:`shop`", 6, 'Unknown interpreted text role "rfe".'),
    ("   usage", "   usagee", 8, "toctree contains reference to nonexisting document 'usagee'"),
    ("code-block::", "codeblock::", 12, 'Unknown directive type "codeblock".'),
    ("block:: python", "block:: pyhton", 12, "Pygments lexer name 'pyhton' is not known"),
    ("- two\n\nback", "- two\nback", 18, "Bullet list ends without a blank line; unexpected unindent."),
    ("``code``", "``code", 19, "Inline literal start-string without end-string."),
]


def _mended(files: dict[str, str], *failures: dict[str, object]) -> dict[str, str]:
    found = [a_failure(**{"tool": "sphinx", "file": "docs/index.rst", **failure}) for failure in failures]
    case = a_case(files, diagnosis=a_diagnosis(*found, category=Category.BUILD))
    strategy = DocumentationWarnings()
    targets = strategy.targets(case)
    if not targets:
        return {}
    patch = asyncio.run(strategy.propose(case, targets[0], sample=0, tried=()))
    return (
        {edit.path: (edit.content or b"").decode() for edit in patch.edits} if isinstance(patch, CandidatePatch) else {}
    )


@pytest.mark.parametrize(("right", "wrong", "line", "message"), CASES, ids=[case[3][:30] for case in CASES])
def test_a_warning_is_mended(right: str, wrong: str, line: int, message: str) -> None:
    """The page is as it was before the damage."""
    files = {**FILES, "docs/index.rst": RST.replace(right, wrong, 1)}

    assert _mended(files, {"line": line, "message": message}) == {"docs/index.rst": RST}


def test_all_warnings_are_mended_at_once() -> None:
    """From the bottom of the page to its top, so that lines keep their numbers."""
    text, failures = RST, []
    for right, wrong, line, message in CASES[:2] + CASES[6:7] + CASES[8:9]:
        text = text.replace(right, wrong, 1)
        failures.append({"line": line, "message": message})

    assert _mended({**FILES, "docs/index.rst": text}, *failures) == {"docs/index.rst": RST}


def test_a_lonely_document_is_added_to_the_nearest_toctree() -> None:
    """Behind its last entry."""
    files = {**FILES, "docs/index.rst": RST, "docs/faq.rst": "FAQ\n===\n"}
    failure = {"file": "docs/faq.rst", "line": None, "message": "document isn't included in any toctree"}

    assert _mended(files, failure) == {"docs/index.rst": RST.replace("   usage\n", "   usage\n   faq\n")}


def test_a_docstring_is_mended_in_its_module() -> None:
    """Sphinx counts lines within the docstring."""
    text = FILES["shop/core.py"].replace("    goes on.", "      goes on.")
    message = "Unexpected indentation. (line 4 of the docstring of shop.core.sell)"
    found = _mended({**FILES, "shop/core.py": text}, {"file": "shop/core.py", "line": None, "message": message})

    assert found == {"shop/core.py": FILES["shop/core.py"]}


def test_a_doctest_is_a_test() -> None:
    """What an example prints is never made to fit."""
    failure = {"line": 3, "code": "doctest", "message": "the documented example does not print what it should"}

    assert _mended({"docs/index.rst": ">>> 1 + 1\n3\n"}, failure) == {}


SITE = {
    "mkdocs.yml": "site_name: Shop\nnav:\n  - Home: index.md\n  - Usage: guide/usage.md\n",
    "docs/index.md": "# Shop\n\nSee [usage](guide/usage.md#buying) and ![logo](img/logo.png).\n",
    "docs/guide/usage.md": "# Usage\n\n## Buying\n",
    "docs/img/logo.png": "",
}


@pytest.mark.parametrize(
    ("path", "right", "wrong", "message"),
    [
        (
            "docs/index.md",
            "guide/usage.md#",
            "usage.md#",
            "Doc file 'index.md' contains a link 'usage.md#buying', but the target is not found",
        ),
        (
            "docs/index.md",
            "img/logo.png",
            "img/lgo.png",
            "Doc file 'index.md' contains a link 'img/lgo.png', but the target is not found",
        ),
        (
            "docs/index.md",
            "#buying",
            "#byuing",
            "Doc file 'index.md' contains a link 'guide/usage.md#byuing', but the doc 'guide/usage.md' does not"
            " contain an anchor '#byuing'.",
        ),
        (
            "mkdocs.yml",
            "guide/usage.md",
            "guide/usge.md",
            "A reference to 'guide/usge.md' is included in the 'nav' configuration, which is not found",
        ),
    ],
)
def test_links_of_mkdocs(path: str, right: str, wrong: str, message: str) -> None:
    """The nearest page, image, heading or entry."""
    files = {**SITE, path: SITE[path].replace(right, wrong, 1)}

    found = _mended(files, {"tool": "mkdocs", "file": path, "line": None, "message": message})

    assert found == {path: SITE[path]}


def test_nothing_near_and_hostile_findings() -> None:
    """A file outside the tree, a line that does not exist, a name that is like no other: nothing is done."""
    files = {**FILES, "docs/index.rst": RST}
    for facts in (
        {"file": "/etc/x.rst", "line": 1, "message": "Title underline too short."},
        {"line": 99_999, "message": "Title underline too short."},
        {"line": 6, "message": "undefined label: 'zzzzzz'"},
        {"file": None, "line": None, "message": "document isn't included in any toctree"},
    ):
        assert _mended(files, facts) == {}


TABLES = [
    (
        "=====  ===\nname   day\n=====  ===\na b    1\n=====  ===",
        "=====  ===\nname   day\n=====  ===\na b    1\n==  ===",
    ),
    (
        "=====  ===\nname   day\n=====  ===\na b    1\n=====  ===",
        "==  ===\nname   day\n=====  ===\na b    1\n=====  ===",
    ),
    (
        "+----+----+\n| a  | b  |\n+====+====+\n| 1  | 2  |\n+----+----+",
        "+----+----+\n| a  | b  |\n+====+===+\n| 1  | 2 |\n+----+----+",
    ),
    (
        "======  ====\nname    date\n======  ====\nlonger  1\n======  ====",
        "====  ====\nname  date\n====  ====\nlonger  1\n====  ====",
    ),
]


@pytest.mark.parametrize(("right", "wrong"), TABLES)
def test_a_table_stands_in_line_again(right: str, wrong: str) -> None:
    """The border that the others have; where the text has outgrown it, the whole table."""
    page = "Head\n====\n\n{}\n\nText.\n"
    files = {**FILES, "docs/index.rst": page.format(wrong)}

    assert _mended(files, {"line": 6, "message": "Malformed table."}) == {"docs/index.rst": page.format(right)}


DIRECTIVES = [
    (
        ".. code-block:: python\n\n   x = 1\n",
        ".. code-block:: python\n   x = 1\n",
        'Error in "code-block" directive:',
        "maximum 1 argument(s) allowed, 4 supplied.",
    ),
    (
        ".. list-table::\n   :header-rows: 1\n",
        ".. list-table::\n   :headr-rows: 1\n",
        'Error in "list-table" directive:',
        'unknown option: "headr-rows".',
    ),
    (
        ".. note::\n\n   Text.\n",
        ".. note::\n\nText.\n",
        'Content block expected for the "note" directive; none found.',
        "",
    ),
    ("So::\n\n    x = 1\n", "So::\n\nx = 1\n", "Literal block expected; none found.", ""),
    (".. [CIT2020] x\n\nSee [CIT2020]_.\n", ".. [CIT2020] x\n\nSee [CIR2020]_.\n", "citation not found: CIR2020", ""),
]


@pytest.mark.parametrize(("right", "wrong", "message", "more"), DIRECTIVES, ids=[one[2][:30] for one in DIRECTIVES])
def test_a_directive_is_mended(right: str, wrong: str, message: str, more: str) -> None:
    """Its options, its blank line, its content."""
    found = _mended(
        {**FILES, "docs/index.rst": wrong}, {"line": 1, "message": message, "excerpt": f"{message}\n{more}"}
    )

    assert found == {"docs/index.rst": right}


def test_a_name_that_autodoc_cannot_import_is_found_on_its_page() -> None:
    """The warning names no page."""
    text = "A\n=\n\n.. autofunction:: shop.core.{}\n"
    message = "autodoc: failed to import function 'sel' from module 'shop.core'; the following exception was raised:"

    found = _mended({**FILES, "docs/api.rst": text.format("sel")}, {"file": None, "line": None, "message": message})

    assert found == {"docs/api.rst": text.format("sell")}


@pytest.mark.parametrize(
    "text",
    ["", "=" * 100_000, "+" + "-+" * 50_000, "+--+\n" * 20_000, "== ==\n" * 3000, "| a |\n", "==  ==\na\n==  ==\n"],
    ids=range(7),
)
def test_a_hostile_table_is_left_alone(text: str) -> None:
    """Whatever it holds, there is an answer at once."""
    assert _mended({**FILES, "docs/index.rst": text}, {"line": 1, "message": "Malformed table."}) == {}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("A mapping_ of it.\n\n.. _mapping: https://a.org\n", "A mapping_ of it.\n\n.. _mappin: https://a.org\n"),
        (
            "See `the rules`_, the rules are short: `the rules`_.\n\n.. _the rules: https://a.org\n",
            "See `the rulse`_, the rules are short: `the rules`_.\n\n.. _the rules: https://a.org\n",
        ),
    ],
)
def test_the_side_of_a_link_that_nothing_agrees_with_is_mended(right: str, wrong: str) -> None:
    """The target where no reference has its name, else the reference."""
    name = "mapping" if "mapping_" in wrong else "the rulse"

    found = _mended({**FILES, "docs/index.rst": wrong}, {"line": 1, "message": f'Unknown target name: "{name}".'})

    assert found == {"docs/index.rst": right}
