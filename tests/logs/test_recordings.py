"""Every recorded log is diagnosed as its project says."""

import json
from pathlib import Path
from typing import Any

import pytest

from selfheal.logs import diagnose

RECORDINGS = Path(__file__).parents[1] / "recordings"
EXPECTED = sorted(RECORDINGS.glob("*/*.expected.json"))


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: f"{path.parent.name}/{path.name.partition('.')[0]}")
def test_recording_is_diagnosed_as_its_project_says(path: Path) -> None:
    """Category, and what is told of the first failures: file, line, test id, code."""
    expected: dict[str, Any] = json.loads(path.read_text())
    log = path.with_name(path.name.replace(".expected.json", ".log")).read_text()

    diagnosis = diagnose(log, exit_code=expected["exit_code"], root="/repo", known_files=frozenset(expected["files"]))

    assert diagnosis.category == expected["category"], diagnosis
    for number, facts in enumerate(expected["failures"]):
        failure = diagnosis.failures[number]
        assert {name: getattr(failure, name) for name in facts} == facts
    assert expected.get("summary_has", "") in diagnosis.summary
    if "count" in expected:
        assert len(diagnosis.failures) == expected["count"]
    assert all(len(failure.excerpt) <= 1500 for failure in diagnosis.failures)


def test_enough_is_recorded() -> None:
    """The corpus is found, and is no toy."""
    assert len(EXPECTED) >= 100


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: f"{path.parent.name}/{path.name.partition('.')[0]}")
def test_nothing_known_beside_the_log(path: Path) -> None:
    """Without root, files and exit status a repairable failure is never called the world's fault."""
    expected: dict[str, Any] = json.loads(path.read_text())
    log = path.with_name(path.name.replace(".expected.json", ".log")).read_text()

    diagnosis = diagnose(log, exit_code=None)

    is_worlds = expected["category"] in ("infra", "environment", "flaky")
    assert is_worlds or diagnosis.category.is_repairable, diagnosis
