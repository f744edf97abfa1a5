"""Locks of a case's manifests as they once were, each by its own tool."""

import os
import subprocess
from pathlib import Path

from selfheal.executor.installer import uv_program

_NODE = ("pnpm@9.15.9", "yarn@1.22.22")
_BESIDE = {"pdm": ("hishel<2",)}
_LINES: dict[str, tuple[str, ...]] = {
    "npm": ("npm", "install", "--package-lock-only", "--no-audit", "--no-fund"),
    "pnpm": ("pnpm", "install", "--lockfile-only"),
    "yarn": ("yarn", "install", "--ignore-scripts", "--non-interactive"),
    "uv": (uv_program(), "lock"),
    "pdm": ("pdm", "lock", "--update-reuse"),
    "go": ("go", "mod", "tidy"),
    "cargo": ("cargo", "generate-lockfile"),
}


def lock(tool: str, folder: Path, programs: Path, home: Path, *, arguments: tuple[str, ...] = ()) -> None:
    """Let the tool write its lock, as it is usually asked to or with other arguments."""
    words = (_LINES[tool][0], *arguments) if arguments else _LINES[tool]
    path = f"{programs}:{os.environ['PATH']}"
    done = subprocess.run(
        words, cwd=folder, env={**os.environ, "PATH": path, "VIRTUAL_ENV": ""}, capture_output=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{home.name}: {tool}: {(done.stderr or done.stdout).decode()[-600:]}")


def python_tools(tool: str, home: Path) -> Path:
    """pdm from PyPI, once."""
    tools = home / f"tools-{tool}"
    if not (tools / "bin" / tool).exists():
        subprocess.run((uv_program(), "venv", "-q", "--clear", str(tools)), check=True)
        python = str(tools / "bin/python")
        words = (uv_program(), "pip", "install", "-q", "--python", python, tool, *_BESIDE[tool])
        subprocess.run(words, check=True)
    return tools / "bin"


def node_tools(home: Path) -> Path:
    """pnpm and yarn from npm's registry, once."""
    tools = home / "tools-node"
    if not (tools / "node_modules/.bin/pnpm").exists():
        tools.mkdir(parents=True, exist_ok=True)
        words = ("npm", "install", "--no-audit", "--no-fund", "--prefix", str(tools), *_NODE)
        subprocess.run(words, capture_output=True, check=True)
    return tools / "node_modules/.bin"
