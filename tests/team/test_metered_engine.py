"""The engine behind the budget: what it can't do is not asked of it again."""

import time
from pathlib import Path

from fakes import ScriptedEngine
from selfheal.contract.engine import Forced, Given, ModelFailure, ModelFault, ModelRequest
from selfheal.logs.redaction import Redactor
from selfheal.team.budget import Budget, Limits
from selfheal.team.ledger import Ledger, MeteredEngine
from selfheal.trace.spans import Tracer

FORCED = ModelRequest("", "a", max_tokens=9, purpose="likelihood", forced=Forced((Given("", "b"),)))


def metered(engine: ScriptedEngine, folder: Path) -> MeteredEngine:
    tracer = Tracer(folder / "trace.jsonl", redact=str)
    return MeteredEngine(engine, Budget(Limits(), clock=time.monotonic), Ledger(), tracer, redactor=Redactor(()))


async def test_a_server_that_cannot_weigh_is_asked_to_once(tmp_path, monkeypatch) -> None:
    """It lacks llama.cpp's API; every further such question would cost a cycle for nothing."""
    monkeypatch.setattr(ScriptedEngine, "tells_likelihood", True)
    engine = ScriptedEngine([ModelFailure(ModelFault.REJECTED, "it does not tell", is_final=False)])
    asker = metered(engine, tmp_path)
    assert asker.tells_likelihood
    for _ in range(2):
        failure = await asker.ask(FORCED)
        assert isinstance(failure, ModelFailure)
        assert failure.fault is ModelFault.REJECTED
        assert not asker.tells_likelihood
    assert len(engine.requests) == 1


async def test_a_server_that_was_only_slow_is_asked_again(tmp_path, monkeypatch) -> None:
    """It may tell the next time."""
    monkeypatch.setattr(ScriptedEngine, "tells_likelihood", True)
    asker = metered(ScriptedEngine([ModelFailure(ModelFault.TIMEOUT, "it took too long", is_final=False)]), tmp_path)
    await asker.ask(FORCED)
    assert asker.tells_likelihood
