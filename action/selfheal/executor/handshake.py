"""What an executor's process is told on its standard input, and what it says of itself: one line each way."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from selfheal.contract.base import Frozen


class ExecutorConfig(Frozen):
    """Told on standard input, so that neither the token nor the environment shows in a list of processes.

    `environment` is the commands', scrubbed already; `secret_values` are blacked out of everything that they print.
    """

    repo: str
    socket: str
    """Where to listen; in a folder that only this user can enter, which the commands don't see."""
    token: str
    environment: dict[str, str]
    secret_values: tuple[str, ...] = ()
    allow_network: bool = False
    scratch_parent: str
    memory_bytes: int | None = None
    processes: int = 4096
    max_seconds: Annotated[float, Field(gt=0)]
    """When it ends by itself, whoever still holds the socket."""
    hidden: tuple[str, ...] = ()
    packages_dir: str | None = None
    """Where wheels are cached and throw-away environments lie; None is the configured place."""


class ExecutorReady(Frozen):
    """It listens."""

    kind: Literal["ready"] = "ready"


class ExecutorFailed(Frozen):
    """It could not start; the message says what to do."""

    kind: Literal["failed"] = "failed"
    message: str


REPLY: TypeAdapter[ExecutorReady | ExecutorFailed] = TypeAdapter(
    Annotated[ExecutorReady | ExecutorFailed, Field(discriminator="kind")]
)
