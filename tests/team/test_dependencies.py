"""Repairs of what a manifest asks for, from the command to the report, on an index that lies in a folder."""

import os
from pathlib import Path

import pytest

from executor.wheels import a_wheel, add_installers, offline
from selfheal.contract.explanation import Direction
from selfheal.contract.patch import Disposition
from selfheal.contract.policy.interface import PolicySettings
from selfheal.contract.report import Outcome
from team.repairs import Patient

CHECK = "import colour\n\nassert colour.VALUE == 1, colour.__file__\n"


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    index = tmp_path / "index"
    add_installers(index)
    a_wheel(index, "colour", "1.0", "VALUE = 1\n")
    monkeypatch.setenv("SELFHEAL_PACKAGES_DIR", str(tmp_path / "packages"))
    # On the import path, so that a sandbox with a /tmp of its own shows the index.
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(index), **offline(index)}


def a_patient(tmp_path: Path, environ: dict[str, str], wish: str) -> Patient:
    files = {"requirements.txt": f"{wish}  # the only one\n", "check.py": CHECK}
    command = "python -m pip install -q -r requirements.txt && python check.py"
    return Patient(tmp_path / "case", files, command, environ)


def test_a_version_that_never_was_is_healed_with_the_nearest_one(tmp_path: Path, environ: dict[str, str]):
    """Proved by the very command, which installs anew; nothing of it is left, and a person is asked."""
    report = a_patient(tmp_path, environ, "colour==1.9").heal(dependencies={"min_age_days": 0})
    assert report.outcome is Outcome.HEALED, [attempt.reason for attempt in report.attempts]
    assert report.patch is not None
    assert "+colour==1.0  # the only one" in report.patch.diff
    assert report.patch.disposition is Disposition.NEEDS_HUMAN
    assert any(step.startswith("Look closely before you merge it") for step in report.next_steps)
    (told,) = report.dependencies
    assert (told.guilty[0].name, told.direction) == ("colour", Direction.BACK)
    assert "colour==1.9 does not exist" in told.sentence
    assert "Which dependency broke it" in (tmp_path / "case" / "out" / "summary.md").read_text()
    assert not list((tmp_path / "packages" / "environments").glob("selfheal-scratch-*"))


def test_an_owner_may_let_such_a_patch_be_merged(tmp_path: Path, environ: dict[str, str]):
    """The policy's word, not ours."""
    policy = PolicySettings(allow_manifest_changes=True)
    report = a_patient(tmp_path, environ, "colour==1.9").heal(dependencies={"min_age_days": 0}, policy=policy)
    assert report.patch is not None
    assert report.patch.disposition is Disposition.AUTO


def test_a_name_that_the_index_does_not_know_is_told_and_nothing_is_invented(tmp_path: Path, environ: dict[str, str]):
    """No candidate was tried."""
    report = a_patient(tmp_path, environ, "qqxzzy").heal(dependencies={"min_age_days": 0})
    assert report.outcome is not Outcome.HEALED
    assert report.patch is None
    assert any("the index knows no qqxzzy" in attempt.reason for attempt in report.attempts)
