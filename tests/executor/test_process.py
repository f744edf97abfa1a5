"""The executor's process: what the agents may ask of the runner, and what they may not."""

import asyncio
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from executor.processes import FILES, SECRET, TOKEN, Running, config_for, running
from selfheal.contract.patch import FileEdit
from selfheal.contract.sandbox import SandboxLevel
from selfheal.contract.tree import InvalidEdit, Version
from selfheal.errors import SelfhealError
from selfheal.executor.handshake import REPLY, ExecutorFailed
from selfheal.executor.remote import ExecutorGone, RemoteExecutor
from verify.places import LONG_S, living
from workspace.repositories import git, write


@pytest_asyncio.fixture
async def process(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


@pytest_asyncio.fixture
async def remote(process: Running) -> AsyncIterator[RemoteExecutor]:
    executor = RemoteExecutor.connect(process.socket, token=TOKEN)
    yield executor
    await executor.aclose()


async def test_it_runs_reads_changes_and_compares(remote: RemoteExecutor, process: Running) -> None:
    """All that a repair needs, on versions, and the user's tree stays as it is."""
    site = remote.site
    level = site.ladder.tightest
    assert Path(site.root) == process.repo
    assert remote.view(site.base).paths() == ("app.py", "latin.txt")
    assert remote.view(site.base).read("latin.txt") == FILES["latin.txt"]
    assert remote.view(site.base).read("../socket/x.sock") is None

    two = remote.change(site.base, (FileEdit(path="app.py", content=b"print('two')\n"),), message="candidate")
    assert isinstance(two, Version)
    runs = [await remote.run("python app.py", at=at, level=level, timeout_s=LONG_S) for at in (two, site.base)]
    assert [run.output for run in runs] == ["two\n", "one\n"]
    assert "+print('two')" in remote.diff(site.base, two)
    assert [edit.path for edit in remote.edits_between(site.base, two)] == ["app.py"]

    done = await remote.transform("printf 'caf\\351 ole\\n' > latin.txt", at=two, level=level, timeout_s=LONG_S)
    assert [(edit.path, edit.content) for edit in done.edits] == [("latin.txt", b"caf\xe9 ole\n")]
    warm = await remote.run_warm("cat app.py", at=two, level=level, timeout_s=LONG_S)
    assert warm is not None
    assert warm.output == "print('two')\n"
    remote.tie_state(1, two, "{}")
    assert isinstance(remote.change(two, (FileEdit(path="../x", content=b""),), message="out"), InvalidEdit)
    assert (process.repo / "app.py").read_bytes() == FILES["app.py"]


async def test_history_is_told_of_manifests_alone(remote: RemoteExecutor, process: Running) -> None:
    """An attack: what was committed once and taken away again is nobody's to read through the socket."""
    git(process.repo, "rm", "--quiet", "latin.txt")
    write(process.repo, {"requirements.txt": b"a==1\n"})
    git(process.repo, "add", "--all")
    git(process.repo, "commit", "--quiet", "-m", "second")
    (found,) = await remote.history(("latin.txt", "requirements.txt"), at=remote.site.base, until=None)
    assert found.edits == (FileEdit(path="requirements.txt", content=b"a==1\n"),)
    assert await remote.history(("latin.txt", "app.py"), at=remote.site.base, until=None) == ()
    with pytest.raises(SelfhealError, match="not one of this executor's"):
        made_up = remote.site.base.model_copy(update={"commit": "0" * 40})
        await remote.history(("requirements.txt",), at=made_up, until=None)


async def test_a_wrong_token_gets_nothing(process: Running) -> None:
    """Whoever finds the socket needs the token too."""
    with pytest.raises(ExecutorGone, match="token"):
        RemoteExecutor.connect(process.socket, token="another")


async def test_a_made_up_version_or_level_is_refused(remote: RemoteExecutor) -> None:
    """Only what was recorded there can be asked for, and no looser sandbox than the runner has allowed."""
    site = remote.site
    made_up = site.base.model_copy(update={"commit": "0" * 40})
    with pytest.raises(SelfhealError, match="not one of this executor's"):
        remote.diff(site.base, made_up)
    with pytest.raises(SelfhealError, match="not one of this executor's"):
        remote.view(site.base.model_copy(update={"commit": "--output=/tmp/x"}))
    if SandboxLevel.NETWORK not in site.ladder.levels:
        with pytest.raises(SelfhealError, match="not allowed"):
            await remote.run("true", at=site.base, level=SandboxLevel.NETWORK, timeout_s=LONG_S)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"line": "true"}', b'{"site": 1}', b"\xff\xfe", b"{" * 5000])
async def test_a_call_that_is_not_well_formed_is_refused(process: Running, body: bytes) -> None:
    """Nothing runs, and the process stays up."""
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=str(process.socket))) as client:
        answer = await client.post("http://x/run", content=body, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 400
        again = await client.post("http://x/site", content=b"{}", headers={"Authorization": f"Bearer {TOKEN}"})
        assert again.status_code == 200


async def test_what_the_runner_keeps_secret_does_not_come_back(remote: RemoteExecutor) -> None:
    """The agents never see the value, so they could not black it out."""
    run = await remote.run(f"echo {SECRET}", at=remote.site.base, level=remote.site.ladder.tightest, timeout_s=LONG_S)
    assert SECRET not in run.output
    assert run.output.strip()


async def test_the_command_does_not_see_the_socket(remote: RemoteExecutor, process: Running) -> None:
    """In a real sandbox the folder of the socket is out of its sight."""
    level = remote.site.ladder.tightest
    if not level.has_bwrap:
        pytest.skip("bubblewrap is missing: no real sandbox is tried")
    run = await remote.run(f"ls -A {process.socket.parent}", at=remote.site.base, level=level, timeout_s=LONG_S)
    assert "x.sock" not in run.output


async def test_a_caller_that_goes_away_ends_its_run(remote: RemoteExecutor) -> None:
    """The agents' container may be killed at any moment; the runner is left idle."""
    mark = f"run-{uuid.uuid4().hex}"
    line = f"bash -c 'exec -a {mark} sleep 300'"
    level = remote.site.ladder.tightest
    task = asyncio.create_task(remote.run(line, at=remote.site.base, level=level, timeout_s=LONG_S))
    while not living(mark):
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    while living(mark):
        await asyncio.sleep(0.02)
    # The next call finds it free.
    run = await remote.run("echo next", at=remote.site.base, level=level, timeout_s=LONG_S)
    assert run.output == "next\n"


@pytest.mark.parametrize("how", ["input", "term", "time"])
async def test_nothing_is_left_when_it_ends(tmp_path: Path, how: str) -> None:
    """Its parent is gone, or it is told to end, or its time is up in the middle of a run."""
    mark = f"run-{uuid.uuid4().hex}"
    async with running(tmp_path, **({"max_seconds": 3.0} if how == "time" else {})) as process:
        remote = RemoteExecutor.connect(process.socket, token=TOKEN)
        line = f"bash -c 'exec -a {mark} sleep 300'"
        level = remote.site.ladder.tightest
        task = asyncio.create_task(remote.run(line, at=remote.site.base, level=level, timeout_s=LONG_S))
        while not living(mark):
            await asyncio.sleep(0.02)
        match how:
            case "input":
                assert await process.end() == 0
            case "term":
                process.process.send_signal(signal.SIGTERM)
        assert await process.process.wait() == 0
        with pytest.raises(ExecutorGone):
            await task
        await remote.aclose()
    assert living(mark) == []
    assert [path.name for path in process.scratch.iterdir()] == [".selfheal.lock"]
    assert not process.socket.exists()


async def test_it_says_why_it_can_not_start(tmp_path: Path) -> None:
    """A folder that is no repository is told, not served."""
    (tmp_path / "repo").mkdir()
    config = config_for(tmp_path)
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "selfheal.executor"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await started.communicate(config.model_dump_json().encode() + b"\n")
    failed = REPLY.validate_json(out)
    assert isinstance(failed, ExecutorFailed)
    assert "git" in failed.message
