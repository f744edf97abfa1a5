"""The publish action takes what the program takes, and pastes nothing into a shell."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from selfheal.contract.origin import ARTIFACT
from selfheal_app.cli import publish
from selfheal_app.publishing.ending import Withholding

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((ROOT / "publish/action.yml").read_bytes())
    return loaded


def test_publish_inputs_drift_from_the_options(action: dict[str, Any]) -> None:
    """Every option is an input, and the token is the only thing besides."""
    options = {option.lstrip("-") for parameter in publish.params for option in parameter.opts}
    assert action["inputs"].keys() == (options - {"help"}) | {"token"}


def test_no_expression_stands_inside_a_shell_line(action: dict[str, Any]) -> None:
    """Values reach the program through the environment."""
    for step in action["runs"]["steps"]:
        if "run" in step:
            assert "${{" not in step["run"] and step["shell"] == "bash"


def test_every_foreign_action_is_pinned_and_none_checks_code_out(action: dict[str, Any]) -> None:
    """By commit. Nothing of the repository comes near the token."""
    used = [step["uses"] for step in action["runs"]["steps"] if "uses" in step]
    assert [name.partition("@")[0] for name in used] == ["actions/download-artifact"]
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name) for name in used)


def test_the_token_goes_where_it_is_needed(action: dict[str, Any]) -> None:
    """To the download and to the program, and not to what installs it."""
    steps = {step["id"]: step for step in action["runs"]["steps"]}
    assert "token" not in str(steps["install"])
    assert steps["download"]["with"]["name"] == ARTIFACT
    assert "SELFHEAL_PUBLISH_TOKEN" in steps["publish"]["env"]


def test_every_result_drifts_into_the_outputs(action: dict[str, Any]) -> None:
    """The description names each way in which it can end."""
    told = action["outputs"]["result"]["description"]
    assert all(re.search(rf"\b{why.value}\b", told) for why in Withholding)
