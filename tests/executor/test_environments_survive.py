"""Killed at any moment, an executor leaves no environment."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from executor.wheels import a_wheel, offline
from selfheal.workspace.scratch import make_scratch
from workspace.repositories import a_repository

_WORKER = """
import asyncio, os, signal, sys
from pathlib import Path
from selfheal.contract.packages import Pin
from selfheal.executor import ExecutorSettings, LocalExecutor
from selfheal.verify import find_ladder

async def work():
    settings = ExecutorSettings(
        environment=dict(os.environ), ladder=find_ladder(), scratch_parent=Path(sys.argv[2]), warm_longest_s=60.0,
        packages_dir=Path(sys.argv[3]),
    )
    print("step", flush=True)
    executor = LocalExecutor.open(Path(sys.argv[1]), settings)
    for _ in range(1000):
        built = await executor.packages.build(
            (Pin(name="base", version="1.0"),), at=executor.site.base, with_project=False, timeout_s=600.0
        )
        print("step", flush=True)
        await executor.run(
            "true", at=executor.site.base, level=executor.site.ladder.tightest, timeout_s=600.0, environment=built.name
        )
        print("step", flush=True)

# A job in the background inherits that interrupts are ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
asyncio.run(work())
"""


async def test_no_environment_is_left_by_a_kill_at_any_moment(tmp_path: Path):
    """What a reaper had no chance to see is swept by the next start, which knows whose owner is dead."""
    index, packages = tmp_path / "index", tmp_path / "packages"
    a_wheel(index, "base", "1.0", "VALUE = 1\n")
    repo = a_repository(tmp_path / "repo", {"app.py": b""})
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(index), **offline(index)}
    chance = random.Random(7)
    environments = packages / "environments"
    for how in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        worker = subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(repo), str(tmp_path / "scratch"), str(packages)],
            env={**environment, "PYTHONPATH": f"{index}:{os.pathsep.join(filter(None, sys.path))}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert worker.stdout is not None
        for _ in range(chance.randrange(1, 6)):
            assert worker.stdout.readline() == b"step\n"
        await asyncio.sleep(chance.random() / 10)
        worker.send_signal(how)
        worker.wait()
        worker.stdout.close()
        while list(environments.glob("selfheal-scratch-*")):
            make_scratch(environments).remove()
            await asyncio.sleep(0.05)
