"""The one protocol that every model engine speaks, and its typed outcomes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel

from selfheal.contract.base import Frozen


class ModelIdentity(Frozen):
    """Which model answered. `digest` names the weights where the engine tells it."""

    engine: str
    name: str
    digest: str | None
    context_tokens: int


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that is given. `begun` comes before its text and is not weighed."""

    begun: str
    text: str


@dataclass(frozen=True, slots=True)
class Forced:
    """Answers to one question that are given, and whose likelihood is asked for. The question is read once for all.

    With `forks`, at most so many places of the first are asked for besides at which the model would rather have written
    otherwise, and what it would have written from there: to the end of the line, or with `is_whole` of the answer.
    """

    answers: tuple[Given, ...]
    forks: int = 0
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Fork:
    """Another way to go on with a given answer, from the start of line number `line` (from 0) of its text.

    `text` are whole lines; of a head like `if ...:` the line under it, too. `log_odds` is the natural logarithm of
    the odds of the one token that makes the difference, against the one that was given.
    """

    line: int
    text: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question. `system` is the stable prefix (cached by the engine), `user` is what changes.

    With `answer_type` the engine constrains its output to that model's JSON schema; give every
    string and list in it a `max_length`, or the answer runs to the token limit.
    `timeout_s` bounds the whole call. With `forced` the model writes nothing of its own: what comes back is how
    likely that answer would have been, from engines that can tell.
    """

    system: str
    user: str
    max_tokens: int
    temperature: float = 0.0
    seed: int = 0
    answer_type: type[BaseModel] | None = None
    timeout_s: float = 120.0
    purpose: str = "chat"
    forced: Forced | None = None


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """A usable answer. `parsed` is set when `answer_type` was. Durations in seconds.

    `cached_tokens` is how much of the prompt the engine did not need to read again, None where
    the engine does not tell. `log_likelihoods` belong to forced answers: of each the sum over its tokens of the
    natural logarithm of what the model, unconstrained, gave it; empty where that was not asked for.
    `forks` are those that it was asked for, the likeliest first.
    """

    text: str
    parsed: BaseModel | None
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int | None
    wall_s: float
    log_likelihoods: tuple[float, ...] = ()
    forks: tuple[Fork, ...] = ()


class ModelFault(StrEnum):
    """What can go wrong with a model call."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out_of_memory"
    TRUNCATED = "truncated"
    SCHEMA = "schema"
    REJECTED = "rejected"
    PROMPT_TOO_LONG = "prompt_too_long"


@dataclass(frozen=True, slots=True)
class ModelFailure:
    """A call that gave nothing usable; it costs budget like any other.

    `message` says what failed on which value and what to do next.
    `is_final` means that asking again can't help (server gone, model does not fit).
    """

    fault: ModelFault
    message: str
    is_final: bool
    prompt_tokens: int = 0
    completion_tokens: int = 0
    wall_s: float = 0.0


class Engine(Protocol):
    """A running model. Calls are made one at a time; cancelling one frees the engine at once.

    One that has an attribute `tells_likelihood`, and a true one, may be asked how likely an answer is.
    """

    async def start(self) -> ModelIdentity | ModelFailure:
        """Make the engine ready and tell which model answers. Idempotent."""
        ...

    async def ask(self, request: ModelRequest) -> ModelAnswer | ModelFailure:
        """Ask once. Never raises for anything that a server or a model can do."""
        ...

    async def aclose(self) -> None:
        """Free everything that `start` took. Idempotent; safe after a failure."""
        ...
