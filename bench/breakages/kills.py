"""Kill repairs at random moments, and look what they leave: environments, working copies, processes."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil

from breakages.case import Case
from breakages.project import Place
from planting.repairing import NO_MODEL

_SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
_LONGEST_S = 60.0
_SETTLED_S = 15.0
"""How long a reaper may take on a busy machine until something counts as left."""


def kills(case: Case, place: Place, home: Path, *, times: int, seed: int) -> list[str]:
    """Kill as often as that; a line for each signal and one for the sum."""
    chance = random.Random(seed)
    packages, scratch = home / "kills-packages", home / "kills-tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    mark = f"kills-{os.getpid()}"
    environ = {
        **place.variables(dict(os.environ)),
        "SELFHEAL_PACKAGES_DIR": str(packages),
        "TMPDIR": str(scratch),
        "KILLS_MARK": mark,
    }
    left: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for number in range(times):
        words = (sys.executable, "-m", "selfheal", "repair", "--quiet", "--repo", str(place.repo))
        more = (
            "--command",
            case.command,
            "--out",
            str(home / "out"),
            "--config",
            str(home / "selfheal.yml"),
            *NO_MODEL,
        )
        # What a kill -9 left is swept by the next run's start: each kill answers for its own.
        before = _copies(scratch)
        process = subprocess.Popen((*words, *more), env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        how = _SIGNALS[number % len(_SIGNALS)]
        time.sleep(chance.uniform(0.2, _LONGEST_S))
        process.send_signal(how)
        process.wait()
        counts[how.name] += 1
        ends = time.monotonic() + _SETTLED_S
        while (found := _left(packages, _copies(scratch) - before, mark)) and time.monotonic() < ends:
            time.sleep(0.2)
        left.update({f"{how.name} {what}": 1 for what in found})
    rows = [f"{name}: killed {count} times" for name, count in counts.items()]
    rows += [f"left behind: {name}: {count}" for name, count in left.items()]
    return [*rows, f"{times} kills, {sum(left.values())} times something was left behind"]


def _copies(scratch: Path) -> frozenset[Path]:
    return frozenset(scratch.glob("**/selfheal-scratch-*"))


def _left(packages: Path, copies: frozenset[Path], mark: str) -> list[str]:
    found = ["environment"] * any((packages / "environments").glob("selfheal-scratch-*"))
    found += ["working copy"] * bool(copies)
    return found + ["process"] * any(_is_marked(process, mark) for process in psutil.process_iter())


def _is_marked(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get("KILLS_MARK") == mark
    except (psutil.Error, OSError):
        return False
