"""The runner's side of a containerised repair, with a Docker that only records what is asked of it."""

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from github.fake_docker import FakeDocker
from github.test_action import LINT, a_runner
from github.test_telling import read_outputs
from selfheal.config import ContainerSettings, Settings
from selfheal.errors import UsageError
from selfheal.github.action import ContainersBroke, act, run_action
from selfheal.github.docker import Docker, NoDocker, Unusable, find_docker
from selfheal.github.isolation import InProcess, choose_isolation
from selfheal.render.progress import SilentProgress

AGENTS = "selfheal-agents@sha256:" + "a" * 64
SIDECAR = "ollama@sha256:" + "b" * 64


def a_model(folder: Path, name: str = "tiny") -> str:
    """A model as Ollama keeps it; gives its digest."""
    blobs, digests = folder / "blobs", []
    blobs.mkdir(parents=True)
    for data in (b"weights", b"{}"):
        digests.append(hashlib.sha256(data).hexdigest())
        (blobs / f"sha256-{digests[-1]}").write_bytes(data)
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digests[0]}"}
    document = {"layers": [layer], "config": {"mediaType": "x", "digest": f"sha256:{digests[1]}"}}
    manifest = folder / f"manifests/registry.ollama.ai/library/{name}/latest"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps(document))
    return f"sha256:{hashlib.sha256(manifest.read_bytes()).hexdigest()}"


@pytest.fixture
def docker(tmp_path: Path) -> FakeDocker:
    return FakeDocker(tmp_path / "docker")


@pytest.fixture
def scratch() -> Iterator[Path]:
    """The folder for temporary files: a short path, since a socket's may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="sh-") as folder:
        yield Path(folder)


@pytest.fixture
def environ(tmp_path: Path, scratch: Path, docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A runner with that Docker, both images, a small model, and a secret that must not be seen."""
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    digest = a_model(tmp_path / "cache/ollama")
    for name, value in {"SELFHEAL_MODELS_DIR": str(tmp_path / "cache/models"), "SELFHEAL_MODEL": "tiny"}.items():
        monkeypatch.setenv(name, value)
    inputs = {"command": LINT, "agents_image": AGENTS, "sidecar_image": SIDECAR, "model_digest": digest}
    made = a_runner(tmp_path, **inputs)
    secrets = {"ACTIONS_RUNTIME_TOKEN": "s3cr3t-runtime-token", "GITHUB_TOKEN": "ghs_" + "0a" * 18}
    return made | docker.environ() | secrets


def left_in(*folders: Path) -> list[str]:
    """What stays of a run: working copies, sockets, folders."""
    names = [path.name for folder in folders for path in folder.iterdir() if path.name.startswith("selfheal-")]
    return [name for name in names if name != "selfheal-out"]


async def heal(environ: dict[str, str]) -> int:
    return await run_action(environ, progress=SilentProgress())


def outputs_of(environ: dict[str, str]) -> dict[str, str]:
    return read_outputs(Path(environ["GITHUB_OUTPUT"]))


def summary_of(environ: dict[str, str]) -> str:
    return Path(environ["GITHUB_STEP_SUMMARY"]).read_text()


async def test_a_repair_goes_through_the_container_and_leaves_nothing(
    tmp_path: Path, scratch: Path, environ: dict[str, str], docker: FakeDocker
) -> None:
    """Healed by agents that have nothing but the socket; the patch applies; no container, folder or copy stays."""
    assert await heal(environ) == 0
    outputs = outputs_of(environ)
    assert outputs["outcome"] == "healed"
    subprocess.run(["git", "apply", outputs["patch"]], cwd=environ["GITHUB_WORKSPACE"], check=True)
    assert "The agents and the model ran in containers." in summary_of(environ)
    assert docker.running == []
    assert left_in(tmp_path / "temp", scratch) == []
    assert {path.name for path in (tmp_path / "temp/selfheal-out").iterdir()} >= {"report.json", "origin.json"}


async def test_the_containers_have_no_right_that_they_can_do_without(
    environ: dict[str, str], docker: FakeDocker
) -> None:
    """Read-only, no capability, no user's rights, bounded, no network but a loopback, two mounts, no secret."""
    await heal(environ)
    agents, sidecar = docker.call_of("run", "--interactive"), docker.call_of("run", "--detach")
    for call in (agents, sidecar):
        words = " ".join(call)
        for wanted in ("--read-only", "--cap-drop ALL", "no-new-privileges", "--pids-limit", "--memory", "--user"):
            assert wanted in words
        assert "--privileged" not in words
        assert "docker.sock" not in words
        user = call[call.index("--user") + 1]
        assert not user.startswith("0:")
    assert sidecar[sidecar.index("--network") + 1] == "none"
    assert agents[agents.index("--network") + 1] == f"container:{sidecar[sidecar.index('--name') + 1]}"
    mounts = [agents[at + 1].split(",")[2:] for at, word in enumerate(agents) if word == "--mount"]
    assert mounts == [["dst=/selfheal/link", "readonly"], ["dst=/selfheal/out"]]
    handed = [agents[at + 1] for at, word in enumerate(agents) if word == "--env"]
    assert all(value.lower().endswith("_proxy=") for value in handed)
    assert all(environ[name] not in str(docker.calls) for name in ("ACTIONS_RUNTIME_TOKEN", "GITHUB_TOKEN"))
    assert "--gpus" not in sidecar


async def test_docker_is_the_one_that_the_runner_uses(environ: dict[str, str], docker: FakeDocker) -> None:
    """Its address is no secret of the command's environment that had to go: another machine's is seen as such."""
    await heal(environ | {"DOCKER_HOST": "tcp://10.0.0.1:2375"})
    assert "another machine" in summary_of(environ)
    assert docker.calls == []
    await heal(environ | {"DOCKER_HOST": "unix:///run/user/1000/docker.sock"})
    assert docker.call_of("run", "--interactive")


async def test_a_gpu_is_used_where_docker_has_its_runtime(environ: dict[str, str], docker: FakeDocker) -> None:
    """By the sidecar alone."""
    docker.tell(info='["name=seccomp"] {"nvidia":{"path":"x"},"runc":{"path":"runc"}}')
    await heal(environ)
    assert "--gpus all" in " ".join(docker.call_of("run", "--detach"))
    assert "--gpus" not in docker.call_of("run", "--interactive")


@pytest.mark.parametrize(
    ("changes", "told", "words"),
    [
        ({"agents_image": ""}, {}, "no `agents-image` is named"),
        ({"sidecar_image": "ollama/ollama:latest"}, {}, "`sidecar-image` is not pinned"),
        ({"engine": "embedded"}, {}, "the engine embedded is not the sidecar's"),
        ({"base_url": "http://models.example"}, {}, "no network to reach"),
        ({"isolation": "process"}, {}, "asks for it"),
        ({}, {"fails": {"info": "permission denied"}}, "Docker does not answer (permission denied)"),
        ({}, {"info": '["name=rootless"] {}'}, "maps user ids"),
        ({}, {"context": "ssh://build@machine"}, "another machine's"),
    ],
)
async def test_the_reason_for_no_container_is_told(
    docker: FakeDocker, changes: dict[str, Any], told: dict[str, object], words: str
) -> None:
    """Each way in which it can't be had has its own words; asked for by name, they are an error."""
    docker.tell(**told)
    own = {"agents_image": AGENTS, "sidecar_image": SIDECAR} | changes
    outer = {name: own.pop(name) for name in ("engine", "base_url") if name in own}
    chosen = await choose_isolation(Settings(**outer, containers=ContainerSettings(**own)), docker.environ())
    assert isinstance(chosen, InProcess)
    assert words in chosen.why
    if "isolation" not in own:
        wanted = Settings(**outer, containers=ContainerSettings(**own, isolation="container"))
        with pytest.raises(UsageError, match="isolation: container can't be had"):
            await choose_isolation(wanted, docker.environ())


@pytest.mark.parametrize(
    ("fails", "words"),
    [
        ({"image inspect": "none", "pull": "denied"}, "can't be pulled (denied)"),
        ({"run --detach": "no space"}, "could not start the model sidecar (no space)"),
    ],
)
async def test_where_it_can_not_be_started_the_runner_does_it_itself(
    tmp_path: Path, scratch: Path, environ: dict[str, str], docker: FakeDocker, fails: dict[str, str], words: str
) -> None:
    """Healed all the same, and the summary says why no container was used."""
    docker.tell(fails=fails)
    await heal(environ)
    assert outputs_of(environ)["outcome"] == "healed"
    said = summary_of(environ).replace("\\", "")
    assert "The agents ran in a process of the runner" in said
    assert words in said
    assert docker.running == []
    assert left_in(tmp_path / "temp", scratch) == []


async def test_what_was_asked_for_is_not_replaced(environ: dict[str, str], docker: FakeDocker) -> None:
    """`isolation: container` fails where there is no Docker, rather than doing with less."""
    docker.tell(fails={"run --detach": "no space"})
    with pytest.raises(ContainersBroke, match="no space"):
        await heal(environ | {"INPUT_ISOLATION": "container"})


@pytest.mark.parametrize(
    ("agents", "oom", "words"),
    [
        ("killed", False, "killed or removed from outside (exit status 137)"),
        ("killed", True, "more than 1024 MB of memory"),
        ("link", False, "no report that can be read"),
        ("hostile", False, "no report that can be read"),
    ],
)
def test_what_befalls_the_agents_is_told_and_leaves_nothing(
    tmp_path: Path,
    scratch: Path,
    environ: dict[str, str],
    docker: FakeDocker,
    capsys: pytest.CaptureFixture[str],
    agents: str,
    oom: bool,
    words: str,
) -> None:
    """Killed, out of memory, or taken over: the summary has a sentence, the log no command, the disk nothing."""
    docker.tell(agents=agents, oom=oom)
    with pytest.raises(ContainersBroke):
        act(environ, progress=SilentProgress())
    assert words in summary_of(environ).replace("\\", "")
    assert outputs_of(environ)["outcome"] == "error"
    assert "root:" not in "".join(path.read_text() for path in (tmp_path / "temp").rglob("*") if path.is_file())
    assert all(
        line.startswith(("selfheal: ", "::error title=selfheal")) for line in capsys.readouterr().out.splitlines()
    )
    assert docker.running == []
    assert left_in(tmp_path / "temp", scratch) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_nothing_is_left_of_a_runner_that_was_told_to_end_or_killed(
    tmp_path: Path, scratch: Path, environ: dict[str, str], docker: FakeDocker, how: signal.Signals
) -> None:
    """Cancelled: it says so. Killed: others take everything away."""
    docker.tell(agents="hang")
    own = {name: value for name, value in os.environ.items() if name.startswith("SELFHEAL_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", "from selfheal.cli import main; main()", "action"),
        env=environ | own | {"TMPDIR": str(scratch)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    while b"hanging" not in (line := await process.stdout.readline()):
        assert line, "it ended before the agents hung"
    assert len(docker.running) == 2
    process.send_signal(how)
    await process.wait()
    while docker.running or left_in(tmp_path / "temp", scratch):
        await asyncio.sleep(0.05)
    if how is signal.SIGTERM:
        assert "cancelled" in summary_of(environ)


async def test_a_sidecar_that_is_killed_is_told_of(environ: dict[str, str], docker: FakeDocker) -> None:
    """What needs no model is healed all the same."""
    killer = asyncio.create_task(_kill_model(docker))
    await heal(environ)
    await killer
    assert outputs_of(environ)["outcome"] == "healed"
    assert "The model sidecar ended before the repair did" in summary_of(environ)


async def _kill_model(docker: FakeDocker) -> None:
    while not (found := [name for name in docker.running if name.endswith("-model")]):
        await asyncio.sleep(0.02)
    while not any(name.endswith("-agents") for name in docker.running):
        await asyncio.sleep(0.02)
    (docker.folder / "containers" / found[0]).unlink()


async def test_leftovers_are_swept_when_their_time_is_up(
    tmp_path: Path, scratch: Path, environ: dict[str, str], docker: FakeDocker
) -> None:
    """Those of a run that may still live stay, and so does what is not ours."""
    docker.put("old", {"dev.selfheal.deadline": "1000"})
    docker.put("young", {"dev.selfheal.deadline": "99999999999"})
    docker.put("odd", {"dev.selfheal.deadline": "soon"})
    docker.put("other", {})
    for name in ("selfheal-agents-1000-aa", "selfheal-agents-99999999999-bb", "selfheal-agents-x"):
        (scratch / name).mkdir()
    await heal(environ)
    assert docker.running == ["odd", "other", "young"]
    assert sorted(left_in(scratch)) == ["selfheal-agents-99999999999-bb", "selfheal-agents-x"]


async def test_a_job_container_and_another_machine_are_no_place_for_it(tmp_path: Path, docker: FakeDocker) -> None:
    """Mounts would name folders that Docker does not see."""
    environ = docker.environ()
    elsewhere = await find_docker(environ | {"DOCKER_HOST": "tcp://10.0.0.1:2375"}, system="Linux")
    macos = await find_docker(environ, system="Darwin")
    nothing = await find_docker({"PATH": str(tmp_path)}, system="Linux")
    reasons = [found.reason for found in (elsewhere, macos, nothing) if isinstance(found, Unusable)]
    assert reasons == [NoDocker.ELSEWHERE, NoDocker.NOT_LINUX, NoDocker.NO_PROGRAM]
    assert isinstance(await find_docker(environ, system="Linux"), Docker)
