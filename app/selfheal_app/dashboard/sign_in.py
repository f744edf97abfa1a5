"""Signing in with GitHub: the App's web flow, with a state and PKCE.

Source: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app#using-the-web-application-flow-to-generate-a-user-access-token
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web

from selfheal_app import audit
from selfheal_app.app_manifest import CALLBACK
from selfheal_app.dashboard.github_people import People
from selfheal_app.dashboard.session import LONGEST_S, Leaving, Person, Seal
from selfheal_app.errors import GitHubFailed

_PERSON, _LEAVING = "selfheal", "selfheal-login"
_LEAVING_S = 600
_INSIDE = re.compile(r"/(?:[A-Za-z0-9_.-][A-Za-z0-9_./-]*)?", re.ASCII)
"""A path of ours: no other host, which begins with two slashes or a backslash."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """`public_url` is the service's own address, without a slash at the end."""

    people: People
    seal: Seal
    client_id: str
    server_url: str
    public_url: str

    def person(self, request: web.Request) -> Person | None:
        """Who has signed in."""
        return self.seal.open(request.cookies.get(self._name(_PERSON), ""), Person, longest_s=LONGEST_S)

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Send the person to GitHub."""
        wanted = request.query.get("to", "/")
        back_to = wanted if _INSIDE.fullmatch(wanted) else "/"
        leaving = Leaving(state=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48), back_to=back_to)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(leaving.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": self.client_id,
            "redirect_uri": self.public_url + CALLBACK,
            "state": leaving.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        response = _see(f"{self.server_url}/login/oauth/authorize?{urlencode(asked)}")
        self._set(response, _LEAVING, self.seal.close(leaving), longest_s=_LEAVING_S)
        return response

    async def come_back(self, request: web.Request) -> web.StreamResponse | str:
        """Take what GitHub sends the person back with; a sentence where that is not to be taken."""
        value = request.cookies.get(self._name(_LEAVING), "")
        leaving = self.seal.open(value, Leaving, longest_s=_LEAVING_S)
        given = request.query.get("state", "")
        if leaving is None or not secrets.compare_digest(leaving.state.encode(), given.encode("utf-8", "replace")):
            audit.refused("sign-in", why="the answer is not to a question of this browser's")
            return "This sign-in was not begun in this browser, or too long ago: begin anew."
        code = request.query.get("code", "")
        if not code:
            return "GitHub did not let you sign in."
        token = await self.people.exchange(code, verifier=leaving.verifier, redirect_uri=self.public_url + CALLBACK)
        login = await self.people.login(token) if token else None
        if token is None or login is None:
            audit.refused("sign-in", why="GitHub does not take the code")
            return "GitHub does not know this sign-in any more: begin anew."
        audit.did("signed in", by=login)
        response = _see(leaving.back_to)
        person = Person(login=login, token=token, form_key=secrets.token_urlsafe(18))
        self._set(response, _PERSON, self.seal.close(person), longest_s=LONGEST_S)
        self._drop(response, _LEAVING)
        return response

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        """Forget the person, here and at GitHub; only the service's own form can ask for it."""
        person = self.person(request)
        form = await request.post()
        if person is None or not secrets.compare_digest(str(form.get("key", "")).encode(), person.form_key.encode()):
            return web.Response(status=HTTPStatus.FORBIDDEN, text="sign out with the page's own button")
        self.people.forget(person.token)
        try:
            await self.people.revoke(person.token)
        except GitHubFailed as error:
            audit.refused("sign-out", why=str(error), by=person.login)
        response = _see("/")
        self._drop(response, _PERSON)
        return response

    def _name(self, name: str) -> str:
        """A browser takes a __Host- cookie over TLS alone, and from no other host of the domain."""
        return f"__Host-{name}" if self.public_url.startswith("https://") else name

    def _set(self, response: web.Response, name: str, value: str, *, longest_s: int) -> None:
        response.set_cookie(
            self._name(name),
            value,
            max_age=longest_s,
            path="/",
            secure=self.public_url.startswith("https://"),
            httponly=True,
            samesite="Lax",
        )

    def _drop(self, response: web.Response, name: str) -> None:
        self._set(response, name, "", longest_s=0)


def _see(where: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": where, "Cache-Control": "no-store"})
