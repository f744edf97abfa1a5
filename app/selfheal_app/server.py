"""HTTP around the intake: /webhook, /healthz, /readyz and /metrics."""

import asyncio
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TypeVar

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from selfheal_app.deliveries import LARGEST_BODY
from selfheal_app.lane import LARGEST_BODY as LARGEST_SHORT
from selfheal_app.lane import Lane
from selfheal_app.metrics import Metrics
from selfheal_app.reception import Answer, Reception, on_the_wire
from selfheal_app.store.inbox import Inbox

_BODY_S = 10.0
"""GitHub gives up after ten seconds; whoever sends slower is not GitHub."""
T = TypeVar("T")


def build(
    reception: Reception,
    inbox: Inbox,
    metrics: Metrics,
    *,
    largest_body: int = LARGEST_BODY,
    body_s: float = _BODY_S,
    pages: Iterable[web.RouteDef] = (),
) -> web.Application:
    """The application around the reception, and the pages for people."""
    metrics.watch(inbox.count)

    async def webhook(request: web.Request) -> web.Response:
        began = time.perf_counter()
        answer = await _receive(request, reception, largest_body=largest_body, body_s=body_s)
        reception.count(answer, began)
        return _answer(*answer)

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
            *pages,
        ]
    )
    return application


def lane(
    reception: Reception,
    otherwise: Callable[[], asyncio.Protocol],
    *,
    largest_body: int = LARGEST_SHORT,
    body_s: float = _BODY_S,
) -> Lane:
    """The protocol of the port: plain deliveries go the short way, the rest to the application's server."""
    too_slow = on_the_wire(HTTPStatus.REQUEST_TIMEOUT, _too_slow(body_s), is_last=True)
    return Lane(reception.take_soon, otherwise, too_slow, body_s, largest_body)


async def _receive(request: web.Request, reception: Reception, *, largest_body: int, body_s: float) -> Answer:
    if "X-Hub-Signature-256" not in request.headers:
        return HTTPStatus.UNAUTHORIZED, "the delivery is not signed: set a webhook secret in the App's settings"
    try:
        async with asyncio.timeout(body_s):
            body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {largest_body} bytes"
    except TimeoutError:
        return HTTPStatus.REQUEST_TIMEOUT, _too_slow(body_s)
    return await reception.take(request.headers, body)


def _too_slow(body_s: float) -> str:
    return f"the body did not come within {body_s:.0f} seconds"


async def _reading(ask: Callable[[], T], answer: Callable[[T], web.Response]) -> web.Response:
    try:
        return answer(await asyncio.to_thread(ask))
    except SQLAlchemyError:
        return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "the database does not answer")


def _answer(status: HTTPStatus, text: str) -> web.Response:
    return web.json_response({"message": text}, status=status)
