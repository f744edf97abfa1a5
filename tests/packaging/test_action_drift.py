"""The composite action says what the command line says, and pastes nothing into a shell."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from selfheal.cli import repair
from selfheal.config import Settings
from selfheal.github.inputs import ActionInputs

ROOT = Path(__file__).parents[2]
NOT_INPUTS = {"repo", "out", "apply", "previous", "quiet", "help"}
"""`working-directory` stands for --repo; the action decides on --out; it never applies."""
NO_SETTINGS = {"token", "matrix"}
"""They go to the step that asks GitHub, and into the job's context."""
OF_CONTAINERS = {"isolation", "agents-image", "sidecar-image", "model-digest"}
OF_ITS_OWN = {"working-directory", "run", "mode"} | NO_SETTINGS | OF_CONTAINERS
OUTPUTS = {"outcome", "category", "summary", "patch", "report"}


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((ROOT / "action.yml").read_bytes())
    return loaded


def test_action_inputs_drift_from_the_options(action: dict[str, Any]) -> None:
    """Every option of `selfheal repair` that makes sense on a runner is an input, and nothing else is."""
    options = {
        option.lstrip("-") for parameter in repair.params for option in parameter.opts if option.startswith("--")
    }

    assert action["inputs"].keys() == (options - NOT_INPUTS) | OF_ITS_OWN


@pytest.mark.parametrize("name", ["engine", "max_cycles", "max_tokens", "max_seconds", "seed", "model", "base_url"])
def test_action_defaults_drift_from_the_settings(action: dict[str, Any], name: str) -> None:
    """The same number is written in two places."""
    written = action["inputs"][name.replace("_", "-")]["default"]
    default = Settings.model_fields[name].default

    assert written == ("" if default is None else f"{default:g}" if isinstance(default, float) else str(default))


def test_no_expression_stands_inside_a_shell_line(action: dict[str, Any]) -> None:
    """An input that holds shell code stays a value: expressions stand in `env:` only."""
    for step in action["runs"]["steps"]:
        if "run" in step:
            assert "${{" not in step["run"]
            assert step["shell"] == "bash"


def test_every_input_drifts_into_the_program(action: dict[str, Any]) -> None:
    """As an environment variable that `ActionInputs` reads; the token in a step of its own."""
    steps = {step["id"]: step for step in action["runs"]["steps"]}
    given = steps["heal"]["env"]
    wanted = {f"INPUT_{name.upper()}" for name in ActionInputs.model_fields}

    assert {name for name in given if name.startswith("INPUT_")} == wanted
    assert {name.replace("-", "_") for name in action["inputs"]} - NO_SETTINGS == ActionInputs.model_fields.keys()
    for name in set(action["inputs"]) - NO_SETTINGS:
        assert given[f"INPUT_{name.upper().replace('-', '_')}"] == f"${{{{ inputs.{name} }}}}"
    assert [step["id"] for step in action["runs"]["steps"] if "inputs.token" in str(step)] == ["steps"]


def test_outputs_drift_from_what_the_program_writes(action: dict[str, Any]) -> None:
    """Each one is an output of the step that heals."""
    assert action["outputs"].keys() == OUTPUTS
    assert all(output["value"] == f"${{{{ steps.heal.outputs.{name} }}}}" for name, output in action["outputs"].items())


def test_other_actions_are_pinned_by_commit(action: dict[str, Any]) -> None:
    """A tag can be moved."""
    used = [step["uses"] for step in action["runs"]["steps"] if "uses" in step]

    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", use) for use in used)
