"""What a tool refuses in a file that parses is made to say what it plainly meant."""

import asyncio

import pytest

from builders import a_case, a_diagnosis, a_failure
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.configuration.keys import ConfigurationKeys
from selfheal.fix.interface import NoCandidate

PYPROJECT = '[project]\nname = "shop"\n\n[tool.pytest.ini_options]\nminversoin = "8"\nmarkers = ["slow: takes long"]\n'
CASES = [
    ("Unknown config option: minversoin", {}, PYPROJECT.replace("soin", "sion")),
    (
        "'network' not found in `markers` configuration option",
        {},
        PYPROJECT.replace('long"]', 'long", "network: network tests"]'),
    ),
    (
        "TOML parse error at line 5, column 1: unknown field `minversoin`, expected one of `minversion`, `markers`",
        {"file": "pyproject.toml", "line": 5},
        PYPROJECT.replace("soin", "sion"),
    ),
]


def _patched(files: dict[str, str], message: str, **facts: object) -> dict[str, str]:
    failure = a_failure(**{"tool": "tool", "file": None, "line": None, "message": message, **facts})
    case = a_case(files, diagnosis=a_diagnosis(failure, category=Category.CONFIG))
    strategy = ConfigurationKeys()
    targets = strategy.targets(case)
    patch = asyncio.run(strategy.propose(case, targets[0], sample=0, tried=()))
    if isinstance(patch, NoCandidate):
        return {}
    assert isinstance(patch, CandidatePatch)
    return {edit.path: (edit.content or b"").decode() for edit in patch.edits}


@pytest.mark.parametrize(("message", "facts", "right"), CASES, ids=[case[0][:40] for case in CASES])
def test_pyproject(message: str, facts: dict[str, object], right: str) -> None:
    """The nearest known key, and a marker that the tests use."""
    assert _patched({"pyproject.toml": PYPROJECT}, message, **facts) == {"pyproject.toml": right}


def test_a_marker_goes_into_the_ini_file_that_is_there() -> None:
    """In the style of the lines around it."""
    text = "[pytest]\nmarkers =\n  slow: x\naddopts = -q\n"

    found = _patched({"pytest.ini": text}, "'net' not found in `markers` configuration option")

    assert found == {"pytest.ini": "[pytest]\nmarkers =\n  slow: x\n  net: net tests\naddopts = -q\n"}


TSCONFIG = """\
{
  // strict
  "compilerOptions": {
    "strct": true,
    "noEmit": "true",
    "target": "es202O"
  }
}
"""


@pytest.mark.parametrize(
    ("message", "line", "column", "wrong", "right"),
    [
        ("Unknown compiler option 'strct'. Did you mean 'strict'?", 4, 5, "strct", "strict"),
        ("Compiler option 'noEmit' requires a value of type boolean.", 5, 15, '"true"', "true"),
        ("Argument for '--target' option must be: 'es5', 'es2019', 'es2020'.", 6, 15, "es202O", "es2020"),
    ],
)
def test_tsconfig(message: str, line: int, column: int, wrong: str, right: str) -> None:
    """The compiler's own suggestion, type and list; the comment stays."""
    found = _patched({"tsconfig.json": TSCONFIG}, message, file="tsconfig.json", line=line, column=column)

    assert found == {"tsconfig.json": TSCONFIG.replace(wrong, right, 1)}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('licence = "MIT"\n', 'license = "MIT"\n'),
        ('dependencies = "click"\n', 'dependencies = ["click"]\n'),
        ('dependencies = ["click=>8"]\n', 'dependencies = ["click>=8"]\n'),
        ('requires-python = "=>3.11"\n', 'requires-python = ">=3.11"\n'),
        ("version = 1\n", 'version = "1"\n'),
    ],
)
def test_project_table(wrong: str, right: str) -> None:
    """`[project]` against its specification, whichever backend complains."""
    head = '[project]\nname = "shop"  # the name\n'

    found = _patched({"pyproject.toml": head + wrong}, "ValueError: invalid pyproject.toml config: `project`.")

    assert found == {"pyproject.toml": head + right}


def test_a_file_that_is_named_wrongly() -> None:
    """The readme that exists is meant."""
    files = {"pyproject.toml": '[project]\nname = "shop"\nreadme = "READM.md"\n', "README.md": "# Shop\n"}

    found = _patched(files, "OSError: Readme file does not exist: READM.md")

    assert found["pyproject.toml"] == files["pyproject.toml"].replace("READM.md", "README.md")


def test_nothing_near_is_nothing_done() -> None:
    """No guess where no known key is close, and none for a file outside the tree."""
    message = "unknown field `quux`, expected one of `select`, `ignore`"

    assert _patched({"ruff.toml": "quux = 1\n"}, message, file="ruff.toml", line=1) == {}
    assert _patched({"ruff.toml": "quux = 1\n"}, message, file="/etc/ruff.toml", line=99) == {}
