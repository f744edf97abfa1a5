"""The agents' side of a containerised repair: a question waits for the model, and only a question does."""

import asyncio
from pathlib import Path

import pytest

from fakes import ScriptedEngine
from selfheal.contract.engine import ModelFailure
from selfheal.github.agents import WaitingEngine
from selfheal.github.agents_order import MODEL_WANTED, MODEL_WORD


@pytest.mark.parametrize("words", ["", "there is no model: the disk is full"])
async def test_the_first_question_asks_for_the_model_and_waits_for_the_word(tmp_path: Path, words: str) -> None:
    """The wish is written before it waits; a failure on the runner comes back as the engine's own."""
    engine = WaitingEngine(ScriptedEngine(["nothing"]), link=tmp_path, out=tmp_path)
    assert not (tmp_path / MODEL_WANTED).exists()
    starting = asyncio.create_task(engine.start())
    while not (tmp_path / MODEL_WANTED).exists():
        await asyncio.sleep(0)
    assert not starting.done()
    (tmp_path / MODEL_WORD).write_text(words)
    started = await starting
    assert isinstance(started, ModelFailure) == bool(words)
    assert not words or (isinstance(started, ModelFailure) and started.message == words)
