"""A secret of the environment reaches neither the command nor anything that is written or asked."""

import base64

import pytest

from selfheal.contract.report import Outcome
from team.repairs import CHECK, GATE_FILES, Patient, fenced, gate_answer
from workspace.repositories import git

SECRET = "hunter2-correct-horse-battery"
FORMS = (SECRET, base64.b64encode(SECRET.encode()).decode())

TELLING = """\
import os
import sys
from pathlib import Path

from gate import gate

print(sorted(os.environ), os.environ.get("DEPLOY_TOKEN"))
print("DEPLOY_TOKEN was", *Path("notes.txt").read_text().split())
try:
    gate(3, 5)
except ValueError as error:
    raise ValueError(Path("notes.txt").read_text()) from error
gate(5, 5)
"""


@pytest.mark.parametrize("operator", ["<", "<="], ids=["exhausted", "healed"])
def test_a_secret_is_nowhere(tmp_path, operator):
    """Not in the report, the summary, the trace, nor a prompt, although the project itself prints it."""
    files = GATE_FILES | {"check.py": TELLING, "notes.txt": "\n".join(FORMS)}
    patient = Patient(tmp_path, files, CHECK)
    patient.environ = {**patient.environ, "DEPLOY_TOKEN": SECRET}
    report = patient.heal([gate_answer(operator)])
    assert report.outcome is (Outcome.HEALED if operator == "<=" else Outcome.EXHAUSTED)
    texts = {**patient.written(), "prompts": "\n".join(patient.prompts)}
    assert "[redacted]" in texts["report.json"]
    assert {name for name, text in texts.items() for form in FORMS if form in text} == set()


def test_a_secret_in_the_source_is_not_shown_in_the_summary(tmp_path):
    """The patch must hold the repository's own bytes; what people paste into comments must not."""
    committed = GATE_FILES["gate.py"].replace("is over", f"with {SECRET} is over")
    patient = Patient(tmp_path, GATE_FILES | {"gate.py": committed}, CHECK)
    patient.environ = {**patient.environ, "DEPLOY_TOKEN": SECRET}
    patient.heal([fenced(committed.replace(" > ", " <= "))])
    assert SECRET in patient.written()["fix.patch"]
    assert SECRET not in patient.written()["summary.md"]
    assert patient.run("git", "apply", "--check", str(patient.out / "fix.patch")).returncode == 0


def test_the_command_does_not_get_the_secret(tmp_path):
    """A test that asks for it finds nothing; what is no secret is there."""
    check = "import os\n\nprint('TOKEN', os.environ.get('DEPLOY_TOKEN'), os.environ.get('COLOUR'))\n"
    patient = Patient(tmp_path, GATE_FILES | {"check.py": check + GATE_FILES["check.py"]}, CHECK)
    patient.environ = {**patient.environ, "DEPLOY_TOKEN": SECRET, "COLOUR": "green"}
    report = patient.heal([gate_answer("<=")])
    assert report.verification.before is not None
    assert "TOKEN None green" in report.verification.before.tail
    assert git(patient.repo, "status", "--porcelain") == b""


def test_a_model_never_sees_a_secret_of_the_source_and_does_not_destroy_it(tmp_path):
    """The prompt holds a placeholder; the patch holds the repository's own line again."""
    committed = GATE_FILES["gate.py"].replace("{amount} is over", f"{SECRET} {{amount}} is over")
    patient = Patient(tmp_path, GATE_FILES | {"gate.py": committed}, CHECK)
    patient.environ = {**patient.environ, "DEPLOY_TOKEN": SECRET}
    shown = committed.replace(SECRET, "[redacted-1]").replace(" > ", " <= ")
    report = patient.heal([fenced(shown)])
    assert report.outcome is Outcome.HEALED
    assert SECRET not in "".join(patient.prompts)
    assert "[redacted-1]" in "".join(patient.prompts)
    assert "[redacted" not in patient.written()["fix.patch"]
