"""Takes away what a containerised repair has made, however it ended: containers and folders.

Run as `python -P -m selfheal.github.reaper`, in a session of its own. It reads one `Leftovers` line from standard input
and waits for it to close: whoever made the things has ended then, or was killed. Containers that a killed reaper left
are swept when the next repair begins: they carry their deadline in a label.
"""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from selfheal.config import environment
from selfheal.contract.base import Frozen

RUN_LABEL = "dev.selfheal.run"
DEADLINE_LABEL = "dev.selfheal.deadline"
"""Seconds since 1970, after which whatever carries it is nobody's."""
FOLDER_PREFIX = "selfheal-agents-"
_LISTED = ("ps", "--all", "--no-trunc")
_ANSWER_S = 60.0
_PASSES = 5
_PASS_S = 1.0


class Leftovers(Frozen):
    """Where to find them: all containers of the run's label, and a folder."""

    docker: str
    run: str
    folder: str


def remove(left: Leftovers, environ: Mapping[str, str]) -> bool:
    """Remove them all; True where nothing is left. A volume that a container made goes with it."""
    named = _call(
        left.docker, environ, "ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={RUN_LABEL}={left.run}"
    )
    found = [] if named is None else named.split()
    if found:
        _call(left.docker, environ, "rm", "--force", "--volumes", *found)
    shutil.rmtree(left.folder, ignore_errors=True)
    return named is not None and not found


def sweep(docker: str, environ: Mapping[str, str], parent: Path, *, now: float) -> int:
    """Remove what runs have left whose time is up. Returns how many containers and folders there were."""
    form = '{{.ID}} {{.Label "' + DEADLINE_LABEL + '"}}'
    listed = _call(
        docker, environ, "ps", "--all", "--no-trunc", "--filter", f"label={DEADLINE_LABEL}", "--format", form
    )
    late = [
        words[0] for line in (listed or "").splitlines() if len(words := line.split()) == 2 and _is_past(words[1], now)
    ]
    if late:
        _call(docker, environ, "rm", "--force", "--volumes", *late)
    folders = [path for path in parent.glob(f"{FOLDER_PREFIX}*") if _is_past(path.name.split("-")[2], now)]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return len(late) + len(folders)


def main() -> int:
    """Wait for the end, then remove."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    left = Leftovers.model_validate_json(sys.stdin.readline())
    told = sys.stdin.read()
    return 0 if clean(left, environment(), was_told=bool(told), wait=time.sleep) else 1


def clean(left: Leftovers, environ: Mapping[str, str], *, was_told: bool, wait: Callable[[float], None]) -> bool:
    """Remove until nothing is found. Where nobody said goodbye, a container may still be in the making."""
    is_clean = False
    for number in range(_PASSES):
        if number > was_told:
            wait(_PASS_S)
        is_clean = remove(left, environ)
        if is_clean and (was_told or number >= 2):
            break
    return is_clean


def _is_past(deadline: str, now: float) -> bool:
    return deadline.isascii() and deadline.isdigit() and len(deadline) < 20 and int(deadline) < now


def _call(docker: str, environ: Mapping[str, str], *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            [docker, *arguments],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_ANSWER_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
