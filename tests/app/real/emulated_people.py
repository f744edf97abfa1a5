"""People who sign in at the emulator: its own page of accounts, codes, tokens and rights.

Of what the App asks about people the emulator (0.12.2) has no route for three things. They are put together of what it
does have, so that its word decides all the same: which repositories of an installation a person may read (by reading
each with the person's token), and taking a token back (by the button of its settings page). It ignores PKCE's challenge
and does not compare `redirect_uri` a second time; `fake_people.py` does both. It takes each token that it does not know
for its first account's, so that account is nobody's here.
"""

import base64
import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import ClientResponse, ClientSession, CookieJar, web

from app.apps import INSTALLATION
from app.real.emulated import Emulated
from app.real.prism import Sent
from app.real.process import RealService
from app.sent import SENT

CLIENT_ID, CLIENT_SECRET = "Iv1.emulated", "the secret of a client"
PUBLIC = "http://heal.example"
"""Where a browser would find the service: its real port is not known when the emulator is told of it."""
REPOSITORIES = ("org/shop", "org/open")
_NOBODY = "nobody"
SEED = {
    "users": [{"login": _NOBODY}, {"login": "ada"}, {"login": "eve"}],
    "repos": [
        {"owner": "org", "name": "shop", "auto_init": True, "private": True},
        {"owner": "org", "name": "open", "auto_init": True},
    ],
    "oauth_apps": [
        {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "name": "selfheal",
            "redirect_uris": [f"{PUBLIC}/login/callback"],
        }
    ],
}
TOLD = {
    "SELFHEAL_PUBLIC_URL": PUBLIC,
    "SELFHEAL_GITHUB_CLIENT_ID": CLIENT_ID,
    "SELFHEAL_GITHUB_CLIENT_SECRET": CLIENT_SECRET,
}


@dataclass
class EmulatedPeople(Emulated):
    """Answers those three of the emulator's own answers."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if not request.path.startswith(("/user/installations", "/applications/")):
            return await super().answer(request)
        raw = await request.read()
        SENT.append(Sent(request.method, request.raw_path, raw, request.content_type))
        if request.method == "DELETE":
            return await self._taken_back(request, json.loads(raw)["access_token"])
        fields = {"Authorization": request.headers["Authorization"]}
        known = await self.handed_on("GET", "/user", b"", fields)
        if known.status != 200 or _document(known)["login"] == _NOBODY:
            return web.json_response({"message": "Bad credentials"}, status=401)
        if request.path == "/user/installations":
            return web.json_response({"total_count": 1, "installations": [{"id": INSTALLATION}]})
        assert request.path == f"/user/installations/{INSTALLATION}/repositories"
        told = [await self.handed_on("GET", f"/repos/{name}", b"", fields) for name in REPOSITORIES]
        shown = [_document(each) for each in told if each.status == 200]
        return web.json_response({"total_count": len(shown), "repositories": shown})

    async def _taken_back(self, request: web.Request, token: str) -> web.Response:
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        assert request.headers["Authorization"] == f"Basic {basic}"
        fields = {"Authorization": f"Bearer {token}"}
        done = await self.handed_on("POST", f"/settings/connections/applications/{CLIENT_ID}/revoke", b"", fields)
        return web.Response(status=204 if done.status == 302 else 404)


def _document(answer: web.Response) -> dict[str, Any]:
    assert isinstance(answer.body, bytes)
    told: dict[str, Any] = json.loads(answer.body)
    return told


class _Forms(HTMLParser):
    """The hidden fields of each form, and where it goes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given["action"], {}))
        elif tag == "input" and self.found:
            self.found[-1][1][given["name"]] = given["value"]


class Browser:
    """A person's browser: it follows each redirection, and keeps cookies of the service and of the emulator apart."""

    def __init__(self, service: RealService, github: Emulated) -> None:
        self._service, self._github = service, github
        self._session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self.answer: dict[str, str] = {}
        """What GitHub has answered."""

    async def __aenter__(self) -> "Browser":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def open(self, path: str) -> tuple[int, str]:
        """A page of the service: status and text."""
        async with self._session.get(self._service.url + path) as shown:
            return shown.status, await shown.text()

    async def sign_in(self, login: str, *, to: str = "/") -> ClientResponse:
        """Press the service's button, choose an account on the emulator's page, and come back."""
        async with self._session.get(f"{self._service.url}/login", params={"to": to}, allow_redirects=False) as left:
            accounts = left.headers["Location"]
        assert accounts.startswith(f"{self._github.url}/login/oauth/authorize?")
        async with self._session.get(accounts) as page:
            text = await page.text()
            assert page.status == 200, text
        (form,) = [form for form in _Forms(text).found if form[1].get("login") == login]
        async with self._session.post(self._github.url + form[0], data=form[1], allow_redirects=False) as agreed:
            back = agreed.headers["Location"]
        assert back.startswith(f"{PUBLIC}/login/callback?")
        return await self.come_back(dict(parse_qsl(urlsplit(back).query)))

    async def come_back(self, answer: dict[str, str]) -> ClientResponse:
        """Take GitHub's answer to the service."""
        self.answer = answer
        return await self._session.get(f"{self._service.url}/login/callback", params=answer, allow_redirects=False)

    async def sign_out(self) -> int:
        """Press the page's own button."""
        _, text = await self.open("/")
        key = re.search(r'name="key" value="([^"]+)"', text)
        assert key is not None
        async with self._session.post(
            f"{self._service.url}/logout", data={"key": key[1]}, allow_redirects=False
        ) as left:
            return left.status

    def cookies(self) -> dict[str, str]:
        """What it holds."""
        return {cookie.key: cookie.value for cookie in self._session.cookie_jar}
