"""A missed coverage threshold is for people: the report names the lines."""

from pathlib import Path

from selfheal.contract.report import Outcome
from selfheal.contract.suspects import ChangedLines
from selfheal.logs import diagnose
from selfheal.team.untested import is_untested_only, naming_lines, with_lines_to_test
from team.repairs import Patient
from workspace.repositories import git, write

LOG = """\
Name          Stmts   Miss  Cover   Missing
-------------------------------------------
shop.py          20      9    55%   3-7, 12, 18-20
-------------------------------------------
TOTAL            20      9    55%
FAIL Required test coverage of 90% not reached. Total coverage: 55.00%
"""
CHECK = f"cat <<'END'\n{LOG}END\nexit 1\n"


def test_all_lines_without_a_change() -> None:
    """Where nobody knows what the commit changed, every line that is not run is named."""
    found = with_lines_to_test(diagnose(LOG, exit_code=1), ())

    assert is_untested_only(found)
    assert found.advice == "Write tests for the lines that no test runs: shop.py 3-7, 12, 18-20."


def test_lines_of_the_change_alone() -> None:
    """What the commit brought is what its author can test."""
    changed = (
        ChangedLines(file="shop.py", first_line=6, last_line=13),
        ChangedLines(file="b.py", first_line=1, last_line=9),
    )

    found = with_lines_to_test(diagnose(LOG, exit_code=1), changed)

    assert found.advice == "Write tests for the lines that this commit changed and no test runs: shop.py 6-7, 12."


def test_failing_tests_come_first() -> None:
    """A threshold that is missed because tests fail is not the failure."""
    assert not is_untested_only(diagnose(LOG + "a.py:3: error: x  [misc]\n", exit_code=1))


def test_repair_ends_at_once_and_says_so(tmp_path: Path) -> None:
    """No model is asked; the lines are those that the last commit changed."""
    patient = Patient(tmp_path, {"check.sh": CHECK, "shop.py": "x = 1\n" * 20}, "bash check.sh")
    write(patient.repo, {"shop.py": b"x = 1\n" * 17 + b"y = 2\n" * 3})
    git(patient.repo, "commit", "--quiet", "--all", "-m", "second")

    report = patient.heal()

    assert report.outcome is Outcome.NOT_FIXABLE
    assert report.usage.model_calls == 0
    assert "shop.py 18-20" in "".join(report.next_steps)


REPORTER = """\
case "$PYTEST_ADDOPTS" in *term-missing*) missing='   3-7, 12';; *) missing='';; esac
cat <<END
Name          Stmts   Miss  Cover   Missing
-------------------------------------------
shop.py          20      9    55%$missing
-------------------------------------------
TOTAL            20      9    55%
FAIL Required test coverage of 90% not reached. Total coverage: 55.00%
END
exit 1
"""


def test_a_report_without_lines_is_asked_for_them(tmp_path: Path) -> None:
    """Most projects' reports name none: the tests run once more, with one that does."""
    patient = Patient(tmp_path, {"check.sh": REPORTER, "shop.py": "x = 1\n" * 20}, "bash check.sh")

    report = patient.heal()

    assert report.outcome is Outcome.NOT_FIXABLE
    assert "shop.py 3-7, 12" in "".join(report.next_steps)


def test_how_coverage_is_asked_for_lines() -> None:
    """By its own option where the command calls it, else by what pytest adds to its own call."""
    assert naming_lines("coverage run -m pytest && coverage report --fail-under=90") == (
        "coverage run -m pytest && coverage report -m --fail-under=90"
    )
    assert naming_lines("pytest").endswith('--cov-report=term-missing"; pytest')
