"""The line that runs a project's tests in the environment of a command that runs none. Pure."""

from collections.abc import Iterable

from selfheal.contract.test_paths import is_test_path
from selfheal.shell import find_invocations

_CHECKERS = (
    "mypy",
    "dmypy",
    "pyright",
    "basedpyright",
    "ruff",
    "flake8",
    "pylint",
    "black",
    "isort",
    "pre-commit",
    "tox",
)
_RUNNERS_OF_TESTS = ("pytest", "py.test", "unittest", "tox", "nox", "jest", "vitest", "mocha", "go", "cargo", "mvn")
_OPTIONS = ("-q", "--no-header", "-p", "no:cacheprovider", "--continue-on-collection-errors")


def guard_command(command: str, paths: Iterable[str]) -> str | None:
    """The line that runs the project's tests with the environment of `command`, or None where it has none.

    None too where the command runs tests itself.
    """
    if any(find_invocations(command, tool) for tool in _RUNNERS_OF_TESTS):
        return None
    known = tuple(path for path in paths if path.endswith(".py"))
    if not any(map(is_test_path, known)):
        return None
    return " ".join((*_sources(known), *_python(command), "-m", "pytest", *_OPTIONS))


def _sources(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Let the tests find a package below `src/`: a checker's environment often has no package installed."""
    has_package = any(path.startswith("src/") and path.count("/") < 3 for path in paths)
    return ('PYTHONPATH="$PWD/src${PYTHONPATH:+:$PYTHONPATH}"',) if has_package else ()


def _python(command: str) -> tuple[str, ...]:
    """The Python that belongs to the checker that the command calls."""
    for tool in _CHECKERS:
        for call in find_invocations(command, tool):
            *head, program = call.prefix
            if "-m" in head:
                return tuple(head[: head.index("-m")])
            folder = program.rpartition("/")[0]
            if folder:
                return (*head, f"{folder}/python")
            return (*head, "python")
    return ("python",)
