import asyncio
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from selfheal.contract.command import Ending
from selfheal.contract.sandbox import SandboxLevel
from selfheal.verify.errors import SandboxFailed
from selfheal.verify.limits import Limits
from selfheal.verify.runner import SandboxedRunner
from verify.places import BOTH, LONG_S, NEEDS_BWRAP, a_place, a_runner, an_environment, living

# The mark is a word of the command line: a test sees only its own processes.
_FORK_AND_SLEEP = """
import os, sys, time
for number in range(3):
    if os.fork() == 0:
        if number: os.setsid()
        time.sleep(600)
print("started", flush=True)
time.sleep(600)
"""


def write_script(runner: SandboxedRunner, text: str) -> None:
    for folder in (runner.place.tree, runner.place.original):
        (folder / "script.py").write_text(text)


@BOTH
@pytest.mark.parametrize(
    ("command", "ending", "code"),
    [
        ("true", Ending.EXITED, 0),
        ("exit 7", Ending.EXITED, 7),
        ("no-such-program-here --flag", Ending.NOT_FOUND, 127),
        ("kill -SEGV $$", Ending.KILLED, 139),
        ("kill -9 $$", Ending.KILLED, 137),
        ("false | cat", Ending.EXITED, 1),
        ("false\necho not reached\n", Ending.EXITED, 1),
        ("yes | head -n 1 | grep -q y; [ ${PIPESTATUS[0]:-0} -ge 0 ]", Ending.KILLED, 141),
        ('test -z "$(cat)"', Ending.EXITED, 0),
        ("exit 255", Ending.EXITED, 255),
    ],
)
async def test_the_ending_is_what_a_shell_of_the_ci_would_show(
    tmp_path: Path, level: SandboxLevel, command: str, ending: Ending, code: int
) -> None:
    """Status, missing program, signal, a failing part of a pipe, a broken pipe, empty input: as `run:` has them."""
    run = await a_runner(tmp_path, level).run(command, timeout_s=LONG_S)
    assert (run.ending, run.exit_code) == (ending, code), run.output
    assert run.sandbox == level.value
    assert run.passed is (code == 0)


@BOTH
async def test_output_comes_in_order_and_streams_while_it_runs(tmp_path: Path, level: SandboxLevel) -> None:
    """Standard output and error are one text in the order of writing, also given as it comes."""
    blocks: list[bytes] = []
    place = a_place(tmp_path)
    runner = SandboxedRunner(
        level=level, place=place, environment=an_environment(tmp_path), on_output=lambda block: blocks.append(block)
    )
    run = await runner.run("echo one; echo two >&2; echo three", timeout_s=LONG_S)
    assert run.output == "one\ntwo\nthree\n"
    assert b"".join(blocks).decode() == run.output


async def test_a_nul_in_the_command_is_an_ending_and_no_exception(tmp_path: Path) -> None:
    """What no shell can be given is answered as a command that could not be started."""
    run = await a_runner(tmp_path, SandboxLevel.PROCESS).run("echo a\0b", timeout_s=LONG_S)
    assert run.ending is Ending.NOT_FOUND
    assert "NUL" in run.output


async def test_a_working_directory_that_is_gone_is_an_ending(tmp_path: Path) -> None:
    """Where the copy has no such folder (any more), the command could not be started, and why is said."""
    runner = a_runner(tmp_path, SandboxLevel.PROCESS)
    shutil.rmtree(runner.place.tree)
    run = await runner.run("true", timeout_s=LONG_S)
    assert run.ending is Ending.NOT_FOUND
    assert "No such file" in run.output


@BOTH
async def test_output_that_is_not_utf8_is_kept_readable(tmp_path: Path, level: SandboxLevel) -> None:
    """Bytes that are no text are replaced one by one and lose nothing around them."""
    run = await a_runner(tmp_path, level).run(r"printf 'a\377\376b\0c\n'", timeout_s=LONG_S)
    assert run.output == "a\ufffd\ufffdb\0c\n"
    assert run.output_bytes == 7


@BOTH
async def test_a_run_without_end_is_stopped_with_all_its_children(tmp_path: Path, level: SandboxLevel) -> None:
    """At the limit the whole tree dies, children in sessions of their own included, and the output so far is kept."""
    mark = f"mark-{tmp_path.name}-{level.value}"
    runner = a_runner(tmp_path, level)
    write_script(runner, _FORK_AND_SLEEP)
    run = await runner.run(f"{sys.executable} script.py {mark}", timeout_s=2.0)
    assert (run.ending, run.exit_code) == (Ending.TIMED_OUT, 124)
    assert run.output.startswith("started\n")
    assert "did not end within 2 s" in run.output
    assert living(mark) == []


@BOTH
async def test_cancelling_kills_the_tree_before_it_goes_on(tmp_path: Path, level: SandboxLevel) -> None:
    """After the cancellation nothing of the command lives."""
    mark = f"mark-{tmp_path.name}-{level.value}"
    started = asyncio.Event()
    place = a_place(tmp_path)
    runner = SandboxedRunner(
        level=level, place=place, environment=an_environment(tmp_path), on_output=lambda _: started.set()
    )
    write_script(runner, _FORK_AND_SLEEP)
    task = asyncio.create_task(runner.run(f"{sys.executable} script.py {mark}", timeout_s=LONG_S))
    await started.wait()
    assert living(mark)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert living(mark) == []


@BOTH
async def test_a_daemon_neither_holds_up_the_run_nor_outlives_it(tmp_path: Path, level: SandboxLevel) -> None:
    """A process that forked twice, left its session and keeps the pipe open is gone when the command has ended."""
    mark = f"mark-{tmp_path.name}-{level.value}"
    runner = a_runner(tmp_path, level)
    write_script(
        runner,
        "import os, sys, time\n"
        "ready, go = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.write(go, b'x')\n"
        "        time.sleep(600)\n"
        "    os._exit(0)\n"
        "os.read(ready, 1)\n"
        "print('the daemon runs')\n",
    )
    run = await runner.run(f"{sys.executable} script.py {mark}", timeout_s=LONG_S)
    assert (run.ending, run.output) == (Ending.EXITED, "the daemon runs\n")
    assert living(mark) == []


@BOTH
async def test_a_signal_that_is_ignored_does_not_help(tmp_path: Path, level: SandboxLevel) -> None:
    """A command that ignores every signal that can be ignored, and stops itself, is ended all the same."""
    mark = f"mark-{tmp_path.name}-{level.value}"
    runner = a_runner(tmp_path, level)
    write_script(
        runner,
        "import os, signal, time\n"
        "for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n"
        "    signal.signal(number, signal.SIG_IGN)\n"
        "os.kill(os.getpid(), signal.SIGSTOP)\n"
        "time.sleep(600)\n",
    )
    run = await runner.run(f"{sys.executable} script.py {mark}", timeout_s=1.0)
    assert run.ending is Ending.TIMED_OUT
    assert living(mark) == []


@BOTH
async def test_two_hundred_megabytes_of_output_take_bounded_memory(tmp_path: Path, level: SandboxLevel) -> None:
    """Beginning and end are kept, what is between is counted, and no more is ever held."""
    limits = Limits(output_head_bytes=10_000, output_tail_bytes=20_000)
    largest = 0
    place = a_place(tmp_path)

    def note(block: bytes) -> None:
        nonlocal largest
        largest = max(largest, len(block))

    runner = SandboxedRunner(
        level=level, place=place, environment=an_environment(tmp_path), limits=limits, on_output=note
    )
    run = await runner.run("echo first; head -c 200000000 /dev/zero | tr '\\0' y; echo; echo last", timeout_s=LONG_S)
    assert run.ending is Ending.EXITED
    assert run.output_bytes == 200_000_000 + len("first\n\nlast\n")
    assert run.output.startswith("first\nyyy")
    assert run.output.endswith("last\n")
    assert len(run.output) < 31_000
    assert largest <= 1 << 18


async def test_a_runner_at_another_level_is_the_same_otherwise(tmp_path: Path) -> None:
    """`at` changes the level only."""
    runner = a_runner(tmp_path, SandboxLevel.PROCESS)
    other = runner.at(SandboxLevel.ISOLATED)
    assert other.level is SandboxLevel.ISOLATED
    assert (other.place, other.environment) == (runner.place, runner.environment)


@pytest.mark.sandbox
@NEEDS_BWRAP[1]
async def test_a_sandbox_that_does_not_come_up_is_no_failure_of_the_command(tmp_path: Path) -> None:
    """Where bubblewrap itself fails, that is an exception with its own words, never a red or green run."""
    runner = a_runner(tmp_path, SandboxLevel.ISOLATED)
    shutil.rmtree(runner.place.original)
    shutil.rmtree(runner.place.tree)
    with pytest.raises(SandboxFailed, match="bwrap"):
        await runner.run("true", timeout_s=LONG_S)


def test_the_death_of_selfheal_ends_the_command(tmp_path: Path) -> None:
    """When selfheal itself is killed with -9 in the middle of a run, nothing of the command lives on."""
    mark = f"mark-{tmp_path.name}"
    place = a_place(tmp_path)
    (place.tree / "script.py").write_text(_FORK_AND_SLEEP)
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from selfheal.contract.sandbox import SandboxLevel\n"
        "from selfheal.verify.runner import SandboxedRunner\n"
        "from selfheal.verify.sandbox import SandboxTree\n"
        "top = Path(sys.argv[1])\n"
        "place = SandboxTree(tree=top / 'copy', original=top / 'original', private=top / 'private')\n"
        "runner = SandboxedRunner(level=SandboxLevel.PROCESS, place=place, environment={'PATH': sys.argv[2]},\n"
        "    on_output=lambda block: print(block.decode(), flush=True))\n"
        "asyncio.run(runner.run(sys.argv[3], timeout_s=600))\n"
    )
    line = f"{sys.executable} script.py {mark}"
    path = an_environment(tmp_path)["PATH"]
    selfheal = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path), path, line], stdout=subprocess.PIPE, text=True
    )
    assert selfheal.stdout is not None
    assert selfheal.stdout.readline() == "started\n"
    assert len(living(mark)) >= 4
    selfheal.send_signal(signal.SIGKILL)
    selfheal.wait()
    # Guards and commands keep nothing of ours open, so there is no descriptor whose end could be waited for.
    while living(mark):
        time.sleep(0.01)
    selfheal.stdout.close()
