"""`selfheal-app setup`: one page on which GitHub is asked to make the App; what comes back is kept as files.

It knows nobody yet, so its address carries a key that only the terminal shows; it works once, and stops.
"""

import asyncio
import html
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from aiohttp import web
from pydantic import Field

from selfheal_app import credentials
from selfheal_app.app_manifest import manifest
from selfheal_app.errors import GitHubFailed, SettingsError
from selfheal_app.publishing.client import Client, Known, Rejected

_HOMEPAGE = "https://github.com/org/selfheal-action"
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>selfheal: set up</title>
<body style="font:16px/1.5 sans-serif;max-width:40em;margin:3em auto">{body}</body></html>"""
_FORM = """<h1>Make the GitHub App</h1>
<p>GitHub shows next what the App may do, and lets you change its name. Its key and its secret come back to this
machine alone.</p>
<form method="post" action="{action}"><input type="hidden" name="manifest" value="{manifest}">
<button type="submit">Go on to GitHub</button></form>"""
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class _Made(Known):
    id: int = Field(gt=0)
    slug: str
    pem: Annotated[str, Field(pattern=r"-----BEGIN")]
    webhook_secret: Annotated[str, Field(min_length=1)]
    html_url: str
    client_id: str = ""
    client_secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where the App is to be made, where it will be told of events, and where its credentials are kept."""

    folder: Path
    api_url: str
    server_url: str
    webhook_url: str
    address: str
    """This page's own, as the operator's browser sees it."""
    name: str
    organisation: str = ""


class Setup:
    """The two pages. `done` is called with the page that GitHub has made, once."""

    def __init__(self, plan: Plan, done: Callable[[str], None]) -> None:
        self._plan, self._done = plan, done
        self.key, self._state = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._is_used = False
        self._lock = asyncio.Lock()

    @property
    def address(self) -> str:
        """What the operator opens."""
        return f"{self._plan.address}/setup?key={self.key}"

    def application(self) -> web.Application:
        """The server. Raises SettingsError where the App is set up already."""
        if there := credentials.found_in(self._plan.folder):
            raise SettingsError(f"{self._plan.folder} holds {', '.join(there)} already: take them away to set up anew")
        application = web.Application()
        application.add_routes([web.get("/setup", self._form), web.get("/setup/done", self._finish)])
        return application

    async def _form(self, request: web.Request) -> web.Response:
        if not _same(request.query.get("key", ""), self.key):
            return _page("<p>Open the address that the terminal shows.</p>", HTTPStatus.FORBIDDEN)
        if self._is_used:
            return _page("<p>The App is set up already.</p>", HTTPStatus.CONFLICT)
        plan = self._plan
        owner = f"organizations/{quote(plan.organisation)}/" if plan.organisation else ""
        text = manifest(
            name=plan.name,
            webhook_url=plan.webhook_url,
            redirect_url=f"{plan.address}/setup/done",
            homepage=_HOMEPAGE,
        )
        action = f"{plan.server_url}/{owner}settings/apps/new?state={self._state}"
        return _page(_FORM.format(action=html.escape(action), manifest=html.escape(text)))

    async def _finish(self, request: web.Request) -> web.Response:
        if not _same(request.query.get("state", ""), self._state):
            return _page("<p>This answer is not to a question of mine: begin anew.</p>", HTTPStatus.FORBIDDEN)
        async with self._lock:
            if self._is_used:
                return _page("<p>The App is set up already.</p>", HTTPStatus.CONFLICT)
            try:
                made = await self._convert(request.query.get("code", ""))
            except GitHubFailed as error:
                return _page(f"<p>{html.escape(str(error))}: load this page again.</p>", HTTPStatus.BAD_GATEWAY)
            if isinstance(made, Rejected):
                words = f"GitHub does not give the credentials ({made.status} {made.message}): begin anew"
                return _page(f"<p>{html.escape(words)}.</p>", HTTPStatus.BAD_GATEWAY)
            kept = {
                credentials.APP_ID: str(made.id),
                credentials.PRIVATE_KEY: made.pem,
                credentials.WEBHOOK_SECRET: made.webhook_secret,
            }
            if made.client_id and made.client_secret:
                kept |= {credentials.CLIENT_ID: made.client_id, credentials.CLIENT_SECRET: made.client_secret}
            try:
                await asyncio.to_thread(credentials.write, self._plan.folder, kept)
            except SettingsError as error:
                return _page(f"<p>{html.escape(str(error))}.</p>", HTTPStatus.INTERNAL_SERVER_ERROR)
            self._is_used = True
        install = f"{self._plan.server_url}/apps/{quote(made.slug)}/installations/new"
        self._done(install)
        link = f'<a href="{html.escape(install)}">choose the repositories</a>'
        return _page(f"<h1>Done</h1><p>Now start <code>selfheal-app serve</code>, and {link} that it is for.</p>")

    async def _convert(self, code: str) -> "_Made | Rejected":
        from githubkit import UnauthAuthStrategy

        async with Client(UnauthAuthStrategy(), base_url=self._plan.api_url, longest_wait_s=5.0) as client:
            # the code works once: a second try after a lost answer is refused, and the operator begins anew
            path = f"/app-manifests/{quote(code, safe='')}/conversions"
            return await client.ask("POST", path, _Made, is_repeatable=False)


def _same(given: str, true: str) -> bool:
    return secrets.compare_digest(given.encode(), true.encode())


def _page(body: str, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(text=_PAGE.format(body=body), content_type="text/html", status=status, headers=_HEADERS)
