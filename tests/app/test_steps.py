"""A step waits as long as it is told and no longer, and what it told once it tells again."""

from collections.abc import Awaitable, Callable

import pytest
from pydantic import TypeAdapter

from selfheal_app.errors import GaveUp, GitHubFailed, Limited, NoAccess
from selfheal_app.work.steps import PatientSteps, Waits

TEXT: TypeAdapter[str] = TypeAdapter(str)


class Kept:
    """A checkpoint that remembers, and a clock that does not wait."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.slept: list[float] = []
        self.replayed = 0

    async def __call__(self, name: str, action: Callable[[], Awaitable[str]]) -> str:
        if self.replayed < len(self.texts):
            self.replayed += 1
            return self.texts[self.replayed - 1]
        self.texts.append(await action())
        self.replayed += 1
        return self.texts[-1]

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def steps(self) -> PatientSteps:
        self.replayed = 0
        return PatientSteps(self, self.sleep, Waits(first_s=10.0, longest_s=30.0, tries=5))


def telling(*told: str | Exception) -> Callable[[], Awaitable[str]]:
    left = list(told)

    async def action() -> str:
        it = left.pop(0)
        if isinstance(it, Exception):
            raise it
        return it

    return action


async def test_what_failed_is_tried_again_later_each_time() -> None:
    """Doubled up to a longest, never earlier than that, and at most a fifth later."""
    kept = Kept()
    action = telling(*[GitHubFailed("502")] * 4, "done")

    assert await kept.steps().run("x", TEXT, action) == "done"
    assert [wait <= slept <= wait * 1.2 for wait, slept in zip((10, 20, 30, 30), kept.slept, strict=True)] == [True] * 4


async def test_an_earlier_life_s_results_are_not_worked_out_again() -> None:
    """Nor its failures."""
    kept = Kept()
    await kept.steps().run("x", TEXT, telling(GitHubFailed("502"), "done"))

    assert await kept.steps().run("x", TEXT, telling()) == "done"


async def test_it_ends_after_so_many_tries() -> None:
    """With what came of the last one."""
    with pytest.raises(GaveUp, match="x: 502, 5 times"):
        await Kept().steps().run("x", TEXT, telling(*[GitHubFailed("502")] * 5))


async def test_a_rate_limit_is_no_try() -> None:
    """It is waited for as GitHub says, however often, but not for ever."""
    kept = Kept()
    limited = Limited("limited", retry_after_s=600.0)
    assert await kept.steps().run("x", TEXT, telling(*[limited] * 20, "done")) == "done"
    assert all(600.0 <= slept <= 720.0 for slept in kept.slept)

    with pytest.raises(GaveUp):
        await Kept().steps().run("x", TEXT, telling(*[limited] * 99))


async def test_no_access_is_told_at_once() -> None:
    """Trying again is of no use; a later life hears the same."""
    kept = Kept()
    for _ in range(2):
        with pytest.raises(NoAccess, match="gone"):
            await kept.steps().run("x", TEXT, telling(NoAccess("gone")))
    assert kept.slept == []
