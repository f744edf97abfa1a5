"""One call over the executor's socket, its reply, and what goes wrong with it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from selfheal.errors import SelfhealError
from selfheal.executor.wire import FaultReply, Wire
from selfheal.verify import SandboxFailed
from selfheal.workspace import WorkspaceBroken

if TYPE_CHECKING:
    import httpx

Reply = TypeVar("Reply", bound=Wire)
_GRACE_S = 60.0
"""How much later than a run's own limit its reply may come: everything that it started is killed first."""
_FAULTS: Mapping[str, type[SelfhealError]] = {
    "SandboxFailed": SandboxFailed,
    "WorkspaceBroken": WorkspaceBroken,
    "GitFailed": WorkspaceBroken,
}


class ExecutorGone(SelfhealError):
    """The executor's process ended, or what answers there is none."""


async def lasting(client: "httpx.AsyncClient", name: str, call: Wire, *, timeout_s: float) -> "httpx.Response":
    """Send a call that may take as long as its own limit. Cancelling closes the connection, which ends it there."""
    import httpx

    try:
        return await client.post(f"/{name}", content=call.model_dump_json(), timeout=timeout_s + _GRACE_S)
    except httpx.HTTPError as error:
        raise ExecutorGone(f"the executor on the runner went away during a run ({type(error).__name__})") from error


def sent(client: "httpx.Client", name: str, call: Wire) -> "httpx.Response":
    """Send a call that takes milliseconds. Raises ExecutorGone."""
    import httpx

    try:
        return client.post(f"/{name}", content=call.model_dump_json())
    except httpx.HTTPError as error:
        raise ExecutorGone(f"the executor on the runner does not answer ({type(error).__name__})") from error


def reply_of(response: "httpx.Response", model: type[Reply]) -> Reply:
    """Read the reply. Raises what the executor says went wrong there."""
    try:
        if response.status_code == 200:
            return model.model_validate_json(response.content)
        fault = FaultReply.model_validate_json(response.content)
    except ValidationError as error:
        raise ExecutorGone("what answers on the socket is no executor of this version") from error
    raise _FAULTS.get(fault.kind, ExecutorGone)(fault.message)
