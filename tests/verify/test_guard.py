import os
import subprocess
import sys
from pathlib import Path

import pytest

from selfheal.contract.command import Ending
from selfheal.contract.sandbox import SandboxLevel
from selfheal.verify.limits import Limits
from verify.places import BOTH, LONG_S, NEEDS_BWRAP, PROCESS, a_runner, living

# Bounded on purpose: it makes at most 300 processes, whatever the guard does.
_FORKER = """
import os, time
for number in range(300):
    if os.fork() == 0:
        if number % 3 == 0: os.setsid()
        if number % 3 == 1: os.setpgid(0, 0)
        time.sleep(600)
        os._exit(0)
time.sleep(600)
"""
# The same as a chain: each child forks the next and dies, so no list of processes ever shows a whole family.
_CHAIN = """
import os
for number in range(3000):
    if os.fork():
        os._exit(0)
    if number % 10 == 0:
        os.setsid()
"""
_THREADS = """
import threading
for _ in range(300):
    threading.Thread(target=threading.Event().wait).start()
"""
_MEMORY = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        block = b"x" * 60_000_000
        time.sleep(600)
time.sleep(600)
"""


def put(runner_tree: Path, text: str) -> None:
    (runner_tree / "script.py").write_text(text)


@BOTH
async def test_a_fork_bomb_is_ended_and_gone(tmp_path: Path, level: SandboxLevel) -> None:
    """More processes than allowed, in groups and sessions of their own, as root too: killed, said, none left."""
    mark = f"mark-{tmp_path.name}-{level.value}"
    runner = a_runner(tmp_path, level, limits=Limits(processes=100))
    put(runner.place.tree, _FORKER)
    run = await runner.run(f"{sys.executable} script.py {mark}", timeout_s=LONG_S)
    if os.getuid() == 0:
        assert run.ending is Ending.KILLED
        assert "more than 100 processes" in run.output
    else:
        # The kernel itself refuses the fork here.
        assert not run.passed
    assert living(mark) == []


@pytest.mark.sandbox
@NEEDS_BWRAP[1]
def test_a_fork_bomb_is_ended_where_no_cgroup_can_be_made(tmp_path: Path) -> None:
    """With the cgroups read-only, as in most containers, groups and sessions are enough to end it."""
    mark = f"mark-{tmp_path.name}"
    for name in ("tree", "private"):
        (tmp_path / name).mkdir()
    put(tmp_path / "tree", _FORKER)
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from selfheal.contract.sandbox import SandboxLevel\n"
        "from selfheal.verify.limits import Limits\n"
        "from selfheal.verify.runner import SandboxedRunner\n"
        "from selfheal.verify.sandbox import SandboxTree\n"
        "top = Path(sys.argv[1])\n"
        "place = SandboxTree(tree=top / 'tree', original=top / 'tree', private=top / 'private')\n"
        "runner = SandboxedRunner(level=SandboxLevel.PROCESS, place=place, environment={'PATH': '/usr/bin:/bin'},\n"
        "    limits=Limits(processes=100))\n"
        "run = asyncio.run(runner.run(sys.argv[2], timeout_s=60))\n"
        "print(run.ending.value)\n"
    )
    box = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--bind", str(tmp_path), str(tmp_path)]
    line = f"{sys.executable} script.py {mark}"
    said = subprocess.run(
        [*box, sys.executable, "-B", "-c", program, str(tmp_path), line], capture_output=True, text=True
    )
    if os.getuid() == 0:
        assert said.stdout == "killed\n", said
    assert living(f"script.py\0{mark}") == []


@BOTH
async def test_a_chain_of_short_lived_processes_is_caught(tmp_path: Path, level: SandboxLevel) -> None:
    """Processes that hand on to the next before anybody can look are gone with the run."""
    mark = f"mark-{tmp_path.name}-{level.value}"
    runner = a_runner(tmp_path, level)
    put(runner.place.tree, _CHAIN)
    run = await runner.run(f"{sys.executable} script.py {mark}", timeout_s=LONG_S)
    assert run.passed
    assert living(mark) == []


@BOTH
async def test_threads_count_too(tmp_path: Path, level: SandboxLevel) -> None:
    """Three hundred threads in one process are too many where a hundred tasks are allowed."""
    runner = a_runner(tmp_path, level, limits=Limits(processes=100))
    put(runner.place.tree, _THREADS)
    run = await runner.run(f"{sys.executable} script.py", timeout_s=30.0)
    assert not run.passed
    assert run.ending is not Ending.TIMED_OUT


@BOTH
async def test_the_memory_of_all_processes_together_is_limited(tmp_path: Path, level: SandboxLevel) -> None:
    """Four processes that are each within the limit, and together above it, are ended."""
    mark = f"mark-{tmp_path.name}-{level.value}"
    runner = a_runner(tmp_path, level, limits=Limits(memory_bytes=200_000_000))
    put(runner.place.tree, _MEMORY)
    run = await runner.run(f"{sys.executable} script.py {mark}", timeout_s=LONG_S)
    assert run.ending is Ending.KILLED
    assert living(mark) == []


@BOTH
async def test_one_process_can_not_take_more_than_the_limit(tmp_path: Path, level: SandboxLevel) -> None:
    """A single allocation above the limit fails inside the command, as a MemoryError, and the machine is safe."""
    runner = a_runner(tmp_path, level, limits=Limits(memory_bytes=200_000_000))
    run = await runner.run(f"{sys.executable} -c 'bytearray(10**9)'", timeout_s=LONG_S)
    assert "MemoryError" in run.output


@pytest.mark.parametrize("level", [PROCESS])
async def test_a_file_can_not_grow_for_ever(tmp_path: Path, level: SandboxLevel) -> None:
    """A file above the limit ends the writer with the signal for it."""
    runner = a_runner(tmp_path, level, limits=Limits(file_bytes=1 << 20))
    run = await runner.run("yes > big", timeout_s=LONG_S)
    assert run.exit_code == 153
    assert (runner.place.tree / "big").stat().st_size == 1 << 20


async def test_no_cgroup_is_left_behind(tmp_path: Path) -> None:
    """Where the guard made a cgroup for the command, it is gone after the run."""
    run = await a_runner(tmp_path, SandboxLevel.PROCESS).run("cat /proc/self/cgroup", timeout_s=LONG_S)
    assert run.passed
    own = [line.removeprefix("0::") for line in run.output.splitlines() if line.startswith("0::")]
    mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines() if " - cgroup2 " in line]
    for place in (f"{mount[4]}{path}" for mount in mounts for path in own if "/selfheal-" in path):
        assert not Path(place).exists()
