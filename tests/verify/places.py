"""A place for a command to run in, and runners at the levels that this machine has."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from selfheal.contract.sandbox import SandboxLevel
from selfheal.verify.limits import Limits
from selfheal.verify.runner import SandboxedRunner
from selfheal.verify.sandbox import SandboxTree

NEEDS_BWRAP = (
    pytest.mark.sandbox,
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing: no real sandbox is tried"),
)
PROCESS = pytest.param(SandboxLevel.PROCESS, id="process")
ISOLATED = pytest.param(SandboxLevel.ISOLATED, id="isolated", marks=NEEDS_BWRAP)
NETWORK = pytest.param(SandboxLevel.NETWORK, id="network", marks=NEEDS_BWRAP)
BOTH = pytest.mark.parametrize("level", [PROCESS, ISOLATED])

_REPLACED = ("/tmp/", "/var/tmp/", "/run/", "/var/run/", "/dev/")

LONG_S = 120.0
"""A limit that only a hanging test meets."""


def a_place(tmp_path: Path) -> SandboxTree:
    """An original with one file, its copy, and a private folder."""
    original, tree, private = (tmp_path / name for name in ("original", "copy", "private"))
    for folder in (original, tree, private):
        folder.mkdir()
    for folder in (original, tree):
        (folder / "file").write_text("as it was\n")
    return SandboxTree(tree=tree, original=original, private=private)


def an_environment(tmp_path: Path, **more: str) -> Mapping[str, str]:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", **more}


def a_runner(tmp_path: Path, level: SandboxLevel, *, limits: Limits | None = None, **more: str) -> SandboxedRunner:
    place = a_place(tmp_path)
    environment = an_environment(tmp_path, **more)
    return SandboxedRunner(level=level, place=place, environment=environment, limits=limits or Limits())


def living(mark: str) -> list[int]:
    """Processes of the machine whose command line holds `mark`; zombies have none."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if mark.encode() in line:
            found.append(int(folder.name))
    return found


@contextlib.contextmanager
def a_folder_outside_tmp(tmp_path: Path) -> Iterator[Path]:
    """A folder that is not below one of those which the sandbox replaces by private ones; skips where there is none."""
    for parent in (Path.cwd() / ".pytest_cache", Path.home()):
        if parent.is_dir() and os.access(parent, os.W_OK) and not str(parent.resolve()).startswith(_REPLACED):
            with tempfile.TemporaryDirectory(prefix=f"selfheal-{tmp_path.name}-", dir=parent.resolve()) as folder:
                yield Path(folder)
            return
    pytest.skip("no writable folder outside /tmp: what the sandbox makes read-only is not tried")
