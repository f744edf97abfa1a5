"""What GitHub says of a person: who they are, and which repositories of the App's they may read.

Sources: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
and https://docs.github.com/rest/apps/installations
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from pydantic import ValidationError

from selfheal_app.errors import GitHubFailed
from selfheal_app.publishing.client import Client, Known, Rejected

_PAGE = 100
_MOST_PAGES = 20
_MOST_INSTALLATIONS = 50
_KNOWN_S = 60.0
"""So long somebody whose right was taken back may go on reading."""
_MOST_KNOWN = 500
_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Readable:
    """The repositories that a person may read, each with its installation."""

    repositories: dict[str, int]

    def installation(self, repository: str) -> int | None:
        """Of a repository, whatever its case; None where the person may not read it."""
        names = {name.casefold(): number for name, number in self.repositories.items()}
        return names.get(repository.casefold())


class _User(Known):
    login: str


class _Installation(Known):
    id: int


class _Installations(Known):
    installations: tuple[_Installation, ...]


class _Repository(Known):
    full_name: str


class _Repositories(Known):
    repositories: tuple[_Repository, ...]


class _Token(Known):
    access_token: str


class People:
    """Asks GitHub with a person's own token. One for the process."""

    def __init__(
        self,
        *,
        api_url: str,
        server_url: str,
        client_id: str,
        client_secret: Callable[[], str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api_url, self._server_url = api_url, server_url
        self._client_id, self._client_secret = client_id, client_secret
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, Readable]] = OrderedDict()

    async def exchange(self, code: str, *, verifier: str, redirect_uri: str) -> str | None:
        """The token for a code; None where GitHub does not take it. Raises GitHubFailed."""
        form = {
            "client_id": self._client_id,
            "client_secret": self._client_secret(),
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_S, follow_redirects=False) as client:
                response = await client.post(
                    f"{self._server_url}/login/oauth/access_token", data=form, headers={"Accept": "application/json"}
                )
        except httpx.HTTPError as error:
            raise GitHubFailed(f"GitHub did not answer the sign-in ({type(error).__name__})") from None
        if response.status_code != 200:
            raise GitHubFailed(f"GitHub answered the sign-in with {response.status_code}")
        try:
            return _Token.model_validate_json(response.content).access_token
        except ValidationError:
            # A code that was used or is too old is answered with 200 and an error.
            return None

    async def login(self, token: str) -> str | None:
        """Who it is; None where the token is not one any more. Raises GitHubFailed."""
        async with self._client(token) as client:
            user = await client.ask("GET", "/user", _User)
        return None if isinstance(user, Rejected) else user.login

    async def readable(self, token: str) -> Readable | None:
        """What they may read, as GitHub said within the last minute; None where the token is none any more."""
        key = hashlib.sha256(token.encode()).hexdigest()
        known = self._known.get(key)
        if known is not None and self._clock() - known[0] < _KNOWN_S:
            return known[1]
        found: dict[str, int] = {}
        async with self._client(token) as client:
            told = await client.ask("GET", "/user/installations", _Installations, params={"per_page": _PAGE})
            if isinstance(told, Rejected):
                self._known.pop(key, None)
                return None
            for installation in told.installations[:_MOST_INSTALLATIONS]:
                for name in await self._repositories(client, installation.id):
                    found[name] = installation.id
        readable = Readable(found)
        self._known[key] = (self._clock(), readable)
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return readable

    def forget(self, token: str) -> None:
        """Ask anew the next time."""
        self._known.pop(hashlib.sha256(token.encode()).hexdigest(), None)

    async def revoke(self, token: str) -> None:
        """Take the token back, so that a copy of the cookie is worth nothing. Raises GitHubFailed."""
        path = f"{self._api_url}/applications/{self._client_id}/token"
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
                await client.request(
                    "DELETE",
                    path,
                    json={"access_token": token},
                    auth=(self._client_id, self._client_secret()),
                    headers={"Accept": "application/vnd.github+json"},
                )
        except httpx.HTTPError as error:
            raise GitHubFailed(f"GitHub did not take the token back ({type(error).__name__})") from None

    async def _repositories(self, client: Client, installation: int) -> list[str]:
        found: list[str] = []
        for page in range(1, _MOST_PAGES + 1):
            path = f"/user/installations/{installation}/repositories"
            told = await client.ask("GET", path, _Repositories, params={"per_page": _PAGE, "page": page})
            if isinstance(told, Rejected):
                break
            found += [repository.full_name for repository in told.repositories]
            if len(told.repositories) < _PAGE:
                break
        return found

    def _client(self, token: str) -> Client:
        from githubkit import TokenAuthStrategy

        return Client(TokenAuthStrategy(token), base_url=self._api_url, longest_wait_s=5.0)
