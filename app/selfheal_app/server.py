"""HTTP around the intake: /webhook, /healthz, /readyz and /metrics."""

import asyncio
import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from selfheal_app.deliveries import LARGEST_BODY, Rejected, read
from selfheal_app.errors import SettingsError
from selfheal_app.events.registry import is_wanted
from selfheal_app.intake import Intake, NotKept, Overloaded
from selfheal_app.metrics import Metrics
from selfheal_app.store.inbox import Inbox, Stored

_log = logging.getLogger(__name__)
_BODY_S = 10.0
"""GitHub gives up after ten seconds; whoever sends slower is not GitHub."""
_UNSET = (
    "no webhook secret is set: put the App's secret into SELFHEAL_WEBHOOK_SECRET or a file named by"
    " SELFHEAL_WEBHOOK_SECRET_FILE (several lines: several accepted secrets), or let `selfheal-app setup` make the App"
)
Answer = tuple[HTTPStatus, str]
T = TypeVar("T")


def build(
    intake: Intake,
    inbox: Inbox,
    metrics: Metrics,
    *,
    secrets: Callable[[], tuple[bytes, ...]],
    largest_body: int = LARGEST_BODY,
    body_s: float = _BODY_S,
) -> web.Application:
    """The application. Raises SettingsError without a secret: an open door is no default."""
    if not secrets():
        raise SettingsError(_UNSET)

    metrics.watch(inbox.count)

    async def webhook(request: web.Request) -> web.Response:
        began = time.perf_counter()
        status, text = await _receive(request, intake, secrets(), largest_body=largest_body, body_s=body_s)
        metrics.deliveries.labels(status.value).inc()
        metrics.answer_s.observe(time.perf_counter() - began)
        return _answer(status, text)

    async def healthz(_: web.Request) -> web.Response:
        return _answer(HTTPStatus.OK, "alive")

    async def readyz(_: web.Request) -> web.Response:
        return await _reading(inbox.count, lambda _: _answer(HTTPStatus.OK, "ready"))

    async def page(_: web.Request) -> web.Response:
        return await _reading(
            metrics.page, lambda text: web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})
        )

    application = web.Application(client_max_size=largest_body)
    application.add_routes(
        [
            web.post("/webhook", webhook),
            web.get("/healthz", healthz),
            web.get("/readyz", readyz),
            web.get("/metrics", page),
        ]
    )
    return application


async def _receive(
    request: web.Request, intake: Intake, secrets: tuple[bytes, ...], *, largest_body: int, body_s: float
) -> Answer:
    if "X-Hub-Signature-256" not in request.headers:
        return HTTPStatus.UNAUTHORIZED, "the delivery is not signed: set a webhook secret in the App's settings"
    try:
        async with asyncio.timeout(body_s):
            body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {largest_body} bytes"
    except TimeoutError:
        return HTTPStatus.REQUEST_TIMEOUT, f"the body did not come within {body_s:.0f} seconds"
    delivery = read(request.headers, body, secrets=secrets, is_wanted=is_wanted)
    if isinstance(delivery, Rejected):
        _log.warning("refused a request with %s: %s", delivery.status, delivery.reason)
        return HTTPStatus(delivery.status), delivery.reason
    try:
        stored = await intake.keep(delivery)
    except Overloaded:
        return HTTPStatus.SERVICE_UNAVAILABLE, "more is waiting than can be kept: redeliver it later"
    except NotKept as error:
        _log.error("delivery %s was not kept: %s", delivery.id, error)
        return HTTPStatus.SERVICE_UNAVAILABLE, "the delivery could not be kept: redeliver it later"
    return (HTTPStatus.ACCEPTED if stored is Stored.NEW else HTTPStatus.OK), stored.value


async def _reading(ask: Callable[[], T], answer: Callable[[T], web.Response]) -> web.Response:
    try:
        return answer(await asyncio.to_thread(ask))
    except SQLAlchemyError:
        return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "the database does not answer")


def _answer(status: HTTPStatus, text: str) -> web.Response:
    return web.json_response({"message": text}, status=status)
