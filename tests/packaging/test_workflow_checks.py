"""What checks workflows finds nothing in ours: the action, the publish action and the examples."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ACTIONS = sorted([ROOT / "action.yml", *ROOT.glob("publish/action.yml")])
EXAMPLES = sorted(path for path in (ROOT / "examples").glob("*.yml") if path.stem != "zizmor")


def run(tool: str, *arguments: str | Path) -> str:
    """Run one of the environment's tools; its output, empty where it is content. Skips where it is missing."""
    program = shutil.which(tool, path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip(f"{tool} is missing: pip install it to check the workflows")
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=ROOT)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_strictest_audit_finds_nothing() -> None:
    """zizmor's auditor persona, without the network."""
    config = ROOT / "examples/zizmor.yml"
    assert run("zizmor", "--offline", "--persona", "auditor", "--config", config, *ACTIONS, *EXAMPLES) == ""


def test_actionlint_finds_nothing() -> None:
    """It knows contexts, expressions and shells."""
    assert run("actionlint", "-ignore", 'label "gpu" is unknown', *EXAMPLES) == ""


def test_githubs_schemas_are_kept() -> None:
    """Those of actions and of workflows."""
    assert run("check-jsonschema", "--builtin-schema", "vendor.github-actions", *ACTIONS) == ""
    assert run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *EXAMPLES) == ""
