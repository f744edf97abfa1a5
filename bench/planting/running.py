"""Run a command in a tree, with the pinned tools in front and nothing of this process's own environment."""

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planting.storage import Storage

TIMEOUT_S = 180.0


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of it. A command that does not end has failed."""

    exit_code: int
    output: str

    @property
    def passed(self) -> bool:
        """True for exit status 0."""
        return self.exit_code == 0


def environment(storage: Storage) -> Mapping[str, str]:
    """What the commands see."""
    return {
        "PATH": f"{storage.bin}{os.pathsep}{os.environ['PATH']}",
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        # The tools' caches are the benchmark's own: nothing of this user's is read, and little is to be mounted.
        "XDG_CACHE_HOME": str(storage.root / "caches"),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run(command: str, tree: Path, storage: Storage, *, timeout_s: float = TIMEOUT_S) -> Ran:
    """Run a shell line in `tree`."""
    with subprocess.Popen(
        ["sh", "-c", command],
        cwd=tree,
        env=environment(storage),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired as late:
            # The shell's children too: an endless loop would go on.
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Ran(exit_code=-1, output=(late.stdout or b"").decode("utf-8", "replace"))
    return Ran(exit_code=process.returncode, output=output.decode("utf-8", "replace"))
