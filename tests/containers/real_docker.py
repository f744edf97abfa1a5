"""Docker itself, with images that are named for these tests."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Images:
    """By their ids, which are digests."""

    agents: str
    sidecar: str


def docker(*arguments: str) -> str:
    """What Docker says."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def images(environ: Mapping[str, str] = os.environ) -> Images:
    """The images that SELFHEAL_TEST_AGENTS_IMAGE and SELFHEAL_TEST_SIDECAR_IMAGE name."""
    if shutil.which("docker") is None:
        pytest.skip("docker is missing: the containers are not tried (apt-get install docker.io)")
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode != 0:
        pytest.skip("docker does not answer: the containers are not tried (start dockerd)")
    named = [environ.get(f"SELFHEAL_TEST_{part}_IMAGE") for part in ("AGENTS", "SIDECAR")]
    if not all(named):
        pytest.skip("SELFHEAL_TEST_AGENTS_IMAGE and SELFHEAL_TEST_SIDECAR_IMAGE name no images: containers not tried")
    agents, sidecar = (docker("image", "inspect", "--format", "{{.Id}}", str(name)) for name in named)
    return Images(agents, sidecar)


def is_running(name: str) -> bool:
    """False too where there is no such container."""
    line = ["docker", "container", "inspect", "--format", "{{.State.Running}}", name]
    return subprocess.run(line, capture_output=True, text=True, check=False).stdout.strip() == "true"


def of_run(run: str) -> list[str]:
    """The containers of one run that there are."""
    return docker("ps", "--all", "--filter", f"label=dev.selfheal.run={run}", "--format", "{{.Names}}").split()
