"""What the agents in their container are told on standard input, and what they say at the end: one line each way."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from selfheal.config import Settings
from selfheal.contract.base import Frozen

INSIDE = "/selfheal"
SOCKET = "executor.sock"
MODEL_WORD = "model"
"""The runner writes this file beside the socket when the model can be asked: empty, or with the words of a failure."""

MODEL_WANTED = "model-wanted"
"""The agents write this file into the out folder when they first have a question: most repairs never have one."""


class AgentsOrder(Frozen):
    """One repair. It holds no secret but the executor's token, which opens nothing beyond the mounted socket."""

    command: str
    settings: Settings
    token: str
    previous: str | None = None
    """The report of an earlier attempt, as JSON."""
    link: str = f"{INSIDE}/link"
    """The folder of the executor's socket."""
    out: str = f"{INSIDE}/out"


class AgentsDone(Frozen):
    """The report lies in the out folder."""

    kind: Literal["done"] = "done"
    outcome: str


class AgentsFailed(Frozen):
    """There is no report; the words say why."""

    kind: Literal["failed"] = "failed"
    words: str


AGENTS_END: TypeAdapter[AgentsDone | AgentsFailed] = TypeAdapter(
    Annotated[AgentsDone | AgentsFailed, Field(discriminator="kind")]
)
"""Reads the last line."""
