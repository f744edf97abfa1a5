"""The embedded engine's process: how it starts, fails, comes back, and ends."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from models.engines import question
from models.real_servers import CONTEXT_TOKENS, weights_or_skip
from selfheal.contract.engine import ModelAnswer, ModelFailure, ModelFault, ModelIdentity
from selfheal.models import EmbeddedEngine

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")


async def test_missing_weights_name_the_command_that_gets_them(tmp_path: Path) -> None:
    """No process is started for a file that is not there."""
    engine = EmbeddedEngine(tmp_path / "none.gguf")
    failure = await engine.start()
    await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.UNREACHABLE, True)
    assert "selfheal model pull" in failure.message


async def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    """llama.cpp's own complaint is in the message; the temporary folder is gone."""
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"hello")
    engine = EmbeddedEngine(broken)
    failure = await engine.ask(question())
    await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.REJECTED, True)
    assert str(broken) in failure.message
    assert "magic" in failure.message


@pytest.mark.model
@pytest.mark.xdist_group("model")
async def test_weights_that_are_cut_short_are_named(tmp_path: Path) -> None:
    """A GGUF file given by its path has no digest; the engine itself sees that it ends too early."""
    cut = tmp_path / "cut.gguf"
    with weights_or_skip().path.open("rb") as whole:
        cut.write_bytes(whole.read(200_000_000))
    engine = EmbeddedEngine(cut)
    failure = await engine.start()
    await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert failure.fault is ModelFault.REJECTED
    assert "incomplete" in failure.message


@posix_only
@pytest.mark.model
@pytest.mark.xdist_group("model")
async def test_a_model_that_does_not_fit_into_memory_is_typed() -> None:
    """With too little address space the engine fails by itself, and the repair goes on."""
    engine = EmbeddedEngine(weights_or_skip().path, memory_limit_bytes=2_000_000_000)
    failure = await engine.start()
    await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.OUT_OF_MEMORY, True), failure.message


@pytest.mark.model
@pytest.mark.xdist_group("model")
async def test_more_context_than_the_model_knows_is_refused() -> None:
    """llama.cpp would cap it without a word."""
    engine = EmbeddedEngine(weights_or_skip().path, context_tokens=40_000)
    failure = await engine.start()
    await engine.aclose()
    assert isinstance(failure, ModelFailure)
    assert (failure.fault, failure.is_final) == (ModelFault.REJECTED, True)
    assert "32768" in failure.message


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[EmbeddedEngine]:
    weights = weights_or_skip()
    started = EmbeddedEngine(weights.path, name=weights.name, context_tokens=CONTEXT_TOKENS)
    identity = await started.start()
    assert isinstance(identity, ModelIdentity), identity
    yield started
    await started.aclose()


@posix_only
@pytest.mark.model
@pytest.mark.xdist_group("model")
async def test_a_crash_costs_one_answer_and_twice_at_most_is_restarted(engine: EmbeddedEngine) -> None:
    """The crash is typed, the next question finds a new process, and a third crash is final."""
    killed: set[int] = set()
    for crash in (1, 2, 3):
        asking = asyncio.create_task(engine.ask(question("Count from 1 to 500.", max_tokens=900)))
        # A process that has just died may still be named: only a new one can crash again.
        while (pid := engine.pid) is None or pid in killed:
            await asyncio.sleep(0)
        if crash != 2:  # the second time it dies before it was asked anything, which counts like the others
            await asyncio.sleep(0.3)
        killed.add(pid)
        os.kill(pid, signal.SIGABRT)
        failure = await asking
        assert isinstance(failure, ModelFailure)
        assert (failure.fault, failure.is_final) == (ModelFault.CRASHED, crash == 3), failure.message
    last = await engine.ask(question())
    assert isinstance(last, ModelFailure)
    assert last.is_final


@posix_only
@pytest.mark.model
@pytest.mark.xdist_group("model")
async def test_a_paused_engine_uses_no_core_and_wakes_for_a_question(engine: EmbeddedEngine) -> None:
    """While the user's command runs the engine is stopped; a question resumes it, as does `resume`."""
    assert engine.pid is not None
    engine.pause()
    engine.pause()
    await _until_stopped(engine.pid)
    assert isinstance(await engine.ask(question("Answer with the one word: yes")), ModelAnswer)
    engine.pause()
    engine.resume()
    engine.resume()
    assert isinstance(await engine.ask(question("Answer with the one word: no")), ModelAnswer)
    engine.pause()
    await engine.aclose()
    assert engine.pid is None


@posix_only
@pytest.mark.model
@pytest.mark.xdist_group("model")
async def test_the_key_and_the_socket_are_private(engine: EmbeddedEngine) -> None:
    """The key is on no command line and in no environment; the socket's folder admits its owner alone."""
    assert engine.pid is not None
    process = psutil.Process(engine.pid)
    assert not any(len(word) > 40 and "/" not in word for word in process.cmdline())
    assert engine.address is not None
    folder = Path(engine.address.removeprefix("unix://")).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    await engine.aclose()
    assert not folder.exists()


@posix_only
@pytest.mark.model
@pytest.mark.xdist_group("model")
@pytest.mark.parametrize("is_paused", [False, True])
async def test_the_engine_dies_with_its_parent(is_paused: bool) -> None:
    """Even when the parent is killed without a chance to clean up, and even when the engine is stopped."""
    script = (
        "import asyncio, sys, pathlib\n"
        "from selfheal.models import EmbeddedEngine\n"
        "async def main():\n"
        "    engine = EmbeddedEngine(pathlib.Path(sys.argv[1]), context_tokens=512)\n"
        "    await engine.start()\n"
        f"    {'engine.pause()' if is_paused else 'pass'}\n"
        "    print(engine.pid, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", script, str(weights_or_skip().path)]
    parent = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = psutil.Process(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()
    await asyncio.to_thread(child.wait, 30)
    assert not child.is_running()


async def _until_stopped(pid: int) -> None:
    while psutil.Process(pid).status() != psutil.STATUS_STOPPED:
        await asyncio.sleep(0.01)
