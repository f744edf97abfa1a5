"""How the failing command calls a tool is read, never guessed."""

import pytest

from selfheal.shell import find_invocations, installs_packages, without_installs


@pytest.mark.parametrize(
    ("command", "prefix", "arguments"),
    [
        ("ruff check .", ("ruff",), ("check", ".")),
        ("python -m ruff check src tests", ("python", "-m", "ruff"), ("check", "src", "tests")),
        ("uv run --frozen ruff check", ("uv", "run", "--frozen", "ruff"), ("check",)),
        (".venv/bin/ruff check a", (".venv/bin/ruff",), ("check", "a")),
        ("CI=1 ruff check 'a b'", ("CI=1", "ruff"), ("check", "a b")),
        ("mypy . && ruff check . | tee log", ("ruff",), ("check", ".")),
        ("poetry run python -m ruff check", ("poetry", "run", "python", "-m", "ruff"), ("check",)),
    ],
)
def test_the_call_is_found(command, prefix, arguments):
    """Direct, as a module, and behind a runner."""
    (call,) = find_invocations(command, "ruff")
    assert (call.prefix, call.arguments) == (prefix, arguments)


@pytest.mark.parametrize("command", ["echo ruff check", "make ruff", "cat ruff", "ruff check 'unclosed", "pytest -q"])
def test_a_word_that_only_looks_like_the_tool_is_not_called(command):
    """`echo ruff` does not call ruff."""
    assert find_invocations(command, "ruff") == ()


def test_assignments_in_front_stay_assignments():
    """`A='x y' ruff` sets A for the fixer too."""
    (call,) = find_invocations("A='x y' ruff check", "ruff")
    assert call.with_arguments("format") == "A='x y' ruff format"


def test_all_calls_are_found():
    """A command may call a tool twice."""
    assert len(find_invocations("ruff check a; ruff format --check b", "ruff")) == 2


def test_arguments_are_quoted_again():
    """A path with a blank or a shell character stays one argument."""
    (call,) = find_invocations("ruff check", "ruff")
    assert call.with_arguments("check", "--", "a b;rm -rf x") == "ruff check -- 'a b;rm -rf x'"


@pytest.mark.parametrize(
    ("command", "rest"),
    [
        ("python -m pip install -q -r requirements.txt && pytest -q", "pytest -q"),
        ("pip install -e '.[dev]'; cd a && pytest -k 'a && b'", "cd a && pytest -k 'a && b'"),
        ("uv pip install x", ""),
        ("pytest -q", "pytest -q"),
        ("(pip install x && pytest)", "(pip install x && pytest)"),
        ("echo 'pip install x'", "echo 'pip install x'"),
    ],
)
def test_the_steps_that_install_can_be_left_out(command: str, rest: str):
    """What else the command does stays word for word; what can't be taken apart for sure stays whole."""
    assert without_installs(command) == rest
    assert installs_packages(command) == (rest != command)
