"""Missing weights are fetched in a process that can be ended."""

from pathlib import Path

import pytest

from selfheal.contract.engine import ModelFailure
from selfheal.models.fetching import fetch
from selfheal.models.select import EngineSettings, choose_engine


async def test_an_unknown_model_is_not_fetched(tmp_path: Path) -> None:
    """The store says which there are; nothing is left behind."""
    assert await fetch(tmp_path, "no-such-model") is False


@pytest.mark.parametrize("wanted", [True, False])
async def test_weights_are_fetched_only_where_that_was_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    """A download of a gigabyte is never a surprise."""
    asked: list[str] = []

    async def noted(folder: Path, name: str) -> bool:
        asked.append(name)
        return False

    monkeypatch.setattr("selfheal.models.select.fetch", noted)
    settings = EngineSettings(models_dir=tmp_path, kind="embedded", fetch=wanted)
    assert isinstance(await choose_engine(settings), ModelFailure)
    assert bool(asked) is wanted
