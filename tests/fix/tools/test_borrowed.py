"""flake8's and pylint's findings are mended by what the environment has beside them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builders import a_diagnosis, a_failure
from fakes import tree_of
from selfheal.contract.diagnosis import Failure
from selfheal.fix.tools.borrowed import Borrowed
from selfheal.fix.tools.calls import find_calls
from selfheal.fix.tools.codes import ruff_rules
from selfheal.fix.tools.interface import Errand, Workplace

SAFE = Borrowed("borrowed", is_unsafe=False, only_by_rule=False)
UNSAFE = Borrowed("borrowed-unsafe", is_unsafe=True, only_by_rule=True)


def errand(*failures: Failure, mender: Borrowed = SAFE, **files: str) -> Errand | None:
    tree = tree_of({"a.py": "", **files})
    return mender.errand(Workplace(a_diagnosis(*failures), tree, find_calls("flake8", tree)))


def finding(code: str, tool: str = "flake8") -> Failure:
    return a_failure(tool=tool, code=code, file="a.py")


@pytest.mark.parametrize(
    ("tool", "code", "rules"),
    [
        ("flake8", "F401", ("F401",)),
        ("flake8", "E225", ("E225",)),
        ("flake8", "I100", ("I001",)),
        ("flake8", "XYZ9", ()),
        ("pylint", "C0411", ("I001",)),
        ("pylint", "trailing-whitespace", ("W291", "W293")),
        ("pylint", "R0913", ()),
    ],
)
def test_a_code_has_its_rule(tool, code, rules):
    """What no rule rewrites is not this strategy's."""
    assert ruff_rules(tool, code) == rules
    assert SAFE.answers(finding(code, tool)) == bool(rules)


def test_only_the_failing_codes_are_mended(tmp_path: Path):
    """ruff mends exactly what was found, and nothing else in the file."""
    source = "import os\nx=1\ny = {  'a':1}\n"
    (tmp_path / "a.py").write_text(source)
    made = errand(finding("F401"))
    assert made is not None
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(["sh", "-c", made.text], cwd=tmp_path, check=True, capture_output=True, env={"PATH": path})
    assert (tmp_path / "a.py").read_text() == "x=1\ny = {  'a':1}\n"


def test_layout_is_the_projects_formatters():
    """Where the project has one, its own style is what counts."""
    made = errand(finding("E225"), **{"pyproject.toml": "[tool.black]\nline-length = 100\n"})
    assert made is not None
    assert made.words == "black for E225"
    assert "then black a.py" in made.text


def test_without_ruff_older_tools_are_asked(tmp_path: Path):
    """autoflake, isort and autopep8 have the codes, where they are installed."""
    (tmp_path / "autoflake").write_text('#!/bin/sh\necho "$@" >called\n')
    (tmp_path / "autoflake").chmod(0o755)
    made = errand(finding("F401"))
    assert made is not None
    environ = {"PATH": str(tmp_path)}
    subprocess.run(["/bin/sh", "-c", made.text], cwd=tmp_path, env=environ, check=True, capture_output=True)
    assert (tmp_path / "called").read_text() == "--in-place --remove-all-unused-imports a.py\n"


def test_unsafe_fixes_are_asked_for_one_code():
    """What ruff calls unsafe comes only with its flag."""
    safe, unsafe = errand(finding("E711")), errand(finding("E711"), mender=UNSAFE)
    assert safe is not None
    assert unsafe is not None
    assert "--unsafe-fixes" not in safe.text
    assert "--unsafe-fixes --select E711" in unsafe.text
