"""GitHub's REST interface as publishing needs it: bounded, patient with limits, and typed at the edge."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from selfheal_app.errors import GitHubFailed, Uncertain

if TYPE_CHECKING:
    pass

T = TypeVar("T")
_REPEATABLE = ("/git/blobs", "/git/trees", "/git/commits")
"""What makes nothing that anybody sees, so that doing it twice is no harm."""
_MOST_TRIES = 4
_LONGEST_WAIT = timedelta(minutes=10)
_TIMEOUT_S = 30.0


class Known(BaseModel):
    """The part of an answer that is looked at; GitHub adds keys without notice."""

    model_config = ConfigDict(frozen=True)


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


class Api:
    """One repository, seen with one token. Close it when done."""

    def __init__(self, repository: str, *, token: str, base_url: str, backoff_s: float = 1.0) -> None:
        self.repository = repository
        self._token, self._base_url, self._backoff_s = token, base_url, backoff_s
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Api":
        from githubkit import GitHub, TokenAuthStrategy
        from githubkit.cache import MemCacheStrategy

        self._github: GitHub[TokenAuthStrategy] = GitHub(
            TokenAuthStrategy(self._token),
            base_url=self._base_url,
            timeout=_TIMEOUT_S,
            http_cache=False,
            cache_strategy=MemCacheStrategy(),
            auto_retry=False,
            follow_redirects=False,
        )
        await self._stack.enter_async_context(self._github)
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._stack.aclose()

    async def get(self, path: str, kind: type[T], **params: str | int) -> T | Rejected:
        """Read something of the repository; `path` is quoted already."""
        return await self._ask("GET", path, kind, params=params)

    async def post(self, path: str, kind: type[T], body: Mapping[str, Any]) -> T | Rejected:
        """Make something. Raises Uncertain where it may have been made without an answer."""
        return await self._ask("POST", path, kind, body=body)

    async def _ask(
        self,
        method: str,
        path: str,
        kind: type[T],
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> T | Rejected:
        tries = 0
        while True:
            tries += 1
            told = await self._once(method, path, kind, params=params, body=body)
            if not isinstance(told, _Failure):
                return told
            if tries == _MOST_TRIES or told.wait is None or told.wait > _LONGEST_WAIT:
                raise told.error
            wait = told.wait if told.is_limit else told.wait * self._backoff_s * tries**2
            await asyncio.sleep(wait.total_seconds())

    async def _once(
        self,
        method: str,
        path: str,
        kind: type[T],
        *,
        params: Mapping[str, str | int] | None,
        body: Mapping[str, Any] | None,
    ) -> "T | Rejected | _Failure":
        from githubkit.exception import GitHubException, RateLimitExceeded, RequestError, RequestFailed

        url = f"/repos/{self.repository}{path}"
        try:
            response = await self._github.arequest(method, url, params=dict(params or {}), json=body and dict(body))
        except RateLimitExceeded as error:
            words = f"{method} {url}: GitHub's rate limit is used up: run the job again later"
            return _Failure(GitHubFailed(words), error.retry_after, is_limit=True)
        except RequestFailed as error:
            status = error.response.status_code
            if status < 500:
                return Rejected(status, _message(error.response.content))
            what = f"GitHub answered {status}"
        except GitHubException as error:
            cause = error.exc if isinstance(error, RequestError) else error
            what = f"no answer ({type(cause).__name__})"
        else:
            try:
                return TypeAdapter(kind).validate_json(response.content)
            except ValidationError:
                what = "the answer is not what GitHub documents"
        words = f"{method} {url}: {what}"
        if method == "GET" or path.endswith(_REPEATABLE):
            return _Failure(GitHubFailed(words), timedelta(seconds=1))
        return _Failure(Uncertain(words), None)


class _Error(Known):
    message: str


def _message(body: bytes) -> str:
    try:
        return " ".join(_Error.model_validate_json(body).message.split())[:200]
    except ValidationError:
        return ""
