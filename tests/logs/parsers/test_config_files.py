"""What tools say in one line about a configuration file that they can't read names the file and the line."""

import pytest

from selfheal.contract.diagnosis import Category
from selfheal.logs.diagnose import diagnose

CASES = [
    (
        "mypy.ini: Source contains parsing errors: 'mypy.ini'\n\t[line  4]: 'src/b.py\\n'\n"
        "usage: mypy [-h]\nmypy: error: Missing target module, package, files, or command.\n",
        ("mypy", "mypy.ini", 4),
    ),
    (
        "mypy.ini: File contains no section headers.\nfile: 'mypy.ini', line: 1\n'[mypy\\n'\n",
        ("mypy", "mypy.ini", 1),
    ),
    (
        "setup.cfg: While reading from 'setup.cfg' [line  3]: option 'files' in section 'mypy' already exists\n",
        ("mypy", "setup.cfg", 3),
    ),
    ("pyproject.toml: Invalid value (at line 2, column 10)\na.py:1: error: x  [misc]\n", ("mypy", "pyproject.toml", 2)),
    (
        "sys:1: UserWarning: Failed to pull configuration information from /repo/.isort.cfg\n"
        "ERROR: /repo/a.py Imports are incorrectly sorted and/or formatted.\n",
        ("isort", ".isort.cfg", None),
    ),
    ("\t- profle = black  (source: '/repo/.isort.cfg')\n", ("isort", ".isort.cfg", None)),
    (
        "************* Module /repo/.pylintrc\n.pylintrc:3:0: F0011: error while parsing the configuration: File"
        " contains no section headers.\nfile: '/repo/.pylintrc', line: 3\n",
        ("pylint", ".pylintrc", 3),
    ),
    ("Expecting value: line 23 column 3 (char 597)\n", ("json.tool", None, 23)),
    (
        "Couldn't read config file pyproject.toml: Invalid value (at line 2, column 10)\n",
        ("coverage", "pyproject.toml", 2),
    ),
]


@pytest.mark.parametrize(("output", "place"), CASES, ids=[f"{place[0]}-{n}" for n, (_, place) in enumerate(CASES)])
def test_the_file_and_line_are_named(output: str, place: tuple[str, str | None, int | None]) -> None:
    """The configuration comes first, whatever else the tool goes on to say."""
    known = frozenset({"mypy.ini", "setup.cfg", "pyproject.toml", ".isort.cfg", ".pylintrc", "a.py"})

    found = diagnose(output, exit_code=1, root="/repo", known_files=known)

    first = found.failures[0]
    assert (found.category, (first.tool, first.file, first.line)) == (Category.CONFIG, place)


def test_all_keys_that_ruff_lists_are_kept() -> None:
    """The right key may be the last of a long list."""
    names = ", ".join(f"`key-{n}`" for n in range(150))
    said = f"unknown field `targetv-ersion`, expected one of {names}, `target-version`"
    output = (
        "ruff failed\n  Cause: Failed to parse /repo/ruff.toml\n"
        f"  Cause: TOML parse error at line 1, column 1\n  |\n1 | x\n  | ^\n{said}\n"
    )

    found = diagnose(output, exit_code=2, root="/repo", known_files=frozenset({"ruff.toml"}))

    assert found.failures[0].message.endswith("`target-version`")


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ("hatchling/metadata/core.py", "TypeError: Field `project.dependencies` must be an array"),
        ("hatchling/builders/wheel.py", "OSError: Readme file does not exist: READMEE.md"),
        ("setuptools/config/pyprojecttoml.py", "ValueError: invalid pyproject.toml config: `project.name`."),
    ],
)
def test_a_build_backend_refuses_the_configuration(frame: str, said: str) -> None:
    """What its traceback says is about pyproject.toml, and no failing test."""
    output = (
        "Traceback (most recent call last):\n"
        f'  File "/venv/lib/python3.12/site-packages/{frame}", line 1210, in run\n    raise error\n{said}\n'
    )

    found = diagnose(output, exit_code=1, root="/repo", known_files=frozenset({"pyproject.toml"}))

    assert (found.category, found.failures[0].file) == (Category.CONFIG, "pyproject.toml")
