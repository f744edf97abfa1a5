"""Headless Chromium, Playwright and axe for the pages; what is missing is said."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from app.real import node_tools

FOLDER = Path(__file__).parent / "browser"
INSTALL = "apt-get install chromium && python tests/app/real/node_tools.py tests/page/browser"


def missing() -> str:
    """Why no page can be opened; empty where one can."""
    is_there = shutil.which("chromium") and node_tools.node() and node_tools.packages(FOLDER)
    return "" if is_there else f"Chromium or Playwright is missing: {INSTALL}"


def visit(pages: list[dict[str, Any]], *, cookie: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """What a person and axe find on each page."""
    tools, program = node_tools.packages(FOLDER), shutil.which("chromium")
    order = json.dumps({"pages": pages, "cookie": cookie})
    line = [str(node_tools.node()), str(FOLDER / "drive.cjs"), str(tools), str(program)]
    done = subprocess.run(line, input=order, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told
