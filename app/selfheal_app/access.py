"""Become an installation of the App: sign as the App, ask for a token of one repository, use it while it lasts."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime

from selfheal_app.errors import NoAccess
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.client import Client, Known, Rejected

_MOST_TOKENS = 500
_LEFT_S = 300
"""A token that lasts no longer than this is not begun with; GitHub gives an hour."""


class _Token(Known):
    token: str
    expires_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Identity:
    """The App, as it proves itself. `read_key` gives the PEM text each time, so that it can be replaced."""

    app_id: int
    read_key: Callable[[], str]


class Access:
    """Gives interfaces to repositories. One for the process; used from one event loop."""

    def __init__(
        self, identity: Identity, *, base_url: str, clock: Callable[[], float], patience: "Patience | None" = None
    ) -> None:
        self.app_id = identity.app_id
        self._identity, self._base_url, self._clock = identity, base_url, clock
        self._patience = patience or Patience()
        self._tokens: OrderedDict[tuple[int, str], tuple[str, datetime]] = OrderedDict()

    async def api(self, installation_id: int, repository: str) -> Api:
        """An interface to one repository, not yet entered. Raises NoAccess or GitHubFailed."""
        token = await self._token(installation_id, repository)
        return Api(
            repository,
            token=token,
            base_url=self._base_url,
            backoff_s=self._patience.backoff_s,
            longest_wait_s=self._patience.longest_wait_s,
        )

    def as_app(self) -> Client:
        """GitHub as the App itself, not yet entered."""
        from githubkit import AppAuthStrategy

        return Client(
            AppAuthStrategy(self._identity.app_id, self._identity.read_key()),
            base_url=self._base_url,
            backoff_s=self._patience.backoff_s,
            longest_wait_s=self._patience.longest_wait_s,
        )

    def forget(self, installation_id: int) -> None:
        """Drop the tokens of an installation, which may hold rights that were taken back."""
        for key in [key for key in self._tokens if key[0] == installation_id]:
            del self._tokens[key]

    async def _token(self, installation_id: int, repository: str) -> str:
        key = (installation_id, repository.casefold())
        known = self._tokens.get(key)
        if known is not None and known[1].timestamp() - self._clock() > _LEFT_S:
            self._tokens.move_to_end(key)
            return known[0]
        made = await self._ask(installation_id, {"repositories": [repository.partition("/")[2]]})
        if isinstance(made, Rejected):
            self._tokens.pop(key, None)
            raise NoAccess(_no_access(installation_id, repository, made))
        self._tokens[key] = (made.token, made.expires_at)
        while len(self._tokens) > _MOST_TOKENS:
            self._tokens.popitem(last=False)
        return made.token

    async def _ask(self, installation_id: int, body: dict[str, Any]) -> _Token | Rejected:
        async with self.as_app() as client:
            # a token that nobody got is no harm: it expires
            return await client.ask(
                "POST",
                f"/app/installations/{installation_id}/access_tokens",
                _Token,
                body=body,
                is_repeatable=True,
            )


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one request waits for GitHub by itself; whoever works durably waits longer, without a connection."""

    backoff_s: float = 1.0
    longest_wait_s: float = 20.0


def _no_access(installation_id: int, repository: str, rejected: Rejected) -> str:
    said = f"no token for {repository} (GitHub: {rejected.status} {rejected.message})"
    match rejected.status:
        case 401:
            return f"{said}: the App's id, key or this machine's clock is wrong: see `selfheal-app doctor`"
        case 403:
            return f"{said}: installation {installation_id} is suspended"
        case 404:
            return f"{said}: installation {installation_id} is gone"
        case _:
            return f"{said}: the repository is not one of installation {installation_id}"
