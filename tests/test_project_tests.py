"""The line that runs a project's tests beside a command that runs none."""

import pytest

from selfheal.project_tests import guard_command

LINE = "python -m pytest -q --no-header -p no:cacheprovider --continue-on-collection-errors"
CASES = {
    "a checker": ("mypy", ("a.py", "tests/test_a.py"), LINE),
    "a checker of an environment": ("/env/bin/mypy src", ("tests/test_a.py",), f"/env/bin/{LINE}"),
    "a checker as a module": ("uv run python -m mypy", ("tests/test_a.py",), f"uv run {LINE}"),
    "no tests": ("mypy", ("a.py", "README.md"), None),
    "the command runs them itself": ("mypy && pytest", ("tests/test_a.py",), None),
    "a package below src": (
        "mypy",
        ("src/a/__init__.py", "tests/test_a.py"),
        f'PYTHONPATH="$PWD/src${{PYTHONPATH:+:$PYTHONPATH}}" {LINE}',
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_tests_run_with_the_environment_of_the_command(name: str) -> None:
    """Its Python is taken, and the sources are found where no package is installed."""
    command, paths, line = CASES[name]
    assert guard_command(command, paths) == line
