"""An interrupt reaches whoever is at work, at once, and nothing is left behind."""

import asyncio

import pytest

from fakes import ScriptedEngine
from selfheal.config import Settings
from selfheal.team.repair import RepairRequest, repair
from team.repairs import ASKING, CHECK, ENVIRONMENT, GATE_FILES, Watcher
from workspace.repositories import a_repository, fingerprint


class SilentEngine(ScriptedEngine):
    """Takes the question and never answers."""

    def __init__(self) -> None:
        super().__init__(["nothing"])
        self.was_asked = asyncio.Event()

    async def ask(self, request):
        self.was_asked.set()
        await asyncio.Event().wait()


async def test_an_interrupt_reaches_a_model_that_is_thinking(tmp_path, monkeypatch):
    """The call is cancelled and the engine closed; the scratch folder goes, the repository stays."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("RUNNER_TEMP", str(scratch))
    repo = a_repository(tmp_path / "repo", {name: text.encode() for name, text in GATE_FILES.items()})
    before = fingerprint(repo)
    engine = SilentEngine()
    settings = Settings(engine="embedded")
    request = RepairRequest(
        repo=repo, command=CHECK, out=tmp_path / "out", settings=settings, environ=ENVIRONMENT, strategies=ASKING
    )
    running = asyncio.create_task(repair(request, progress=Watcher(), engine=engine))
    asked = asyncio.create_task(engine.was_asked.wait())
    await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
    assert asked.done(), "the repair ended before the model was asked"
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert engine.is_closed
    assert [path.name for path in scratch.iterdir() if path.name != ".selfheal.lock"] == []
    assert fingerprint(repo) == before
