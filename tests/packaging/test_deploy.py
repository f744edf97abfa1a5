"""What an operator deploys is hardened, names only what the service knows, and is what its tool takes."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from selfheal_app.credentials import FILES
from selfheal_app.settings import AppSettings

ROOT = Path(__file__).parents[2]
COMPOSE, KUBERNETES = ROOT / "deploy/compose.yaml", ROOT / "deploy/kubernetes.yaml"
UNIT = ROOT / "deploy/selfheal-app.service"


def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(COMPOSE))


def kubernetes() -> dict[str, Any]:
    return {part["kind"]: part for part in YAML(typ="safe").load_all(KUBERNETES)}


def test_compose_is_what_the_specification_takes() -> None:
    """By the published schema, which comes with the linter."""
    program = shutil.which("check-jsonschema", path=str(ROOT / ".venv/bin"))
    if program is None:
        pytest.skip("check-jsonschema is missing: compose.yaml is not held against its schema")
    line = [program, "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_docker_compose_reads_it() -> None:
    """With a password, and not without."""
    line = ["docker", "compose", "--file", str(COMPOSE), "config", "--quiet"]
    if shutil.which("docker") is None or subprocess.run([*line[:2], "version"], capture_output=True).returncode:
        pytest.skip("docker compose is missing: compose.yaml is not read by it")
    told = {**os.environ, "DATABASE_PASSWORD": "x"}
    bare = {name: value for name, value in told.items() if name != "DATABASE_PASSWORD"}

    assert subprocess.run(line, env=told, capture_output=True).returncode == 0
    assert subprocess.run(line, env=bare, capture_output=True).returncode != 0


def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    """Without a word of complaint; it starts what the heading installs, and waits longer than the service does."""
    text = UNIT.read_text(encoding="utf-8")
    (start,) = re.findall(r"^ExecStart=(\S+)", text, re.MULTILINE)
    (wait,) = re.findall(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert f"{start} setup" in text and f"{start} doctor" in text and int(wait) > 45

    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is missing: the unit is not read by it")
    unit = tmp_path / UNIT.name
    unit.write_text(text.replace(start, "/bin/true"), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["app-1", "app-2"])
def test_compose_runs_hardened_replicas(name: str) -> None:
    """Read-only, without capabilities, reached from this machine alone, longer stopped than the service waits."""
    app = compose()["services"][name]

    assert (app["read_only"], app["cap_drop"], app["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert all(port.startswith("127.0.0.1:") for port in app["ports"])
    assert app["volumes"] == ["credentials:/state:ro"]
    assert int(app["stop_grace_period"].removesuffix("s")) > 45


def test_kubernetes_runs_hardened_replicas() -> None:
    """Two of them, as nobody, on a read-only root; only the webhook is for the world."""
    deployment = kubernetes()["Deployment"]["spec"]
    pod = deployment["template"]["spec"]
    (container,) = pod["containers"]
    (path,) = kubernetes()["Ingress"]["spec"]["rules"][0]["http"]["paths"]

    assert deployment["replicas"] == 2 and pod["securityContext"]["runAsNonRoot"]
    assert f"--uid {pod['securityContext']['runAsUser']} " in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod["terminationGracePeriodSeconds"] > 45
    assert (path["path"], path["pathType"]) == ("/webhook", "Exact")


def test_kubernetes_parts_find_each_other() -> None:
    """Labels, ports, secrets."""
    parts = kubernetes()
    pod = parts["Deployment"]["spec"]["template"]
    labels = pod["metadata"]["labels"]
    for selector in (
        parts["Deployment"]["spec"]["selector"]["matchLabels"],
        parts["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        parts["Service"]["spec"]["selector"],
    ):
        assert selector == labels
    (port,) = parts["Service"]["spec"]["ports"]
    assert port["targetPort"] in {each["name"] for each in pod["spec"]["containers"][0]["ports"]}
    text = KUBERNETES.read_text(encoding="utf-8")
    assert {part["metadata"]["namespace"] for part in parts.values()} == {"selfheal"}
    assert text.count("selfheal-credentials") == 2 and text.count("name: selfheal-database") == 1


@pytest.mark.parametrize("file", [COMPOSE, KUBERNETES], ids=lambda file: file.name)
def test_deployments_drift_from_no_setting(file: Path) -> None:
    """Every variable that they set is one that the service reads."""
    known = {f"SELFHEAL_{name.upper()}" for name in AppSettings.model_fields}
    named = set(re.findall(r"SELFHEAL_[A-Z_]+", file.read_text(encoding="utf-8")))

    assert named and named <= known
    assert len(FILES) == 5  # what setup leaves is what both mount
