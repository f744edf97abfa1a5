"""The failed step of a job is found, and what the others printed does not count."""

import pytest

from selfheal.contract.diagnosis import Category
from selfheal.logs import diagnose

TRACEBACK = 'Traceback (most recent call last):\n  File "{0}.py", line {1}, in <module>\n    f()\nValueError: {0}\n'


def _step(name: str, output: str, status: int | None = None) -> str:
    text = (
        f"##[group]Run {name}\n{name}\nshell: /usr/bin/bash -e {{0}}\nenv:\n  A: ValueError: no\n##[endgroup]\n{output}"
    )
    return text if status is None else f"{text}##[error]Process completed with exit code {status}.\n"


def _stamped(text: str) -> str:
    return "".join(f"2026-05-04T10:00:00.1234567Z {line}\n" for line in text.splitlines())


def test_failed_step_explains_the_job() -> None:
    """A traceback that a step before it survived is set aside."""
    log = _stamped(_step("make a", TRACEBACK.format("a", 3)) + _step("make b", TRACEBACK.format("b", 7), 1))

    diagnosis = diagnose(log, exit_code=None)

    assert (diagnosis.step, diagnosis.failures[0].file, diagnosis.failures[0].line) == ("make b", "b.py", 7)
    assert len(diagnosis.failures) == 1


def test_last_failed_step_is_the_jobs() -> None:
    """The one before it was allowed to fail, or the job would have ended there."""
    log = _step("lint", TRACEBACK.format("a", 3), 1) + _step("test", TRACEBACK.format("b", 7), 1)

    assert diagnose(log, exit_code=None).step == "test"


def test_step_that_only_tidies_up_is_not_the_cause() -> None:
    """A last failed step without a finding yields to an earlier one with a place."""
    log = _step("test", TRACEBACK.format("b", 7), 1) + _step("upload", "no files were found\n", 1)

    assert diagnose(log, exit_code=None).step == "test"


def test_header_of_a_step_is_nobodys_output() -> None:
    """What the runner shows of command and environment is not read as a failure."""
    log = _step("f: ValueError: in a name", "done\n", 1)

    assert diagnose(log, exit_code=None).category is Category.UNKNOWN


def test_columns_of_gh_name_the_steps() -> None:
    """`gh run view --log` puts job and step before each line."""
    text = "".join(
        f"build\t{step}\t2026-05-04T10:00:00.1234567Z {line}\n"
        for step, output in (
            ("Set up", "Traceback is a word\n"),
            ("Lint", TRACEBACK.format("a", 3)),
            ("Test", TRACEBACK.format("b", 7) + "##[error]Process completed with exit code 1.\n"),
        )
        for line in output.splitlines()
    )

    diagnosis = diagnose(text, exit_code=None)

    assert (diagnosis.step, diagnosis.failures[0].file) == ("build / Test", "b.py")


def test_azures_steps() -> None:
    """Azure's agent marks steps as sections."""
    log = (
        "##[section]Starting: Build\n" + TRACEBACK.format("a", 3) + "##[section]Finishing: Build\n"
        "##[section]Starting: Test\n" + TRACEBACK.format("b", 7) + "##[error]Bash exited with code '1'.\n"
    )

    assert diagnose(log, exit_code=None).step == "Test"


def test_cancelled_step_is_a_failed_one() -> None:
    """The runner's own words for a step that it stopped."""
    log = (
        _step("a", TRACEBACK.format("a", 3))
        + _step("b", TRACEBACK.format("b", 7))
        + "##[error]The operation was canceled.\n"
    )

    assert diagnose(log, exit_code=None).step == "b"


def test_findings_of_other_steps_are_believed_less() -> None:
    """Where the failed step says nothing, what an earlier one printed is a guess."""
    log = _step("pytest || true", TRACEBACK.format("a", 3)) + _step("check", "see above\n", 1)

    diagnosis = diagnose(log, exit_code=None)

    assert diagnosis.failures[0].file == "a.py"
    assert diagnosis.confidence < 1


@pytest.mark.parametrize("count", [2_000])
def test_thousands_of_steps_are_bounded(count: int) -> None:
    """A log that only begins steps costs no memory a step without end, and the failure is still read."""
    log = "".join(f"##[group]Run {n}\n##[endgroup]\nx\n" for n in range(count)) + TRACEBACK.format("b", 7)

    assert diagnose(log, exit_code=1).failures[0].file == "b.py"


def test_what_the_runner_tidies_up_is_not_the_steps() -> None:
    """The last line of a job's log says nothing about why its step failed."""
    tidying = "Post job cleanup.\n[command]/usr/bin/git version\nCleaning up orphan processes\n"

    diagnosis = diagnose(_stamped(_step("check", "2 of 9 widgets\n", 1) + tidying), exit_code=None)

    assert diagnosis.step == "check"
    assert "widgets" in diagnosis.summary or "exit" in diagnosis.summary
    assert "orphan" not in diagnosis.model_dump_json()


def test_a_green_log_is_not_called_failed() -> None:
    """Where nothing says so and no line sounds so, nothing is made up."""
    log = _stamped(_step("pytest", "....\n4 passed in 0.1s\n") + "Post job cleanup.\n")

    diagnosis = diagnose(log, exit_code=None)

    assert diagnosis.failures == ()
    assert diagnosis.summary == "nothing in this log says that a command failed"
