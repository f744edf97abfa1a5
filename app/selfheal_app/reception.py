"""What is done with a delivery, whichever way its bytes came: read it, keep it, count it, and find the words."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from http import HTTPStatus

from selfheal_app import audit
from selfheal_app.deliveries import Rejected, read
from selfheal_app.errors import SettingsError
from selfheal_app.events.registry import is_wanted
from selfheal_app.intake import Intake, NotKept, Overloaded
from selfheal_app.lane import Later
from selfheal_app.metrics import Metrics
from selfheal_app.store.inbox import Stored

_log = logging.getLogger(__name__)
_UNSET = (
    "no webhook secret is set: put the App's secret into SELFHEAL_WEBHOOK_SECRET or a file named by"
    " SELFHEAL_WEBHOOK_SECRET_FILE (several lines: several accepted secrets), or let `selfheal-app setup` make the App"
)
Answer = tuple[HTTPStatus, str]


class Reception:
    """One for the process. `secrets` gives what is accepted now.

    Raises SettingsError without a secret: an open door is no default.
    """

    def __init__(self, intake: Intake, metrics: Metrics, *, secrets: Callable[[], tuple[bytes, ...]]) -> None:
        if not secrets():
            raise SettingsError(_UNSET)
        self._intake, self._metrics, self._secrets = intake, metrics, secrets

    async def take(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Keep the delivery, and give the answer when it is on disk."""
        kept = self._begin(headers, body)
        if isinstance(kept, tuple):
            return kept
        await asyncio.wait((kept,))
        return _ended(kept)

    def take_soon(self, headers: Mapping[str, str], body: bytes) -> Later | bytes:
        """The same for who reads the wire: bytes out of bytes."""
        began = time.perf_counter()
        kept = self._begin(headers, body)
        if isinstance(kept, tuple):
            return self._counted(kept, began)
        return Later(kept, lambda: self._counted(_ended(kept), began))

    def count(self, answer: Answer, began: float) -> None:
        """Count an answer, and how long it took since `began`; a refusal is told in the audit."""
        if answer[0] >= HTTPStatus.BAD_REQUEST:
            audit.refused("delivery", why=answer[1], status=answer[0].value)
        self._metrics.answered(answer[0].value, wall_s=time.perf_counter() - began)

    def _counted(self, answer: Answer, began: float) -> bytes:
        self.count(answer, began)
        return on_the_wire(*answer)

    def _begin(self, headers: Mapping[str, str], body: bytes) -> "Answer | asyncio.Future[Stored]":
        delivery = read(headers, body, secrets=self._secrets(), is_wanted=is_wanted)
        if isinstance(delivery, Rejected):
            return HTTPStatus(delivery.status), delivery.reason
        try:
            return self._intake.keep(delivery)
        except Overloaded:
            return HTTPStatus.SERVICE_UNAVAILABLE, "more is waiting than can be kept: redeliver it later"


def _ended(kept: "asyncio.Future[Stored]") -> Answer:
    try:
        stored = kept.result()
    except NotKept as error:
        _log.error("a delivery was not kept: %s", error)
        return HTTPStatus.SERVICE_UNAVAILABLE, "the delivery could not be kept: redeliver it later"
    return (HTTPStatus.ACCEPTED if stored is Stored.NEW else HTTPStatus.OK), stored.value


@lru_cache(maxsize=64)
def on_the_wire(status: HTTPStatus, text: str, *, is_last: bool = False) -> bytes:
    """A whole answer; after the last one the connection is closed."""
    body = json.dumps({"message": text}).encode()
    close = "Connection: close\r\n" if is_last else ""
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json; charset=utf-8\r\n{close}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
