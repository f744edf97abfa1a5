"""`selfheal-app publish`: the second, trusted job of a workflow."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.artifacts import an_event, contents, laid_out
from app.fake_github import FakeGitHub, Fault, serving
from app.test_publish import a_pull_request, a_topic, healing
from selfheal_app.events.workflow_run import FinishedRun

TOKEN = "a-token-that-nobody-prints"


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[FakeGitHub]:
    async with serving(FakeGitHub(tmp_path / "github.git")) as fake:
        yield fake


def a_job(github: FakeGitHub, run: FinishedRun, tmp_path: Path, **changes: str) -> dict[str, str]:
    (tmp_path / "event.json").write_bytes(an_event(run))
    return {
        "PATH": os.environ["PATH"],
        "GITHUB_REPOSITORY": "org/shop",
        "GITHUB_EVENT_NAME": "workflow_run",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_API_URL": github.url,
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "SELFHEAL_PUBLISH_TOKEN": TOKEN,
    } | changes


async def publish(folder: Path, mode: str, environment: dict[str, str]) -> tuple[int, str]:
    """Run the program as the action does."""
    command = (sys.executable, "-I", "-m", "selfheal_app", "publish", "--artifact", str(folder), "--mode", mode)
    environment = {name: value for name, value in environment.items() if value}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_a_job_opens_the_pull_request_and_tells_where(github: FakeGitHub, tmp_path: Path) -> None:
    """Log, summary and outputs; the token is in none of them."""
    run = a_topic(github)
    folder = laid_out(contents(healing(tmp_path), run), tmp_path / "artifact")
    status, output = await publish(folder, "pr", a_job(github, run, tmp_path))

    assert status == 0, output
    assert output == "selfheal: published: opened a pull request into topic https://github.example/org/shop/pull/1\n"
    outputs, summary = (tmp_path / "output").read_text(), (tmp_path / "summary").read_text()
    assert "\npublished\n" in outputs and "\nhttps://github.example/org/shop/pull/1\n" in outputs
    assert "pull/1" in summary
    assert TOKEN not in output + outputs + summary


async def test_a_fork_s_read_only_token_is_said_and_is_no_failure(github: FakeGitHub, tmp_path: Path) -> None:
    """Exit status 0: there is nothing that anybody has to mend."""
    run, _ = a_pull_request(github, head_repository="fork/shop")
    github.faults.append(Fault("POST", "/reviews$", status=403, message="Resource not accessible by integration"))
    folder = laid_out(contents(healing(tmp_path), run), tmp_path / "artifact")
    status, output = await publish(folder, "suggest", a_job(github, run, tmp_path))

    assert status == 0 and output.startswith("selfheal: read_only: ")


async def test_a_run_without_an_artifact_is_nothing(github: FakeGitHub, tmp_path: Path) -> None:
    """Most runs are green: the job stays so."""
    status, output = await publish(tmp_path / "nowhere", "suggest", a_job(github, a_topic(github), tmp_path))

    assert status == 0 and output.startswith("selfheal: nothing: ") and "actions: read" in output


async def test_a_hostile_artifact_is_refused_loudly(github: FakeGitHub, tmp_path: Path) -> None:
    """Exit status 1, one line that gives the runner no command."""
    run = a_topic(github)
    folder = laid_out(contents(healing(tmp_path), run), tmp_path / "artifact")
    (folder / "::error::x\n::set-output name=result::published").write_text("")
    status, output = await publish(folder, "pr", a_job(github, run, tmp_path))

    assert status == 1
    assert output.startswith("selfheal: refused: ") and output.count("\n") == 1
    assert github.requests == []


async def test_an_unreachable_github_is_told(github: FakeGitHub, tmp_path: Path) -> None:
    """Exit status 1 and no stack trace."""
    run = a_topic(github)
    github.faults.append(Fault("GET", "/git/commits/", status=429, headers={"Retry-After": "99999"}))
    folder = laid_out(contents(healing(tmp_path), run), tmp_path / "artifact")
    status, output = await publish(folder, "pr", a_job(github, run, tmp_path))

    assert status == 1 and "rate limit" in output and "Traceback" not in output


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"SELFHEAL_PUBLISH_TOKEN": ""}, "SELFHEAL_PUBLISH_TOKEN"),
        ({"GITHUB_EVENT_NAME": "pull_request_target"}, "GITHUB_EVENT_NAME"),
        ({"GITHUB_EVENT_PATH": "/nowhere"}, "GITHUB_EVENT_PATH"),
        ({"GITHUB_EVENT_PATH": "/dev/null"}, "GITHUB_EVENT_PATH"),
        ({"GITHUB_REPOSITORY": "org/another"}, "org/another"),
    ],
)
async def test_a_wrong_job_says_what_is_wrong(
    github: FakeGitHub, tmp_path: Path, changes: dict[str, str], word: str
) -> None:
    """Exit status 2, before GitHub is asked, and the token is not shown."""
    status, output = await publish(tmp_path, "pr", a_job(github, a_topic(github), tmp_path, **changes))

    assert status == 2 and word in output and TOKEN not in output
    assert github.requests == []
