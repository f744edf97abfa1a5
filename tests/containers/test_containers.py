"""A containerised repair by Docker itself: healed, held, and gone, whoever is killed.

`tests/containers/with_docker make test` starts a Docker, builds both images and names them in the environment.
"""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from containers.real_docker import docker
from containers.running import gone, start
from github.test_action import LINT
from github.test_telling import read_outputs

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("docker")]
PROBE = """\
id -u; (touch /x && echo wrote-root) 2>&1; (touch /selfheal/link/x && echo wrote-link) 2>&1; env; cat /proc/net/dev;
grep CapEff /proc/self/status; ls /selfheal /home; python3 -c 'import pip' 2>&1; which git gcc cc make docker
"""


async def test_it_heals_and_leaves_nothing(tmp_path: Path, scratch: Path, environ: dict[str, str]) -> None:
    """The patch of agents that never saw the repository applies to it."""
    action = await start(environ)
    run = await action.run()
    out, _ = await action.process.communicate()
    outputs = read_outputs(Path(environ["GITHUB_OUTPUT"]))
    assert outputs["outcome"] == "healed", out.decode()
    subprocess.run(["git", "apply", outputs["patch"]], cwd=environ["GITHUB_WORKSPACE"], check=True)
    assert "ran in containers" in Path(environ["GITHUB_STEP_SUMMARY"]).read_text()
    await gone(run, scratch, tmp_path / "temp")


async def test_the_agents_are_held(tmp_path: Path, scratch: Path, environ: dict[str, str]) -> None:
    """As nobody, on a root that can't be written, without a network, a capability, a tool or a secret."""
    action = await start(environ | {"INPUT_COMMAND": "sleep 300; exit 1"})
    run = await action.run()
    name = await action.container(run, "agents")
    seen = docker("exec", name, "sh", "-c", f"{PROBE}true")
    action.process.send_signal(signal.SIGTERM)
    await action.process.communicate()
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
    action = await start(environ | {"INPUT_COMMAND": "sleep 300; exit 1"})
    run = await action.run()
    await action.container(run, "agents")
    name = await action.container(run, "model")
    assert docker("inspect", "--format", "{{.HostConfig.NetworkMode}}{{.NetworkSettings.IPAddress}}", name) == "none"
    action.process.send_signal(signal.SIGTERM)
    await action.process.communicate()
    await gone(run, scratch, tmp_path / "temp")


@pytest.mark.parametrize("part", ["agents", "model", "runner", "cancelled"])
async def test_whoever_is_killed_nothing_is_left(
    tmp_path: Path, scratch: Path, environ: dict[str, str], part: str
) -> None:
    """No container, no folder, no working copy; and whoever can still say so says what happened."""
    # Long enough that it is under way, and no longer: a repair whose sidecar dies goes on.
    action = await start(environ | {"INPUT_COMMAND": f"sleep 3; {LINT}" if part == "model" else "sleep 300; exit 1"})
    run = await action.run()
    await action.container(run, "agents")
    match part:
        case "runner":
            action.process.kill()
        case "cancelled":
            action.process.terminate()
        case _:
            docker("kill", await action.container(run, part))
    await action.process.communicate()
    await gone(run, scratch, tmp_path / "temp")
    words = {
        "agents": "killed or removed from outside",
        "model": "The model sidecar ended before the repair did",
        "cancelled": "cancelled",
    }
    if part in words:
        assert words[part] in Path(environ["GITHUB_STEP_SUMMARY"]).read_text()
