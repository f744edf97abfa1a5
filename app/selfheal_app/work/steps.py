"""A step of durable work: its result is on disk before the next one begins, and it waits for GitHub as told."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar, assert_never

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from selfheal_app.errors import GaveUp, GitHubFailed, Limited, NoAccess

T = TypeVar("T")
_MOST_LIMITS = 50


class Steps(Protocol):
    """Runs the steps of one delivery, in order. A step that was begun may run again, so it finds what it made."""

    async def run(self, name: str, kind: TypeAdapter[T], action: Callable[[], Awaitable[T]]) -> T:
        """The action's result, now or from an earlier life. Raises NoAccess or GaveUp."""
        ...


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds before each further try, before jitter. A rate limit is no try."""

    first_s: float = 5.0
    longest_s: float = 3600.0
    tries: int = 16

    def before(self, number: int) -> float:
        """Before try `number`, which counts from 2: doubled each time."""
        return min(self.longest_s, self.first_s * 2.0 ** (number - 2))


class _Done(BaseModel):
    model_config = ConfigDict(frozen=True)
    kind: Literal["done"] = "done"
    value: str


class _Failed(BaseModel):
    model_config = ConfigDict(frozen=True)
    kind: Literal["failed"] = "failed"
    message: str


class _Limited(BaseModel):
    model_config = ConfigDict(frozen=True)
    kind: Literal["limited"] = "limited"
    message: str
    seconds: float


class _Barred(BaseModel):
    model_config = ConfigDict(frozen=True)
    kind: Literal["barred"] = "barred"
    message: str


class Told(BaseModel):
    """What became of one try, as it is kept: plain JSON, which the next release can read too."""

    model_config = ConfigDict(frozen=True)
    it: _Done | _Failed | _Limited | _Barred = Field(discriminator="kind")


class Checkpoint(Protocol):
    """Runs one try and keeps its text, or gives the text that was kept."""

    async def __call__(self, name: str, action: Callable[[], Awaitable[str]]) -> str:
        """The text."""
        ...


class PatientSteps:
    """Steps over any checkpoint: tries again later what GitHub did not answer."""

    def __init__(self, checkpoint: Checkpoint, sleep: Callable[[float], Awaitable[None]], waits: Waits) -> None:
        self._checkpoint, self._sleep, self._waits = checkpoint, sleep, waits

    async def run(self, name: str, kind: TypeAdapter[T], action: Callable[[], Awaitable[T]]) -> T:
        """See Steps."""

        async def once() -> str:
            return Told(it=await _tried(kind, action)).model_dump_json()

        tries, limits = 1, 0
        while True:
            told = Told.model_validate_json(await self._checkpoint(name, once)).it
            match told:
                case _Done():
                    return kind.validate_json(told.value)
                case _Barred():
                    raise NoAccess(told.message)
                case _Limited():
                    limits += 1
                    if limits > _MOST_LIMITS:
                        raise GaveUp(f"{name}: {told.message}, {limits} times")
                    await self._sleep(_jittered(told.seconds))
                case _Failed():
                    tries += 1
                    if tries > self._waits.tries:
                        raise GaveUp(f"{name}: {told.message}, {tries - 1} times")
                    await self._sleep(_jittered(self._waits.before(tries)))
                case never:
                    assert_never(never)


async def _tried(adapter: TypeAdapter[T], action: Callable[[], Awaitable[T]]) -> _Done | _Failed | _Limited | _Barred:
    try:
        return _Done(value=adapter.dump_json(await action()).decode())
    except Limited as error:
        return _Limited(message=str(error), seconds=error.retry_after_s)
    except GitHubFailed as error:
        return _Failed(message=str(error))
    except NoAccess as error:
        return _Barred(message=str(error))


def _jittered(seconds: float) -> float:
    """Never earlier than told; up to a fifth later, so that a thousand who were told the same don't come together."""
    return seconds * random.uniform(1.0, 1.2)  # noqa: S311 -- no secret
