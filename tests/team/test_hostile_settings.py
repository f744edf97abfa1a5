"""Settings are part of a repository that nobody vouches for: what they make a tool do stays in the sandbox."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from selfheal.contract.report import Outcome, Report
from selfheal.fix.registry import CODE_STRATEGIES
from team.repairs import ENVIRONMENT, Patient
from workspace.repositories import git

RUFF = f"{sys.executable} -m ruff check --no-cache a.py"
UNUSED = "x = 1\nimport os\n"
MENDED = "x = 1\n"
SANDBOXED = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing: no real sandbox is tried")
BROKEN = "line-length = 100\n[lint\nselect = ['F']\n"
HOOKS = """\
repos:
- repo: local
  hooks:
  - {id: tidy, name: tidy, entry: python3 hook.py, language: system}
"""
PRE_COMMIT = """\
#!/usr/bin/env python3
import re, subprocess, sys
words = sys.argv[1:]
config = words[words.index("--config") + 1] if "--config" in words else ".pre-commit-config.yaml"
failed = 0
for name, entry in re.findall(r'"?id"?: "?([\\w-]+).*?"?entry"?: "?([^",}]+)', open(config).read()):
    before = open("a.py").read()
    done = subprocess.run(entry, shell=True)
    is_changed = open("a.py").read() != before
    print(name + "." * 60 + ("Failed" if done.returncode or is_changed else "Passed"))
    if done.returncode or is_changed:
        failed = 1
        print("- hook id: " + name)
        print("- files were modified by this hook" if is_changed else "- exit code: 1")
sys.exit(failed)
"""
"""What pre-commit does with local hooks, and what it prints."""
HOOK = """\
import os, pathlib
for path in ({outside!r}, "/etc/selfheal-was-here", os.path.expanduser("~/selfheal-was-here")):
    try:
        pathlib.Path(path).write_text(str(sorted(os.environ)))
    except OSError:
        pass
pathlib.Path(".github/workflows").mkdir(parents=True, exist_ok=True)
pathlib.Path(".github/workflows/ci.yml").write_text("on: push\\n")
text = pathlib.Path("a.py").read_text()
pathlib.Path("a.py").write_text(text.rstrip() + "\\n")
"""


def healed(patient: Patient, **options: object) -> Report:
    """Repair it with every strategy, and land what is proved."""
    return patient.heal(strategies=CODE_STRATEGIES, apply=True, **options)


def linked(place: Path, files: Mapping[str, str], link: str, target: Path | str, command: str) -> Patient:
    """A project in which a file is a link to somewhere."""
    patient = Patient(place, files, command)
    (patient.repo / link).symlink_to(target)
    git(patient.repo, "add", "--all")
    git(patient.repo, "commit", "--quiet", "-m", "with a link")
    return patient


@pytest.mark.parametrize("is_outside", [True, False])
def test_a_linked_configuration_is_not_written_through(is_outside: bool, tmp_path: Path) -> None:
    """The file behind the link is another one, and may be nobody's here: it is told of and left alone."""
    outside = tmp_path / "outside.toml"
    outside.write_text(BROKEN)
    files = {"a.py": "x = 1\n", "config/real.toml": BROKEN}
    patient = linked(tmp_path, files, "ruff.toml", outside if is_outside else "config/real.toml", RUFF)

    report = healed(patient)

    assert report.outcome is not Outcome.ERROR
    assert outside.read_text() == BROKEN
    assert (patient.repo / "ruff.toml").is_symlink()
    changed = [file.path for file in report.patch.files] if report.patch is not None else []
    assert changed in ([], ["config/real.toml"])


def test_a_linked_source_is_not_written_through(tmp_path: Path) -> None:
    """A tool that follows the link in its copy of the tree changes nothing outside of it."""
    outside = tmp_path / "outside.py"
    outside.write_text(UNUSED)
    patient = linked(tmp_path, {"b.py": "y = 1\n"}, "a.py", outside, RUFF)

    report = healed(patient)

    assert outside.read_text() == UNUSED
    assert (patient.repo / "a.py").is_symlink()
    assert report.patch is None


@pytest.mark.parametrize("text", [BROKEN, "fix = true\nunsafe-fixes = true\n[lint]\nselect = ['F']\n"])
def test_settings_outside_of_the_repository_are_read_and_never_written(text: str, tmp_path: Path) -> None:
    """`extend` may name any file of the machine: the repository is mended where that is the cause, nothing else."""
    outside = tmp_path / "outside.toml"
    outside.write_text(text)
    patient = Patient(tmp_path, {"a.py": UNUSED, "ruff.toml": f"extend = '{outside}'\n"}, RUFF)

    report = healed(patient)

    assert outside.read_text() == text
    assert report.outcome is not Outcome.ERROR
    assert [file.path for file in report.patch.files] if report.patch is not None else [] in ([], ["a.py"])


@SANDBOXED
@pytest.mark.parametrize("place", ["{outside}", ".github/workflows", "a.py.d", "../../.."])
def test_a_tool_that_is_told_to_write_elsewhere_leaves_nothing(place: str, tmp_path: Path) -> None:
    """Caches and logs go where the settings say, in the sandbox; the patch holds the mended file alone."""
    outside = tmp_path / "outside"
    settings = f"cache-dir = '{place.format(outside=outside)}'\n"
    command = RUFF.replace(" --no-cache", "")
    patient = Patient(tmp_path, {"a.py": UNUSED, "ruff.toml": settings}, command)

    report = healed(patient)

    assert report.outcome is Outcome.HEALED
    assert report.patch is not None
    assert [file.path for file in report.patch.files] == ["a.py"]
    assert (patient.repo / "a.py").read_text() == MENDED
    assert not outside.exists()
    assert sorted(path.name for path in patient.repo.iterdir()) == [".git", "a.py", "ruff.toml"]


@SANDBOXED
def test_hooks_run_in_the_sandbox_alone(tmp_path: Path) -> None:
    """A hook is a program of the repository's: it reaches no file outside, no secret, and no workflow file."""
    outside = tmp_path / "outside.txt"
    program = tmp_path / "bin" / "pre-commit"
    program.parent.mkdir()
    program.write_text(PRE_COMMIT)
    program.chmod(0o755)
    files = {"a.py": "x = 1\n\n\n", ".pre-commit-config.yaml": HOOKS, "hook.py": HOOK.format(outside=str(outside))}
    environ = {**ENVIRONMENT, "PATH": f"{program.parent}{os.pathsep}{ENVIRONMENT['PATH']}", "API_TOKEN": "hunter2" * 4}
    patient = Patient(tmp_path, files, "pre-commit run --all-files", environ)

    report = healed(patient)

    assert report.outcome is Outcome.HEALED, report.summary
    assert report.patch is not None
    assert [file.path for file in report.patch.files] == ["a.py"]
    assert (patient.repo / "a.py").read_text() == "x = 1\n"
    assert not (patient.repo / ".github").exists()
    for path in (outside, Path("/etc/selfheal-was-here"), Path.home() / "selfheal-was-here"):
        assert not path.exists()
