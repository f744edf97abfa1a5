"""A shell that stays up in the sandbox."""

import asyncio
import uuid
from pathlib import Path

import pytest

from selfheal.contract.command import Ending
from selfheal.contract.sandbox import SandboxLevel
from selfheal.verify.warm import WarmShell, daemon_line
from verify.places import BOTH, LONG_S, a_runner, living


def _shell(tmp_path: Path, level: SandboxLevel) -> WarmShell:
    return WarmShell(a_runner(tmp_path, level), longest_s=LONG_S)


@BOTH
async def test_what_a_line_leaves_running_is_there_for_the_next(tmp_path: Path, level: SandboxLevel) -> None:
    """This is what it is for; each line has its own output and status, and starts in the tree."""
    shell = _shell(tmp_path, level)
    first = await shell.run('sleep 300 & echo $! > "$TMPDIR/pid"; cat file', timeout_s=LONG_S)
    second = await shell.run('kill -0 "$(cat "$TMPDIR/pid")" && exit 3', timeout_s=LONG_S)
    await shell.aclose()

    assert first is not None
    assert second is not None
    assert (first.exit_code, first.output, second.exit_code) == (0, "as it was\n", 3)


@BOTH
async def test_nothing_is_left_when_it_is_closed(tmp_path: Path, level: SandboxLevel) -> None:
    """The whole process tree goes."""
    mark = f"warm-{uuid.uuid4().hex}"
    shell = _shell(tmp_path, level)
    await shell.run(f"bash -c 'exec -a {mark} sleep 300' &", timeout_s=LONG_S)
    await shell.aclose()

    assert living(mark) == []


@BOTH
async def test_line_that_does_not_end_ends_the_shell(tmp_path: Path, level: SandboxLevel) -> None:
    """The next line gets a new one."""
    shell = _shell(tmp_path, level)
    stuck = await shell.run("sleep 300", timeout_s=0.2)
    after = await shell.run("echo again", timeout_s=LONG_S)
    await shell.aclose()

    assert stuck is not None
    assert stuck.ending is Ending.TIMED_OUT
    assert after is not None
    assert after.output == "again\n"


@BOTH
async def test_line_that_kills_the_shell(tmp_path: Path, level: SandboxLevel) -> None:
    """Hostile or unlucky: there is no answer, and the next line gets a new shell."""
    shell = _shell(tmp_path, level)
    await shell.run("kill -9 $PPID; sleep 1", timeout_s=LONG_S)
    after = await shell.run("echo again", timeout_s=LONG_S)
    await shell.aclose()

    assert after is not None
    assert after.output == "again\n"


async def test_output_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    """A command that replaces its output by a link can't make us read another file."""
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    shell = _shell(tmp_path, SandboxLevel.PROCESS)
    run = await shell.run(f'rm "$TMPDIR"/line-1.out; ln -s {secret} "$TMPDIR/line-1.out"', timeout_s=LONG_S)
    await shell.aclose()

    assert run is not None
    assert "hunter2" not in run.output


async def test_cancelled_wait_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C while a line runs."""
    mark = f"warm-{uuid.uuid4().hex}"
    shell = _shell(tmp_path, SandboxLevel.PROCESS)
    task = asyncio.create_task(shell.run(f"bash -c 'exec -a {mark} sleep 300'", timeout_s=LONG_S))
    while not living(mark):
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await shell.aclose()

    assert living(mark) == []


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("mypy src", 'dmypy --status-file "$TMPDIR/dmypy.json" run -- src'),
        (
            "ruff check . && /v/bin/mypy --strict a b",
            '/v/bin/dmypy --status-file "$TMPDIR/dmypy.json" run -- --strict a b',
        ),
        ("python -m mypy 'a b'", "python -m mypy.dmypy --status-file \"$TMPDIR/dmypy.json\" run -- 'a b'"),
        ("uv run mypy src", 'uv run dmypy --status-file "$TMPDIR/dmypy.json" run -- src'),
        ("mypy a && mypy b", None),
        ("pytest -q", None),
    ],
)
def test_daemons_call(command: str, line: str | None) -> None:
    """The same tool, environment and arguments; nothing where it is not clear which."""
    assert daemon_line(command) == line
