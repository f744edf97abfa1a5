"""One repository through GitHub's REST interface."""

from collections.abc import Mapping
from typing import Any, TypeVar

from selfheal_app.publishing.client import LONGEST_WAIT_S, Client, Nothing, Rejected

T = TypeVar("T")


class Api:
    """One repository, seen with one token. Close it when done."""

    def __init__(
        self,
        repository: str,
        *,
        token: str,
        base_url: str,
        backoff_s: float = 1.0,
        longest_wait_s: float = LONGEST_WAIT_S,
    ) -> None:
        from githubkit import TokenAuthStrategy

        self.repository = repository
        self.base_url = base_url
        auth = TokenAuthStrategy(token)
        self._client = Client(auth, base_url=base_url, backoff_s=backoff_s, longest_wait_s=longest_wait_s)

    async def __aenter__(self) -> "Api":
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._client.__aexit__()

    async def get(self, path: str, kind: type[T], **params: str | int) -> T | Rejected:
        """Read something of the repository; `path` is quoted already."""
        return await self._client.ask("GET", self._url(path), kind, params=params)

    async def post(self, path: str, kind: type[T], body: Mapping[str, Any]) -> T | Rejected:
        """Make something. Raises Uncertain where it may have been made without an answer."""
        return await self._client.ask("POST", self._url(path), kind, body=body)

    async def patch(
        self, path: str, kind: type[T], body: Mapping[str, Any], *, is_repeatable: bool = True
    ) -> T | Rejected:
        """Set something to what the body says. Raises Uncertain where it adds something and is not repeatable."""
        return await self._client.ask("PATCH", self._url(path), kind, body=body, is_repeatable=is_repeatable)

    async def put(self, path: str, kind: type[T], body: Mapping[str, Any]) -> T | Rejected:
        """Do something that names what it must find, so that it is not done twice."""
        return await self._client.ask("PUT", self._url(path), kind, body=body)

    async def delete(self, path: str) -> Nothing | Rejected:
        """Take something away; it is missing the second time."""
        return await self._client.ask("DELETE", self._url(path), Nothing)

    async def redirect_of(self, path: str) -> str | Rejected:
        """Where GitHub sends whoever asks for this path."""
        return await self._client.redirect_of(self._url(path))

    def _url(self, path: str) -> str:
        return f"/repos/{self.repository}{path}"
