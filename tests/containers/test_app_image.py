"""The App's image: small, nobody's root, with a root that can't be written to, and alive."""

import asyncio
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from app.apps import APP_ID, INSTALLATION, a_github, pem, until
from app.artifacts import an_event
from app.test_deliveries import SECRET, headers
from app.test_events import healed
from app.test_publish import NAME
from containers.real_docker import docker

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("docker")]
_LARGEST_MB = 200
_HELD = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=host")
_PORT = "38471"


@pytest.fixture
def image() -> str:
    named = os.environ.get("SELFHEAL_TEST_APP_IMAGE")
    if shutil.which("docker") is None or not named:
        pytest.skip("SELFHEAL_TEST_APP_IMAGE names no image: the App's is not tried (tests/containers/with_docker)")
    return named


@pytest.fixture
def container(image: str) -> Iterator[str]:
    """The service, with no GitHub in reach."""
    with served(image, "http://127.0.0.1:9") as name:
        yield name


@contextmanager
def served(image: str, github_url: str) -> Iterator[str]:
    """The service in a container that holds it as tightly as deploy/ does."""
    volume = docker("volume", "create")
    settings = {
        "SELFHEAL_WEBHOOK_SECRET": SECRET.decode(),
        "SELFHEAL_GITHUB_APP_ID": str(APP_ID),
        "SELFHEAL_GITHUB_PRIVATE_KEY": pem(),
        "SELFHEAL_GITHUB_API_URL": github_url,
    }
    given = [part for name, value in settings.items() for part in ("--env", f"{name}={value}")]
    line = ("run", "--detach", *_HELD, "--volume", f"{volume}:/state", *given, image)
    name = docker(*line, "serve", "--host", "127.0.0.1", "--port", _PORT)
    try:
        yield name
    finally:
        docker("rm", "--force", name)
        docker("volume", "rm", volume)


def test_the_image_is_small(image: str) -> None:
    """Less than two hundred megabytes, with the base."""
    assert int(docker("image", "inspect", "--format", "{{.Size}}", image)) < _LARGEST_MB * 10**6


def test_the_image_holds_the_service_alone(image: str) -> None:
    """No pip, no git, no compiler; of the other half the contract and a run's page, and no root to run as."""
    probe = "id -u; which pip git gcc make; ls /opt/selfheal/lib/python3*/site-packages/selfheal | grep -v __"
    line = ["docker", "run", "--rm", *_HELD, "--entrypoint", "sh", image, "-c", probe]
    told = subprocess.run(line, capture_output=True, text=True, check=False).stdout.split()

    assert told == ["10001", "contract", "page"]


def test_it_lives_with_a_root_that_is_read_only(container: str) -> None:
    """/healthz and /readyz answer, and a stop ends it in order."""
    for path in ("healthz", "readyz"):
        assert _status(container, path) == 200
    docker("stop", "--time", "60", container)
    assert docker("inspect", "--format", "{{.State.ExitCode}}", container) == "0"


async def test_a_failed_run_ends_as_a_pull_request(image: str, tmp_path: Path) -> None:
    """Nothing was left out that the work needs: webhook, token, artifact, branch, pull request, check run."""
    async with a_github(tmp_path) as github:
        run, _ = healed(github, tmp_path)
        event = json.loads(an_event(run)) | {"installation": {"id": INSTALLATION}}
        body = json.dumps(event).encode()
        with served(image, github.url) as name:
            await asyncio.to_thread(_status, name, "readyz")
            async with ClientSession() as session:
                given = headers(body, X_GitHub_Event="workflow_run")
                answer = await session.post(f"http://127.0.0.1:{_PORT}/webhook", data=body, headers=given)
            assert answer.status == 202
            await until(lambda: github.check_runs)
        assert [pull["head"]["ref"] for pull in github.pulls] == ["topic", NAME]


def _status(container: str, path: str) -> int:
    while docker("inspect", "--format", "{{.State.Running}}", container) == "true":
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{_PORT}/{path}") as answer:
                return int(answer.status)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(docker("logs", container))
