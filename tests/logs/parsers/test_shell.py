"""Shells of other systems, and lines that only look like theirs."""

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.logs import diagnose

FILES = frozenset({"ci/run.sh", "Makefile"})


def _diagnose(log: str, exit_code: int | None = 1) -> Diagnosis:
    return diagnose(log, exit_code=exit_code, root="/repo", known_files=FILES)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("bash: frobnicate: command not found", "frobnicate"),
        ("/home/runner/work/_temp/4a.sh: line 3: frobnicate: command not found", "frobnicate"),
        ("/bin/sh: 1: frobnicate: not found", "frobnicate"),
        ("/bin/sh: frobnicate: not found", "frobnicate"),
        ("zsh: command not found: frobnicate", "frobnicate"),
        ("fish: Unknown command: frobnicate", "frobnicate"),
        ("sudo: frobnicate: command not found", "frobnicate"),
        ("env: 'frobnicate': No such file or directory", "frobnicate"),
        ("timeout: failed to run command 'frobnicate': No such file or directory", "frobnicate"),
        ("'frobnicate' is not recognized as an internal or external command,", "frobnicate"),
        ("ci\\run.ps1: The term 'frobnicate' is not recognized as a name of a cmdlet", "frobnicate"),
    ],
)
def test_missing_command_is_named(line: str, name: str) -> None:
    """Every shell says it in other words; the program's name is found in all."""
    diagnosis = _diagnose(f"start\n{line}\n", 127)
    assert diagnosis.category is Category.ENVIRONMENT
    assert name in diagnosis.failures[0].message
    assert name in diagnosis.advice


def test_carriage_returns_are_the_scripts_own_fault() -> None:
    """Older bash writes ^M, env and bash's lines write the escape: a script with Windows line ends can be mended."""
    for line in (
        "bash: ./ci/run.sh: /bin/bash^M: bad interpreter: No such file or directory",
        "ci/run.sh: line 2: $'\\r': command not found",
    ):
        diagnosis = _diagnose(f"{line}\n", 127)
        assert diagnosis.category is Category.FORMAT, line
        assert diagnosis.failures[0].file == "ci/run.sh"


def test_variable_of_the_script_itself_is_no_environment() -> None:
    """Only names in capitals are the job's to set."""
    diagnosis = _diagnose("ci/run.sh: 4: target: parameter not set\n", 2)
    assert diagnosis.category is Category.BUILD
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == ("ci/run.sh", 4)


def test_missing_file_in_passing_is_not_what_failed() -> None:
    """A complaint far above the end of the log, from a command that was allowed to fail, is left out."""
    log = "ci/run.sh: line 2: ./local.env: No such file or directory\n" + "building\n" * 60
    assert all(failure.tool != "shell" for failure in _diagnose(log, 1).failures)


def test_step_of_the_workflow_has_no_file() -> None:
    """The runner's temporary script is not the repository's."""
    diagnosis = _diagnose("/home/runner/work/_temp/ab.sh: line 2: syntax error near unexpected token `fi'\n", 2)
    assert diagnosis.category is Category.SYNTAX
    assert diagnosis.failures[0].file is None


@pytest.mark.parametrize("line", ["404 page not found", "error: Foo: not found in registry", "key 'a': is not set up"])
def test_other_words_are_not_the_shells(line: str) -> None:
    """Lines that merely hold a shell's words are left alone."""
    assert all(failure.tool != "shell" for failure in _diagnose(f"{line}\n").failures)


@pytest.mark.parametrize(
    ("status", "category"), [(137, Category.INFRA), (143, Category.INFRA), (124, Category.UNKNOWN)]
)
def test_exit_status_alone_is_read(status: int, category: Category) -> None:
    """Where nothing else is said, the status of the step tells how it ended."""
    diagnosis = _diagnose(f"working\nProcess completed with exit code {status}.\n", None)
    assert diagnosis.category is category
    assert diagnosis.failures[0].code == str(status)


def test_a_test_failure_is_never_explained_by_the_shell() -> None:
    """The shell's finding stands after what a test runner found."""
    log = (
        "=================================== FAILURES ===================================\n"
        "____________________________________ test_a ____________________________________\n\n"
        "    def test_a():\n>       assert 1 == 2\nE       assert 1 == 2\n\ntests/test_a.py:2: AssertionError\n"
        "=========================== short test summary info ============================\n"
        "FAILED tests/test_a.py::test_a - assert 1 == 2\n"
        "============================== 1 failed in 0.03s ===============================\n"
        "ci/run.sh: line 9: notify-send: command not found\n"
    )
    assert _diagnose(log, 127).failures[0].tool == "pytest"
