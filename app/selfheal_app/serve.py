"""`selfheal-app serve`: put the service together from its settings, and run it until it is told to stop."""

import asyncio
import gc
import logging
import signal
import time
from collections.abc import AsyncIterator

import uvloop
from aiohttp import web

from selfheal_app import server
from selfheal_app.access import Access, Identity
from selfheal_app.dashboard.opening import alerts_of, pages_of
from selfheal_app.metrics import Metrics
from selfheal_app.reception import Reception
from selfheal_app.service import Service, Stores
from selfheal_app.settings import AppSettings, load_otel
from selfheal_app.telemetry.plan import sender_of, traces_of
from selfheal_app.webhook_secrets import WebhookSecrets
from selfheal_app.work.steps import Waits

_log = logging.getLogger(__name__)
_SHUTDOWN_S = 10.0
_BACKLOG = 1024


def run(settings: AppSettings, *, host: str, port: int) -> None:
    """Serve. Raises SettingsError, SQLAlchemyError, or OSError where the port is taken."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, host=host, port=port))


async def _serve(settings: AppSettings, *, host: str, port: int) -> None:
    application, reception = build(settings, WebhookSecrets(settings.webhook_secrets))
    loop, is_told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, is_told.set)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_SHUTDOWN_S)
    try:
        await runner.setup()
        assert runner.server is not None
        lane = server.lane(reception, runner.server)
        listening = await loop.create_server(lane, host, port, backlog=_BACKLOG)
        # what is there now stays: the collector need not look at it again and again while deliveries wait
        gc.collect()
        gc.freeze()
        print(f"Running on http://{host}:{listening.sockets[0].getsockname()[1]}", flush=True)
        await is_told.wait()
        _log.info("told to stop: what has begun is answered and written down first")
        listening.close()
        await lane.drain(_SHUTDOWN_S)
    finally:
        await runner.cleanup()


def build(settings: AppSettings, secrets: WebhookSecrets) -> tuple[web.Application, Reception]:
    """The application with the service behind it, which starts and stops with it; and what receives for it."""
    stores, metrics, access = Stores.open(settings.store_url()), Metrics(), _access(settings)
    otel = load_otel()
    service = Service(
        stores,
        metrics,
        work_url=settings.work_url(),
        access=access,
        server=settings.server_url(),
        clock=time.time,
        waits=Waits(first_s=settings.retry_first_seconds),
        alerts=alerts_of(settings),
        traces=traces_of(otel),
    )
    metrics.watch_runs(lambda: stores.outcomes.tallies(None), lambda: stores.inbox.oldest_wait(now=time.time()))
    sender = sender_of(otel, metrics.registry)
    reception = Reception(service.intake, metrics, secrets=secrets)
    application = server.build(reception, stores.inbox, metrics, pages=pages_of(settings, stores.outcomes, access))

    async def life(_: web.Application) -> AsyncIterator[None]:
        await service.start()
        if sender is not None:
            sender.start()
        yield
        if sender is not None:
            await asyncio.to_thread(sender.close)
        await service.stop()

    application.cleanup_ctx.append(life)
    return application, reception


def _access(settings: AppSettings) -> Access | None:
    app_id = settings.app_id()
    if app_id is None or not settings.private_key():
        _log.warning("no App id or key is set: deliveries are kept, and worked on when they are there")
        return None
    identity = Identity(app_id, settings.private_key)
    return Access(identity, base_url=settings.github_api_url, clock=time.time)
