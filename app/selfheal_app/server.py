"""HTTP around the deliveries: /webhook, /healthz and /readyz."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web

from selfheal_app.deliveries import LARGEST_BODY, Rejected, read
from selfheal_app.errors import SettingsError
from selfheal_app.store import DeliveryStore, Stored

_log = logging.getLogger(__name__)


def build(
    store: DeliveryStore,
    *,
    secrets: tuple[bytes, ...],
    clock: Callable[[], float],
    largest_body: int = LARGEST_BODY,
) -> web.Application:
    """The application. Raises SettingsError without a secret: an open door is no default.

    The caller keeps the store and closes it. `clock` gives Unix seconds.
    """
    if not secrets:
        raise SettingsError(
            "no webhook secret is set: put the App's secret into SELFHEAL_WEBHOOK_SECRET or a file named by"
            " SELFHEAL_WEBHOOK_SECRET_FILE (several lines: several accepted secrets)"
        )

    async def webhook(request: web.Request) -> web.Response:
        if "X-Hub-Signature-256" not in request.headers:
            return _answer(
                HTTPStatus.UNAUTHORIZED, "the delivery is not signed: set a webhook secret in the App's settings"
            )
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {largest_body} bytes")
        delivery = read(request.headers, body, secrets=secrets)
        if isinstance(delivery, Rejected):
            _log.warning("refused a request with %s: %s", delivery.status, delivery.reason)
            return _answer(HTTPStatus(delivery.status), delivery.reason)
        try:
            stored = await asyncio.to_thread(store.add, delivery, received_at=clock())
        except sqlite3.Error as error:
            _log.error("delivery %s was not kept: %s", delivery.id, error)
            return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "the delivery could not be kept: redeliver it later")
        _log.info("%s delivery %s (%s)", stored.value, delivery.id, delivery.event)
        return _answer(HTTPStatus.ACCEPTED if stored is Stored.NEW else HTTPStatus.OK, stored.value)

    async def healthz(_: web.Request) -> web.Response:
        return _answer(HTTPStatus.OK, "alive")

    async def readyz(_: web.Request) -> web.Response:
        try:
            await asyncio.to_thread(store.count)
        except sqlite3.Error:
            return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "the database does not answer")
        return _answer(HTTPStatus.OK, "ready")

    application = web.Application(client_max_size=largest_body)
    application.add_routes([web.post("/webhook", webhook), web.get("/healthz", healthz), web.get("/readyz", readyz)])
    return application


def _answer(status: HTTPStatus, text: str) -> web.Response:
    return web.json_response({"message": text}, status=status)
