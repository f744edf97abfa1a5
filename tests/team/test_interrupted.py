"""An interrupt is one, whatever else ends at the same moment."""

import asyncio
from typing import Any

import pytest

from selfheal.team import repair


def test_a_cancelled_repair_is_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """asyncio tells of Ctrl-C by a cancellation where a time limit was cancelling too."""

    async def cancelled(*_: Any, **__: Any) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(repair, "repair", cancelled)
    with pytest.raises(KeyboardInterrupt):
        repair.run_repair(None, progress=None)  # type: ignore[arg-type]
