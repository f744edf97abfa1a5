"""Throw-away environments: built of what was asked, mounted for a run, gone however it ends."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from executor.processes import TOKEN, running
from executor.wheels import a_source, a_wheel, add_installers, offline
from selfheal.contract.packages import BLANK, Built, NotBuilt, Pin, Question, Solved, Unsolved
from selfheal.executor import ExecutorSettings, LocalExecutor
from selfheal.executor.interpreter import base_interpreter
from selfheal.executor.local import EnvironmentUnknown
from selfheal.executor.remote import RemoteExecutor
from selfheal.verify import find_ladder
from workspace.repositories import a_repository

LONG_S = 600.0


def variables(tmp_path: Path) -> dict[str, str]:
    index = tmp_path / "index"
    # On the import path, so that the sandbox, which has a /tmp of its own, shows it.
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(index), **offline(index)}


@pytest.fixture
async def executor(tmp_path: Path) -> AsyncIterator[LocalExecutor]:
    index = tmp_path / "index"
    a_wheel(index, "base", "1.0", "VALUE = 1\n")
    a_wheel(index, "base", "2.0", "VALUE = 2\n")
    a_wheel(index, "holder", "1.0", "import base\nVALUE = base.VALUE\n", needs=("base",))
    settings = ExecutorSettings(
        environment=variables(tmp_path),
        ladder=find_ladder(),
        scratch_parent=tmp_path / "scratch",
        warm_longest_s=LONG_S,
        packages_dir=tmp_path / "packages",
    )
    opened = LocalExecutor.open(a_repository(tmp_path / "repo", {"app.py": b"print('one')\n"}), settings)
    assert isinstance(opened, LocalExecutor)
    yield opened
    await opened.aclose()


async def solved(executor: LocalExecutor, *lines: str, within: tuple[str, ...] = ()) -> Solved:
    answer = await executor.packages.resolve(Question(lines=lines, constraints=within), timeout_s=LONG_S)
    assert isinstance(answer, Solved), answer
    return answer


async def built(executor: LocalExecutor, *pins: Pin) -> Built:
    answer = await executor.packages.build(pins, at=executor.site.base, with_project=False, timeout_s=LONG_S)
    assert isinstance(answer, Built), answer
    return answer


async def output(executor: LocalExecutor, line: str, environment: str | None) -> str:
    site = executor.site
    run = await executor.run(line, at=site.base, level=site.ladder.tightest, timeout_s=LONG_S, environment=environment)
    return run.output


async def test_a_run_sees_exactly_what_was_resolved_and_built(executor: LocalExecutor):
    """The newest that fit, who wanted them, and the command finds them first."""
    answer = await solved(executor, "holder", within=("base<2",))
    assert [(one.pin.name, one.pin.version, one.wanted_by) for one in answer.packages] == [
        ("base", "1.0", ("holder",)),
        ("holder", "1.0", ()),
    ]
    environment = await built(executor, *answer.pins)
    assert await output(executor, "python -c 'import holder; print(holder.VALUE)'", environment.name) == "1\n"
    assert "Error" in await output(executor, "python -c 'import holder; holder.VALUE' 2>&1 || true", None)


async def test_what_does_not_fit_is_told_in_the_resolvers_words(executor: LocalExecutor):
    """An answer, no exception; and a version that is not there can't be built."""
    answer = await executor.packages.resolve(Question(lines=("base>2", "holder")), timeout_s=LONG_S)
    assert isinstance(answer, Unsolved)
    assert "base" in answer.message
    pins = (Pin(name="base", version="9.9"),)
    failed = await executor.packages.build(pins, at=executor.site.base, with_project=False, timeout_s=LONG_S)
    assert isinstance(failed, NotBuilt)
    assert "9.9" in failed.message


@pytest.mark.parametrize(
    "line",
    [
        "-e .",
        "--index-url http://evil.example/simple",
        "base @ file:///etc/passwd",
        "git+https://evil.example/x",
        "./local",
        "/etc/passwd",
        "base --config-settings x=y",
        "base\n--index-url http://evil.example",
        "-r /etc/passwd",
        "",
    ],
)
async def test_only_plain_requirements_of_the_index_are_resolved(executor: LocalExecutor, line: str):
    """An attack: options, paths and addresses in a manifest must not steer the installer outside of the sandbox."""
    answer = await executor.packages.resolve(Question(lines=(line,)), timeout_s=LONG_S)
    assert isinstance(answer, Unsolved)
    assert "no plain requirement" in answer.message


async def test_a_build_script_runs_in_the_sandbox_only(executor: LocalExecutor, tmp_path: Path):
    """An attack: a source distribution that writes where it likes. A wheel's files are never run while installing."""
    mark = tmp_path / "written-by-setup"
    setup = f"open({str(mark)!r}, 'w').write('x')\nraise SystemExit('no build')\n"
    a_source(tmp_path / "index", "trap", "1.0", setup=setup)
    pins = (Pin(name="trap", version="1.0"),)
    answer = await executor.packages.build(pins, at=executor.site.base, with_project=False, timeout_s=LONG_S)
    assert isinstance(answer, NotBuilt), answer
    if executor.site.ladder.tightest.has_bwrap:
        assert not mark.exists()


async def test_an_environment_that_was_not_built_here_is_refused(executor: LocalExecutor):
    """Names are given out, never made up."""
    for name in ("env-99", "../../etc", "/usr"):
        with pytest.raises(EnvironmentUnknown):
            await output(executor, "true", name)


async def test_a_blank_environment_takes_what_the_command_installs_and_is_gone(executor: LocalExecutor, tmp_path: Path):
    """The caller's own is never written to."""
    add_installers(tmp_path / "index")
    line = "python -m pip install -q base && python -c 'import base, sys; print(base.VALUE, sys.prefix)'"
    told = await output(executor, line, BLANK)
    value, prefix = told.split()[-2:]
    assert value == "2"
    assert not Path(prefix).exists()


async def test_the_change_log_is_read_from_the_source_and_nothing_of_it_runs(executor: LocalExecutor, tmp_path: Path):
    """Word for word, from the release itself."""
    mark = tmp_path / "ran"
    log = "Version 2.0\n-----------\n\n- Remove VALUE.\n"
    a_source(tmp_path / "index", "base", "2.0", setup=f"open({str(mark)!r}, 'w')\n", log=log)
    files = await executor.packages.announcements(Pin(name="base", version="2.0"), timeout_s=LONG_S)
    assert [(one.file, one.text) for one in files] == [("CHANGES.rst", log)]
    assert not mark.exists()


async def test_the_releases_are_those_of_the_index(executor: LocalExecutor, tmp_path: Path):
    """The newest first; nothing for a name that it does not know."""
    add_installers(tmp_path / "index")
    assert await executor.packages.releases("base", timeout_s=LONG_S) == ("2.0", "1.0")
    assert await executor.packages.releases("nobody-knows-this", timeout_s=LONG_S) == ()


async def test_closing_leaves_no_environment(executor: LocalExecutor, tmp_path: Path):
    """Not one folder, and closing again is harmless."""
    await built(executor, Pin(name="base", version="1.0"))
    environments = tmp_path / "packages" / "environments"
    assert any(environments.glob("selfheal-scratch-*/env-*"))
    await executor.aclose()
    await executor.aclose()
    assert not list(environments.glob("selfheal-scratch-*"))


async def test_kill_9_leaves_no_environment(tmp_path: Path):
    """No clean-up runs in the process itself; a reaper that waits for its end does it."""
    index = tmp_path / "index"
    a_wheel(index, "base", "1.0", "VALUE = 1\n")
    packages = tmp_path / "packages"
    environment = {**variables(tmp_path), "HOME": str(tmp_path)}
    async with running(tmp_path, environment=environment, packages_dir=str(packages)) as process:
        remote = RemoteExecutor.connect(process.socket, token=TOKEN)
        pins = (Pin(name="base", version="1.0"),)
        answer = await remote.packages.build(pins, at=remote.site.base, with_project=False, timeout_s=LONG_S)
        assert isinstance(answer, Built)
        run = await remote.run(
            "python -c 'import base; print(base.VALUE)'",
            at=remote.site.base,
            level=remote.site.ladder.tightest,
            timeout_s=LONG_S,
            environment=answer.name,
        )
        assert run.output == "1\n"
        process.process.send_signal(signal.SIGKILL)
        await process.process.wait()
        while list((packages / "environments").glob("selfheal-scratch-*")):
            await asyncio.sleep(0.05)


def test_the_interpreter_is_never_one_of_the_repository(tmp_path: Path):
    """An attack: a `python` in the tree would be started outside of the sandbox."""
    folder = tmp_path / "repo" / "bin"
    folder.mkdir(parents=True)
    planted = folder / "python"
    planted.write_bytes(Path(sys.executable).resolve().read_bytes()[:4] + b"not a real one")
    planted.chmod(0o755)
    script = tmp_path / "shims" / "python"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\nexit 1\n")
    script.chmod(0o755)
    path = f"{folder}:{script.parent}:{Path(sys.executable).parent}"
    found = base_interpreter({"PATH": path}, apart_from=tmp_path / "repo")
    assert found == Path(sys.executable).resolve()
    assert base_interpreter({"PATH": str(folder)}, apart_from=tmp_path / "repo") == Path(sys.executable).resolve()


async def test_without_uv_a_command_runs_in_the_callers_environment(
    executor: LocalExecutor, monkeypatch: pytest.MonkeyPatch
):
    """The extra is optional: what can't be built is said, and nothing breaks."""
    monkeypatch.setitem(sys.modules, "uv", None)
    assert await output(executor, "echo here", BLANK) == "here\n"
    answer = await executor.packages.resolve(Question(lines=("base",)), timeout_s=LONG_S)
    assert isinstance(answer, Unsolved)
    assert "selfheal[dependencies]" in answer.message
