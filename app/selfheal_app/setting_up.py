"""Run the setup page until the App is made."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from selfheal_app.settings import AppSettings
from selfheal_app.setup_server import Plan, Setup

_LAST_ANSWER_S = 1.0


async def set_up(
    settings: AppSettings,
    *,
    host: str,
    port: int,
    webhook_url: str,
    address: str,
    name: str,
    organisation: str,
    say: Callable[[str], None],
) -> None:
    """Serve the page, say its address, and end when the credentials are kept. Raises SettingsError or OSError."""
    made: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    plan = Plan(
        folder=settings.state_dir.expanduser(),
        api_url=settings.github_api_url,
        server_url=settings.server_url(),
        webhook_url=webhook_url,
        address=address or f"http://{host}:{port}",
        name=name,
        organisation=organisation,
    )
    setup = Setup(plan, lambda install: None if made.done() else made.set_result(install))
    runner = web.AppRunner(setup.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, shutdown_timeout=_LAST_ANSWER_S).start()
        say(f"Open {setup.address}")
        install = await made
    finally:
        await runner.cleanup()
    say(f"The App is made; its credentials are in {plan.folder}.")
    say(f"Start `selfheal-app serve`, then choose the repositories that it is for: {install}")
