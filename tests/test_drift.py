"""What is generated is what the program would generate now; `make docs` writes it anew."""

import subprocess
import sys
from pathlib import Path

import pytest

from selfheal.team.flow import TRANSITIONS, mermaid

ROOT = Path(__file__).parents[1]
ADVICE = "it differs from what the program says: run `make docs`"


def block(file: str, name: str) -> str | None:
    """What stands between the markers, without its fence; None where there are no markers."""
    text = (ROOT / file).read_text(encoding="utf-8") if (ROOT / file).exists() else ""
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    if begin not in text:
        return None
    inside, found, _ = text.partition(begin)[2].partition(end)
    assert found, f"{file} has {begin.strip()} without {end}"
    lines = inside.splitlines(keepends=True)
    assert lines and lines[0].startswith("```") and lines[-1] == "```\n", f"{file}: {name}: {ADVICE}"
    return "".join(lines[1:-1])


def test_nothing_generated_drifts():
    """README's help, CONTRIBUTING's diagram and the schema of report.json, all by the one script that writes them."""
    done = subprocess.run([sys.executable, ROOT / "scripts/docs", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}{ADVICE}"


def test_the_readme_does_not_drift_from_the_help():
    """The very lines that `selfheal repair --help` prints on a terminal of 100 columns."""
    shown = block("README.md", "help")
    if shown is None:
        pytest.skip("README.md has no `<!-- help:begin -->` yet: its help is not compared")
    script = (
        "import shutil, os, sys\nshutil.get_terminal_size = lambda *_: os.terminal_size((100, 40))\n"
        "from selfheal.cli import main\nmain(['repair', '--help'], prog_name='selfheal')\n"
    )
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.rstrip() == printed.rstrip(), ADVICE


def test_the_contributing_page_does_not_drift_from_the_flow():
    """The diagram is the table."""
    assert block("CONTRIBUTING.md", "flow") == mermaid(), ADVICE


def test_the_diagram_does_not_drift_from_the_transitions():
    """Every transition that can't happen everywhere is an arrow."""
    anywhere = {"budget_spent", "agent_failed"}
    arrows = {
        f"    {state} --> {target}: {fact}" for (state, fact), target in TRANSITIONS.items() if fact not in anywhere
    }
    assert arrows <= set(mermaid().splitlines())
