"""Requests to GitHub: bounded, patient with limits, and typed at the edge."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from selfheal_app.errors import GitHubFailed, Limited, Uncertain

if TYPE_CHECKING:
    from githubkit.auth import BaseAuthStrategy
    from httpx import Response

T = TypeVar("T")
_REPEATABLE = ("/git/blobs", "/git/trees", "/git/commits", "/reactions")
"""What makes nothing that anybody sees, or finds again what it made: doing it twice is no harm."""
_MOST_TRIES = 4
LONGEST_WAIT_S = 600.0
_TIMEOUT_S = 30.0
_NEXT = re.compile(r'<[^>]*[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"')
_SECONDARY_WAIT = timedelta(minutes=1)
"""Source: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately"""


class Known(BaseModel):
    """The part of an answer that is looked at; GitHub adds keys without notice."""

    model_config = ConfigDict(frozen=True)


class Nothing(Known):
    """An answer that says nothing more than its status."""


class Linked(Known):
    """An answer as it came, and where its next page begins; empty on the last one."""

    body: bytes
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """GitHub understood a request and said no. `message` is GitHub's own first line."""

    status: int
    message: str

    @property
    def is_missing(self) -> bool:
        """True where there is no such thing, or none that the token may see."""
        return self.status == 404

    @property
    def is_forbidden(self) -> bool:
        """True where the token lacks a right; GitHub says 404 of what a token may not even see."""
        return self.status in (401, 403)


@dataclass(frozen=True, slots=True)
class _Failure:
    """No answer that could be used. `wait` None: it must not be tried again unseen."""

    error: GitHubFailed
    wait: timedelta | None
    is_limit: bool = False


class Client:
    """GitHub, seen with one way to prove oneself. Close it when done."""

    def __init__(
        self,
        auth: "BaseAuthStrategy",
        *,
        base_url: str,
        backoff_s: float = 1.0,
        longest_wait_s: float = LONGEST_WAIT_S,
    ) -> None:
        self._auth, self._base_url = auth, base_url
        self._backoff_s, self._longest_wait = backoff_s, timedelta(seconds=longest_wait_s)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Client":
        from githubkit import GitHub
        from githubkit.cache import MemCacheStrategy

        self._github: GitHub[Any] = GitHub(
            self._auth,
            base_url=self._base_url,
            timeout=_TIMEOUT_S,
            http_cache=False,
            # a cache of its own: the library's shared one would answer for another key of the same App
            cache_strategy=MemCacheStrategy(),
            auto_retry=False,
            follow_redirects=False,
        )
        await self._stack.enter_async_context(self._github)
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._stack.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        kind: type[T],
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
        is_repeatable: bool | None = None,
    ) -> T | Rejected:
        """Send one request, again where that is no harm. Raises Limited, Uncertain or GitHubFailed."""
        if is_repeatable is None:
            is_repeatable = method in ("GET", "PATCH", "PUT", "DELETE") or path.endswith(_REPEATABLE)
        tries = 0
        while True:
            tries += 1
            told = await self._once(method, path, kind, params=params, body=body, is_repeatable=is_repeatable)
            if not isinstance(told, _Failure):
                return told
            if tries == _MOST_TRIES or told.wait is None or told.wait > self._longest_wait:
                raise told.error
            wait = told.wait if told.is_limit else told.wait * self._backoff_s * tries**2
            await asyncio.sleep(wait.total_seconds())

    async def redirect_of(self, path: str) -> str | Rejected:
        """Where GitHub sends whoever asks for this path."""
        found = await self.ask("GET", path, _Location)
        return found if isinstance(found, Rejected) else found.location

    async def _once(
        self,
        method: str,
        path: str,
        kind: type[T],
        *,
        params: Mapping[str, str | int] | None,
        body: Mapping[str, Any] | None,
        is_repeatable: bool,
    ) -> "T | Rejected | _Failure":
        from githubkit.exception import GitHubException, RateLimitExceeded, RequestError, RequestFailed

        try:
            response = await self._github.arequest(method, path, params=dict(params or {}), json=body and dict(body))
        except RateLimitExceeded as error:
            wait = max(error.retry_after, timedelta(seconds=1))
            return _limit(method, path, wait)
        except RequestFailed as error:
            status = error.response.status_code
            if status == 429 or (status == 403 and "rate limit" in error.response.text.lower()):
                return _limit(method, path, _SECONDARY_WAIT)
            if status < 500:
                return Rejected(status, _message(error.response.content))
            what = f"GitHub answered {status}"
        except GitHubException as error:
            cause = error.exc if isinstance(error, RequestError) else error
            what = f"no answer ({type(cause).__name__})"
        else:
            try:
                return _parsed(response.raw_response, kind)
            except ValidationError:
                what = "the answer is not what GitHub documents"
        words = f"{method} {path}: {what}"
        if is_repeatable:
            return _Failure(GitHubFailed(words), timedelta(seconds=1))
        return _Failure(Uncertain(words), None)


class _Error(Known):
    message: str


class _Location(Known):
    location: str


def _parsed(response: "Response", kind: type[T]) -> T:
    """Raises ValidationError for what is not of the kind."""
    if kind is _Location:
        location = response.headers.get("Location", "") if response.is_redirect else ""
        is_address = urlsplit(location).scheme in ("http", "https")
        return TypeAdapter(kind).validate_python({"location": location} if is_address else {})
    if kind is Linked:
        match = _NEXT.search(response.headers.get("Link", ""))
        told = {"body": response.content, "next_cursor": unquote(match[1]) if match is not None else ""}
        return TypeAdapter(kind).validate_python(told)
    if kind is Nothing and not response.content:
        return TypeAdapter(kind).validate_python({})
    return TypeAdapter(kind).validate_json(response.content)


def _limit(method: str, path: str, wait: timedelta) -> _Failure:
    words = f"{method} {path}: GitHub's rate limit is used up: try again later"
    return _Failure(Limited(words, retry_after_s=wait.total_seconds()), wait, is_limit=True)


def _message(body: bytes) -> str:
    try:
        return " ".join(_Error.model_validate_json(body).message.split())[:200]
    except ValidationError:
        return ""
