"""What a repair leaves behind: versions while it runs, a document and a patch afterwards, nothing else."""

import subprocess
from itertools import pairwise

import pytest

from selfheal.contract.markdown import inline
from selfheal.contract.report import Outcome, Report
from selfheal.errors import UsageError
from team.repairs import CHECK, GATE_FILES, Patient, gate, gate_answer
from workspace.repositories import fingerprint

KEYS = {"schema_version", "outcome", "diagnosis", "patch", "verification", "attempts", "usage", "model"}
ATTEMPT_KEYS = {
    *("number", "strategy", "patch_sha256", "verdict", "reason", "model_calls", "prompt_tokens", "completion_tokens"),
    "wall_s",
}
USAGE_KEYS = {
    *("model_calls", "prompt_tokens", "completion_tokens", "wall_s", "command_runs", "command_wall_s", "model_wall_s"),
}


def test_the_report_holds_the_stable_keys(tmp_path):
    """report.json is read by others: its keys stay, its numbers add up, its schema is the contract's."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    report = patient.heal([gate_answer("<"), gate_answer("<=")])
    document = patient.report_json()
    assert Report.model_validate(document) == report
    assert document.keys() >= KEYS
    assert document["schema_version"] == 1
    assert document["diagnosis"].keys() >= {"category", "summary", "failures", "confidence"}
    assert document["diagnosis"]["failures"][0].keys() >= {
        "tool",
        "file",
        "line",
        "column",
        "test_id",
        "code",
        "message",
    }
    assert document["patch"].keys() >= {"diff", "sha256", "files", "strategy", "disposition"}
    assert document["verification"].keys() >= {"before", "after", "tests_collected_before", "tests_collected_after"}
    assert [attempt["number"] for attempt in document["attempts"]] == [1, 2]
    assert all(attempt.keys() >= ATTEMPT_KEYS for attempt in document["attempts"])
    assert document["usage"].keys() >= USAGE_KEYS
    for name in ("model_calls", "prompt_tokens", "completion_tokens"):
        assert sum(attempt[name] for attempt in document["attempts"]) == document["usage"][name]
    assert document["model"].keys() >= {"engine", "name", "digest", "context_tokens"}
    assert set(patient.written()) == {"report.json", "summary.md", "trace.jsonl", "fix.patch"}


def test_the_patch_applies_and_the_command_passes_then(tmp_path):
    """`git apply fix.patch` in the user's tree is all that a person has to do."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    patient.heal([gate_answer("<=")])
    assert not patient.passes()
    patient.run("git", "apply", str(patient.out / "fix.patch"))
    assert (patient.repo / "gate.py").read_text() == gate("<=")
    assert patient.passes()


def test_apply_does_it(tmp_path):
    """--apply changes the files of the patch and nothing else: no commit, no index, no folder."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    before = fingerprint(patient.repo)
    patient.heal([gate_answer("<=")], apply=True)
    after = fingerprint(patient.repo)
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} <= {b"gate.py", b""}
    assert patient.passes()


def test_apply_refuses_a_tree_that_changed_meanwhile(tmp_path):
    """Somebody edited while the repair ran: their work stays as it is, and the message says where the patch lies."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)

    def meanwhile(request):
        (patient.repo / "check.py").write_text("somebody's work\n")
        return gate_answer("<=")

    with pytest.raises(UsageError, match=r"fix\.patch"):
        patient.heal([meanwhile], apply=True)
    assert (patient.repo / "check.py").read_text() == "somebody's work\n"
    assert (patient.repo / "gate.py").read_text() == gate(">")
    assert patient.report_json()["outcome"] == "healed"


def test_a_dirty_tree_is_healed_as_it_is(tmp_path):
    """What is not committed is part of what fails; the patch is against the files as they lie there."""
    patient = Patient(tmp_path, GATE_FILES | {"gate.py": gate("<=")}, CHECK)
    (patient.repo / "gate.py").write_text(gate(">"))
    (patient.repo / "extra.py").write_text("x = 1\n")
    report = patient.heal([gate_answer("<=")])
    assert (report.outcome, report.is_dirty) == (Outcome.HEALED, True)
    assert report.patch is not None
    assert [file.path for file in report.patch.files] == ["gate.py"]
    assert patient.run("git", "apply", "--check", str(patient.out / "fix.patch")).returncode == 0


def test_versions_of_the_state_are_numbered_and_only_ever_added(tmp_path, monkeypatch):
    """Each step adds one commit to a private ref, on top of the one before; the end takes the folder away."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("RUNNER_TEMP", str(scratch))
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    seen: list[list[str]] = []

    def look() -> None:
        (store,) = scratch.rglob("versions.git")
        ref = ["for-each-ref", "--format=%(refname)", "refs"]
        names = subprocess.run(["git", "--git-dir", store, *ref], capture_output=True, check=True, text=True)
        states = [name for name in names.stdout.split() if "/states/" in name]
        newest = max(states, key=lambda name: int(name.rpartition("/")[2]))
        log = ["rev-list", "--reverse", newest]
        history = subprocess.run(["git", "--git-dir", store, *log], capture_output=True, check=True, text=True)
        seen.append(history.stdout.split())
        assert len(states) == len(seen)

    patient.watcher.on_step = look
    report = patient.heal([gate_answer("<"), gate_answer("<=")])
    assert report.outcome is Outcome.HEALED
    assert len(seen) == len(report.path) - 1
    assert all(later[: len(earlier)] == earlier and len(later) == len(earlier) + 1 for earlier, later in pairwise(seen))
    assert [path.name for path in scratch.iterdir() if path.name != ".selfheal.lock"] == []


def test_an_out_folder_inside_the_repository_is_no_part_of_the_tree(tmp_path):
    """Reports of an earlier run neither fail the next one nor stand in its patch."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    inside = patient.repo / "heal"
    for _ in range(2):
        report = patient.heal([gate_answer("<=")], out=inside)
        assert report.outcome is Outcome.HEALED
        assert report.patch is not None
        assert [file.path for file in report.patch.files] == ["gate.py"]


def test_the_second_run_takes_away_what_the_first_left(tmp_path):
    """A stale fix.patch beside a new report would be applied by somebody."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    patient.heal([gate_answer("<=")])
    patient.heal(["no idea"], max_cycles=1)
    assert "fix.patch" not in patient.written()
    assert patient.report_json()["patch"] is None


def test_the_report_says_why_this_patch(tmp_path):
    """What the candidate does stands with its attempt, and beside the patch in what a person reads."""
    patient = Patient(tmp_path, GATE_FILES, CHECK)
    report = patient.heal([gate_answer("<=")])
    said = report.attempts[-1].rationale
    assert said
    assert inline(said) in patient.written()["summary.md"].partition("### What proves it")[0]
