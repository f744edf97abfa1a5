"""A repair is correct where everything passes and nothing was bent to make it pass."""

import shutil
from pathlib import Path

import pytest

from planting.bases import Base
from planting.cases import Case
from planting.judging import judge
from planting.packages import Package
from planting.storage import Storage

GOOD = "def add(a, b):\n    return a + b\n"
BROKEN = "import os\n\n\ndef add(a, b):\n    return a + b\n"
RUFF_TOML = "line-length = 100\n[lint]\nselect = ['F']\n"
FINDS = "! grep -n '^import os$' shop.py"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """An environment whose python passes every test where `add` is there."""
    python = tmp_path / "cache" / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\ngrep -q 'def add' shop.py\n")
    python.chmod(0o755)
    return Storage(tmp_path / "cache")


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """A package with a test and a linter's settings."""
    tree = tmp_path / "tree"
    (tree / "tests").mkdir(parents=True)
    (tree / "shop.py").write_text(GOOD)
    (tree / "tests" / "test_shop.py").write_text("assert True\n")
    (tree / "ruff.toml").write_text(RUFF_TOML)
    return Base(Package("shop", "1.0", "0" * 64, source="shop.py", root=".", tests="tests"), "ruff", tree)


def repaired(base: Base, **files: str | None) -> Path:
    """The tree after a repair that wrote these files; None deletes one."""
    tree = base.tree.with_name("repaired")
    shutil.copytree(base.tree, tree)
    for name, text in files.items():
        path = tree / {"shop": "shop.py", "test": "tests/test_shop.py", "settings": "ruff.toml"}[name]
        if text is None:
            path.unlink()
        else:
            path.write_text(text)
    return tree


def a_case(file: str = "shop.py", text: str = BROKEN, command: str = FINDS) -> Case:
    """An unused import."""
    return Case("lint", "unused", "shop", "ruff", command, "", ((file, text),))


def test_the_original_is_correct(base: Base, storage: Storage):
    """And the same program."""
    judged = judge(a_case(), base, repaired(base, shop=GOOD), storage)
    assert judged.is_correct
    assert judged.is_same


def test_another_program_that_passes_is_correct_but_not_the_same(base: Base, storage: Storage):
    """Tests decide; that it differs is told."""
    judged = judge(a_case(), base, repaired(base, shop="def add(a, b):\n    return b + a\n"), storage)
    assert judged.is_correct
    assert not judged.is_same


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"shop": BROKEN}, "still fails"),
        ({"shop": "x = 1\n"}, "own tests fail"),
        ({"shop": "import os  # noqa: F401\n" + GOOD}, "silenced"),
        ({"shop": "from typing import Any\nx: Any = 1\n" + GOOD}, "silenced"),
        ({"shop": GOOD, "test": "assert 1\n"}, "test tests/test_shop.py was changed"),
        ({"shop": GOOD, "settings": RUFF_TOML + "ignore = ['F401']\n"}, "settings of ruff.toml"),
        ({"shop": GOOD, "test": None}, "was deleted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_makes_a_repair_wrong(base: Base, storage: Storage, files, why):
    """Each is named."""
    assert why in judge(a_case(), base, repaired(base, **files), storage).wrong


def test_a_silencer_that_was_there_before_is_none(base: Base, storage: Storage):
    """The original's own lines may come back."""
    text = GOOD + "import sys  # noqa: E402\n"
    (base.tree / "shop.py").write_text(text)
    assert judge(a_case(text=BROKEN), base, repaired(base, shop=text), storage).is_correct


def test_broken_settings_must_say_what_they_said(base: Base, storage: Storage):
    """Another layout is right, another value is not."""
    case = a_case("ruff.toml", RUFF_TOML.replace("]\n", "\n", 1), command="true")
    assert judge(case, base, repaired(base, settings=RUFF_TOML.replace("'", '"')), storage).is_correct
    shutil.rmtree(base.tree.with_name("repaired"))
    assert "something else" in judge(case, base, repaired(base, settings="line-length = 100\n"), storage).wrong


def test_settings_that_stay_broken_are_not_mended_by_what_lies_around_them(base: Base, storage: Storage):
    """A tool that passes over a file that it can't read is quiet, and that is all."""
    broken = RUFF_TOML.replace("]\n", "\n", 1)
    tree = repaired(base, settings=broken, shop=GOOD + "\n")
    assert "something else" in judge(a_case("ruff.toml", broken, command="true"), base, tree, storage).wrong
