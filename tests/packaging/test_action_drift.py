"""The composite action says what the command line says, and pastes nothing into a shell."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from selfheal.cli import repair
from selfheal.config import Settings

ROOT = Path(__file__).parents[2]
NOT_INPUTS = {"repo", "out", "apply", "previous", "quiet", "help"}
"""`working-directory` stands for --repo; the action decides on --out; it never applies."""
OUTPUTS = {"outcome", "patch", "report"}


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((ROOT / "action.yml").read_bytes())
    return loaded


def test_action_inputs_drift_from_the_options(action: dict[str, Any]) -> None:
    """Every option of `selfheal repair` that makes sense on a runner is an input, and nothing else is."""
    options = {
        option.lstrip("-") for parameter in repair.params for option in parameter.opts if option.startswith("--")
    }

    assert action["inputs"].keys() == (options - NOT_INPUTS) | {"working-directory"}


@pytest.mark.parametrize("name", ["engine", "max_cycles", "max_tokens", "max_seconds", "seed", "model", "base_url"])
def test_action_defaults_drift_from_the_settings(action: dict[str, Any], name: str) -> None:
    """The same number is written in two places."""
    written = action["inputs"][name.replace("_", "-")]["default"]
    default = Settings.model_fields[name].default

    assert written == ("" if default is None else f"{default:g}" if isinstance(default, float) else str(default))


def test_no_expression_stands_inside_a_shell_line(action: dict[str, Any]) -> None:
    """An input that holds shell code stays a value: expressions stand in `env:` only."""
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_every_input_reaches_the_script(action: dict[str, Any]) -> None:
    """As an environment variable that the script reads."""
    script = (ROOT / "scripts/action-repair").read_text(encoding="utf-8")
    given = action["runs"]["steps"][-1]["env"]

    for name in action["inputs"]:
        variable = f"INPUT_{name.upper().replace('-', '_')}"
        assert given[variable] == f"${{{{ inputs.{name} }}}}"
        assert f"${variable}" in script


def test_outputs_come_from_the_repair_step(action: dict[str, Any]) -> None:
    """Each one is written by the script."""
    script = (ROOT / "scripts/action-repair").read_text(encoding="utf-8")

    assert action["outputs"].keys() == OUTPUTS
    assert all(
        output["value"] == f"${{{{ steps.repair.outputs.{name} }}}}" for name, output in action["outputs"].items()
    )
    assert all(f"{name}=" in script for name in OUTPUTS)


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """A runner's environment in which the installed program only notes its arguments and leaves a report."""
    python = tmp_path / "selfheal-venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(
        """#!/bin/sh
if [ "$4" != repair ]; then echo healed; exit 0; fi
printf '%s\\n' "$@" >"$RUNNER_TEMP/arguments"
[ "$FAKE_STATUS" -gt 1 ] && exit "$FAKE_STATUS"
mkdir -p "$RUNNER_TEMP/selfheal-out"
echo '{}' >"$RUNNER_TEMP/selfheal-out/report.json"
echo '# Healed' >"$RUNNER_TEMP/selfheal-out/summary.md"
exit "$FAKE_STATUS"
"""
    )
    python.chmod(0o755)
    empty = ("MODEL", "BASE_URL", "CONFIG")
    given = {"COMMAND": "pytest -q", "WORKING_DIRECTORY": ".", "ENGINE": "auto", "SEED": "0"}
    given |= {"MAX_CYCLES": "5", "MAX_TOKENS": "60000", "MAX_SECONDS": "600"} | dict.fromkeys(empty, "")
    return {
        "PATH": os.environ["PATH"],
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "step-summary"),
        "FAKE_STATUS": "0",
    } | {f"INPUT_{name}": value for name, value in given.items()}


def script(environment: dict[str, str]) -> int:
    command = ["bash", str(ROOT / "scripts/action-repair")]
    return subprocess.run(command, env=environment, cwd=environment["RUNNER_TEMP"], check=False).returncode


def test_hostile_inputs_stay_values(runner: dict[str, str]) -> None:
    """No input runs a command or becomes another option."""
    folder = Path(runner["RUNNER_TEMP"])
    runner |= {"INPUT_COMMAND": "--apply; touch owned `touch owned`", "INPUT_MODEL": "$(touch owned) --apply"}

    assert script(runner) == 0

    arguments = (folder / "arguments").read_text().splitlines()
    assert "--command=--apply; touch owned `touch owned`" in arguments
    assert "--model=$(touch owned) --apply" in arguments
    assert "--apply" not in arguments
    assert not (folder / "owned").exists()


@pytest.mark.parametrize("status", ["0", "1"])
def test_a_repair_that_came_to_its_end_is_a_good_step(runner: dict[str, str], status: str) -> None:
    """Not healed is an outcome; the workflow decides."""
    assert script(runner | {"FAKE_STATUS": status}) == 0

    outputs = Path(runner["GITHUB_OUTPUT"]).read_text().splitlines()
    assert re.fullmatch(r"outcome=\w+", outputs[0])
    assert outputs[2] == "patch="
    assert "Healed" in Path(runner["GITHUB_STEP_SUMMARY"]).read_text()


@pytest.mark.parametrize("status", ["2", "3"])
def test_a_repair_that_broke_fails_the_step(runner: dict[str, str], status: str) -> None:
    """Wrong usage and internal errors are not hidden behind an outcome."""
    assert script(runner | {"FAKE_STATUS": status}) == int(status)
    assert not Path(runner["GITHUB_OUTPUT"]).exists()
