"""Deliveries that did not come through while nobody listened: GitHub keeps them for days, and sends them when asked.

It does not send them again by itself.
Source: https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Annotated

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from selfheal_app import audit
from selfheal_app.access import Access
from selfheal_app.errors import GitHubFailed
from selfheal_app.publishing.client import Client, Known, Linked, Nothing, Rejected
from selfheal_app.store.inbox import Inbox

_log = logging.getLogger(__name__)
_OLDEST_S = 2 * 86_400.0
_YOUNGEST_S = 120.0
"""Younger ones may be under way."""
_MOST_ATTEMPTS = 4
_MOST_PAGES = 20
_PER_PAGE = 100


class _Attempt(Known):
    id: int = Field(gt=0)
    guid: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,64}$")]
    delivered_at: AwareDatetime
    status_code: int


_ATTEMPTS: TypeAdapter[tuple[_Attempt, ...]] = TypeAdapter(tuple[_Attempt, ...])


class Missed:
    """Asks GitHub in the name of the App itself."""

    def __init__(self, access: Access, inbox: Inbox, *, clock: Callable[[], float]) -> None:
        self._access, self._inbox, self._clock = access, inbox, clock

    async def ask(self) -> int:
        """Have sent again what failed and is not here; how many. Whatever does not answer is asked the next time."""
        try:
            async with self._access.as_app() as client:
                lost = await self._lost(client)
                for each in lost:
                    told = await client.ask(
                        "POST", f"/app/hook/deliveries/{each.id}/attempts", Nothing, is_repeatable=True
                    )
                    if isinstance(told, Rejected):
                        audit.refused("redelivery", why=f"GitHub: {told.status} {told.message}", delivery=each.guid)
                    else:
                        audit.did("asked for a delivery that had failed", delivery=each.guid)
        except (GitHubFailed, SQLAlchemyError) as error:
            _log.warning("deliveries that failed can't be asked for: %s", error)
            return 0
        return len(lost)

    async def _lost(self, client: Client) -> tuple[_Attempt, ...]:
        attempts = defaultdict(list)
        for each in await self._attempts(client):
            attempts[each.guid].append(each)
        now = self._clock()
        failed = {
            guid: tries[0]
            for guid, tries in attempts.items()
            if not any(200 <= each.status_code < 300 for each in tries)
            and len(tries) < _MOST_ATTEMPTS
            and now - tries[0].delivered_at.timestamp() > _YOUNGEST_S
        }
        known = await asyncio.to_thread(self._inbox.known, tuple(failed))
        return tuple(each for guid, each in failed.items() if guid not in known)

    async def _attempts(self, client: Client) -> list[_Attempt]:
        """Newest first, as far back as is worth it. Raises GitHubFailed."""
        found: list[_Attempt] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            params: dict[str, str | int] = {"per_page": _PER_PAGE} | ({"cursor": cursor} if cursor else {})
            page = await client.ask("GET", "/app/hook/deliveries", Linked, params=params)
            if isinstance(page, Rejected):
                raise GitHubFailed(f"GET /app/hook/deliveries: GitHub answered {page.status}")
            try:
                found += _ATTEMPTS.validate_json(page.body)
            except ValidationError:
                raise GitHubFailed("GET /app/hook/deliveries: the answer is not what GitHub documents") from None
            cursor = page.next_cursor
            if not cursor or (found and self._clock() - found[-1].delivered_at.timestamp() > _OLDEST_S):
                break
        return [each for each in found if self._clock() - each.delivered_at.timestamp() <= _OLDEST_S]
