"""A containerised repair by Docker itself: healed, held, and gone, whoever is killed.

Build what they need with the Dockerfile's stage `agents` and any image whose entry point is Ollama, and name both in
SELFHEAL_TEST_AGENTS_IMAGE and SELFHEAL_TEST_SIDECAR_IMAGE.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from containers.real_docker import Images, docker, images, is_running, of_run
from github.test_action import LINT, a_runner
from github.test_containers import a_model, left_in
from github.test_telling import read_outputs

pytestmark = pytest.mark.docker
PROBE = """\
id -u; (touch /x && echo wrote-root) 2>&1; (touch /selfheal/link/x && echo wrote-link) 2>&1; env; cat /proc/net/dev;
grep CapEff /proc/self/status; ls /selfheal /home; python3 -c 'import pip' 2>&1; which git gcc cc make docker
"""


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
    return a_runner(tmp_path, command=LINT, **inputs) | own


async def start(environ: dict[str, str]) -> asyncio.subprocess.Process:
    line = "from selfheal.cli import main; main()"
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", line, "action"),
        env={**environ, "PATH": f"{Path(sys.executable).parent}:{environ['PATH']}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def run_in(scratch: Path) -> str:
    """The run's name, once it has a folder."""
    while not (found := list(scratch.glob("selfheal-agents-*"))):
        await asyncio.sleep(0.05)
    return found[0].name.rpartition("-")[2]


async def container(run: str, part: str) -> str:
    """The name of a part's container, once it runs."""
    name = f"selfheal-{run}-{part}"
    while not is_running(name):
        await asyncio.sleep(0.05)
    return name


async def gone(run: str, scratch: Path, temp: Path) -> None:
    """Wait until nothing of the run is there."""
    while of_run(run) or left_in(scratch, temp):
        await asyncio.sleep(0.1)


async def test_it_heals_and_leaves_nothing(tmp_path: Path, scratch: Path, environ: dict[str, str]) -> None:
    """The patch of agents that never saw the repository applies to it."""
    process = await start(environ)
    run = await run_in(scratch)
    out, _ = await process.communicate()
    outputs = read_outputs(Path(environ["GITHUB_OUTPUT"]))
    assert outputs["outcome"] == "healed", out.decode()
    subprocess.run(["git", "apply", outputs["patch"]], cwd=environ["GITHUB_WORKSPACE"], check=True)
    assert "ran in containers" in Path(environ["GITHUB_STEP_SUMMARY"]).read_text()
    await gone(run, scratch, tmp_path / "temp")


async def test_the_agents_are_held(tmp_path: Path, scratch: Path, environ: dict[str, str]) -> None:
    """As nobody, on a root that can't be written, without a network, a capability, a tool or a secret."""
    process = await start(environ | {"INPUT_COMMAND": "sleep 300; exit 1"})
    run = await run_in(scratch)
    name = await container(run, "agents")
    seen = docker("exec", name, "sh", "-c", f"{PROBE}true")
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert seen.splitlines()[0] == ("10001" if os.getuid() == 0 else str(os.getuid()))
    assert "wrote-" not in seen
    assert "CapEff:\t0000000000000000" in seen
    assert "No module named 'pip'" in seen
    devices = [line.split(":")[0].strip() for line in seen.splitlines() if line.count(":") == 1 and line.endswith("0")]
    assert set(devices) <= {"lo", "CapEff"}
    assert not [word for word in ("/bin/git", "/gcc", "/make", "s3cr3t", "ACTIONS_", "GITHUB_") if word in seen]
    await gone(run, scratch, tmp_path / "temp")


async def test_the_machine_has_no_address_of_the_model(tmp_path: Path, scratch: Path, environ: dict[str, str]) -> None:
    """So that no command on the runner can ask it: its network has nothing but a loopback."""
    process = await start(environ | {"INPUT_COMMAND": "sleep 300; exit 1"})
    run = await run_in(scratch)
    await container(run, "agents")
    name = await container(run, "model")
    assert docker("inspect", "--format", "{{.HostConfig.NetworkMode}}{{.NetworkSettings.IPAddress}}", name) == "none"
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    await gone(run, scratch, tmp_path / "temp")


@pytest.mark.parametrize("part", ["agents", "model", "runner", "cancelled"])
async def test_whoever_is_killed_nothing_is_left(
    tmp_path: Path, scratch: Path, environ: dict[str, str], part: str
) -> None:
    """No container, no folder, no working copy; and whoever can still say so says what happened."""
    # Long enough that it is under way, and no longer: a repair whose sidecar dies goes on.
    process = await start(environ | {"INPUT_COMMAND": f"sleep 3; {LINT}" if part == "model" else "sleep 300; exit 1"})
    run = await run_in(scratch)
    await container(run, "agents")
    match part:
        case "runner":
            process.kill()
        case "cancelled":
            process.terminate()
        case _:
            docker("kill", await container(run, part))
    await process.communicate()
    await gone(run, scratch, tmp_path / "temp")
    words = {
        "agents": "killed or removed from outside",
        "model": "The model sidecar ended before the repair did",
        "cancelled": "cancelled",
    }
    if part in words:
        assert words[part] in Path(environ["GITHUB_STEP_SUMMARY"]).read_text()
