"""A runner with Docker's own containers."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from containers.real_docker import Images, images
from github.test_action import LINT, a_runner
from github.test_containers import a_model
from selfheal.github.docker import OWN_VARIABLES


@pytest.fixture
def named() -> Images:
    return images()


@pytest.fixture
def scratch() -> Iterator[Path]:
    """The folder for temporary files: a short path, since a socket's may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="sh-") as folder:
        yield Path(folder)


@pytest.fixture
def environ(tmp_path: Path, scratch: Path, named: Images) -> dict[str, str]:
    """A runner; the model is one that nobody asks."""
    inputs = {
        "agents_image": named.agents,
        "sidecar_image": named.sidecar,
        "isolation": "container",
        "model_digest": a_model(tmp_path / "cache/ollama"),
        "model": "tiny",
    }
    own = {"SELFHEAL_MODELS_DIR": str(tmp_path / "cache/models"), "ACTIONS_RUNTIME_TOKEN": "s3cr3t-runtime-token"}
    own["TMPDIR"] = str(scratch)
    own |= {name: os.environ[name] for name in OWN_VARIABLES if name in os.environ}
    return a_runner(tmp_path, command=LINT, **inputs) | own
