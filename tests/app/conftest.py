"""Every request that a test of the App sends is held against GitHub's own description, where prism is installed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from app.real import node_tools, prism
from app.real.postgres import MISSING, Postgres, programs, running
from app.sent import SENT

Judge = Callable[[], prism.Prism | None]


@pytest.fixture(scope="session")
def github_description(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """Starts prism when it is first asked for; None where it is not installed, which a test of its own says aloud."""
    with ExitStack() as stack:

        @cache
        def started() -> prism.Prism | None:
            if node_tools.node() is None or node_tools.packages() is None:
                return None
            return stack.enter_context(prism.running(tmp_path_factory.mktemp("prism")))

        yield started


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for this worker's tests; each test takes a database of its own."""
    if programs() is None:
        pytest.skip(MISSING)
    with running() as server:
        yield server


@pytest.fixture(autouse=True)
def _sends_only_what_github_takes(github_description: Judge) -> Iterator[None]:
    SENT.clear()
    yield
    judge = github_description() if SENT else None
    if judge is not None:
        wrong = {found for sent in SENT if (found := judge.wrong_with(sent)) is not None}
        assert not wrong, "\n".join(sorted(wrong))
