"""GitHub as it lets people sign in to an App: codes, PKCE, tokens, and what each person may read."""

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer

from app.real.prism import Sent
from app.sent import SENT

CLIENT_ID, CLIENT_SECRET = "Iv1.client", "a-client-secret"


@dataclass
class FakePeople:
    """People with the repositories that they may read, by login."""

    readable: dict[str, list[str]]
    url: str = ""
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def let_in(self, location: str, login: str) -> dict[str, str]:
        """What GitHub sends a person back with who agreed; `location` is where the service has sent them."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert asked["client_id"] == CLIENT_ID and asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = (login, asked["code_challenge"], asked["redirect_uri"])
        return {"code": code, "state": asked["state"]}

    async def answer(self, request: web.Request) -> web.Response:
        """Any request."""
        self.asked.append(f"{request.method} {request.path}")
        if not request.path.startswith("/login/"):
            # the description is of the interface alone
            SENT.append(Sent(request.method, request.raw_path, await request.read(), request.content_type))
        if request.path == "/login/oauth/access_token":
            return self._token(dict(await request.post()))
        if request.method == "DELETE":
            self.tokens.pop((await request.json())["access_token"], None)
            return web.Response(status=204)
        token = request.headers.get("Authorization", "").partition(" ")[2]
        if token not in self.tokens:
            return web.json_response({"message": "Bad credentials"}, status=401)
        login = self.tokens[token]
        if request.path == "/user":
            return web.json_response({"login": login})
        if request.path == "/user/installations":
            return web.json_response({"total_count": 1, "installations": [{"id": 70}]})
        names = self.readable[login]
        first = (int(request.query["page"]) - 1) * int(request.query["per_page"])
        shown = [{"full_name": name} for name in names[first : first + int(request.query["per_page"])]]
        return web.json_response({"total_count": len(names), "repositories": shown})

    def _token(self, form: dict[str, Any]) -> web.Response:
        login, challenge, redirect = self.codes.pop(form["code"], ("", "", ""))
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        is_it = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
        if not login or not is_it or form["client_secret"] != CLIENT_SECRET or form["redirect_uri"] != redirect:
            return web.json_response({"error": "bad_verification_code"})
        token = f"ghu_{len(self.asked)}"
        self.tokens[token] = login
        return web.json_response({"access_token": token, "token_type": "bearer", "scope": ""})


@asynccontextmanager
async def people(**readable: list[str]) -> AsyncIterator[FakePeople]:
    fake = FakePeople(readable)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", fake.answer)
    async with TestServer(application) as server:
        fake.url = str(server.make_url("/")).rstrip("/")
        yield fake
