"""The narrow command runs the failing tests and nothing that a log could have put into it."""

import shlex

import pytest

from builders import a_diagnosis, a_failure
from selfheal.verify.narrow import narrow

ID = "tests/test_a.py::test_one"


def failing(*ids):
    return a_diagnosis(*(a_failure(test_id=test_id) for test_id in ids))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pytest", f"pytest {ID}"),
        ("pytest -q", f"pytest -q {ID}"),
        ("python -m pytest tests/a.py -x --cov", f"python -m pytest {ID}"),
        ("uv run pytest -p no:cacheprovider tests", f"uv run pytest -p no:cacheprovider {ID}"),
        ("CI=1 pytest --tb=short tests/", f"CI=1 pytest --tb=short {ID}"),
        ("pytest -k 'slow or fast' -q", f"pytest -q {ID}"),
        ("pytest -m integration", f"pytest {ID}"),
        ("pytest -n 4 --dist loadfile -q", f"pytest -q {ID}"),
        ("pytest -n4 -xq", f"pytest -q {ID}"),
        ("pytest -kslow -vxs", f"pytest -vs {ID}"),
        ("pytest --cov pkg --cov-report term tests", f"pytest {ID}"),
        ("pytest --deselect tests/test_b.py::test_two", f"pytest {ID}"),
    ],
)
def test_options_that_shape_the_run_stay_and_those_that_choose_go(command, expected):
    """The failing test runs as it ran before; what selects, spreads, measures or stops early is left out."""
    assert narrow(command, failing(ID)) == expected


@pytest.mark.parametrize(
    "command",
    [
        "ruff check && pytest",
        "pytest; true",
        "pytest | tee log",
        "pytest > log",
        "pytest $ARGS",
        "pytest `cat args`",
        "pytest tests/*.py",
        "cd sub\npytest",
        "make test",
        "tox -e py311",
        "echo pytest",
        "pytest 'unclosed",
        "pytest # -q",
        "",
    ],
)
def test_what_is_not_one_plain_pytest_call_is_left_alone(command):
    """Compound lines, expansions and other tools: the whole command is run."""
    assert narrow(command, failing(ID)) is None


@pytest.mark.parametrize(
    "hostile",
    [
        "--rootdir=/::x",
        "-p evil::x",
        "tests/test_a.py::test\n--co",
        "tests/test_a.py::test\x1b[2J",
        "tests/test_a.py::test\0",
        "tests/" + "a" * 600 + "::test",
        "tests/test_a.py",
        "@args::x",
    ],
)
def test_an_id_that_could_be_more_than_an_id_is_not_used(hostile):
    """Ids come from a log: options, control characters, argument files and endless names spoil the whole list."""
    assert narrow("pytest", failing(ID, hostile)) is None


@pytest.mark.parametrize(
    "test_id", ["t.py::test[a b]", "t.py::test[$(rm -rf x)]", "t.py::test[';id;']", 't.py::t["`x`"]']
)
def test_a_parameter_that_looks_like_shell_stays_one_word(test_id):
    """Parameters of tests hold any text: a shell must see exactly one argument."""
    command = narrow("pytest -q", failing(test_id))
    assert command is not None
    assert shlex.split(command) == ["pytest", "-q", test_id]


def test_many_failures_are_not_narrowed():
    """A run of most tests saves nothing."""
    assert narrow("pytest", failing(*(f"t.py::test_{n}" for n in range(21)))) is None
    assert narrow("pytest", failing(*(f"t.py::test_{n}" for n in range(20)))) is not None


def test_a_failing_test_is_named_once():
    """A test that failed in its call and in its teardown is one test."""
    assert narrow("pytest", failing(ID, ID)) == f"pytest {ID}"


def test_findings_without_a_test_are_not_narrowed():
    """There is nothing to name."""
    assert narrow("pytest", a_diagnosis(a_failure())) is None
    assert narrow("pytest", a_diagnosis(a_failure(tool="unittest", test_id=ID))) is None
