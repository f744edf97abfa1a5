"""A GitHub that can have its client killed at a request, and that fails as GitHub does."""

import asyncio
import random
from collections.abc import Callable

from aiohttp import web

from app.fake_github import FakeGitHub


class Trap(FakeGitHub):
    """A GitHub that can have its client killed at a request, and that fails as GitHub does."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._countdown = self._until_held = 0
        self._spring: Callable[[], None] = lambda: None
        self._is_after = False
        self.trouble: random.Random | None = None
        self.troubles: dict[str, int] = {}

    def arm(self, requests: int, spring: Callable[[], None], *, is_after: bool) -> None:
        """Call `spring` at the n-th request from now, before or after its work."""
        self._countdown, self._spring, self._is_after = requests, spring, is_after

    def hold(self, requests: int) -> tuple[asyncio.Event, asyncio.Event]:
        """Let the n-th request from now wait: set when it has come, and to be set for it to go on."""
        self._until_held, self._is_held, self._is_let_go = requests, asyncio.Event(), asyncio.Event()
        return self._is_held, self._is_let_go

    def disarm(self) -> None:
        """Let everything pass."""
        self._countdown = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self._until_held -= 1
        if self._until_held == 0:
            self._is_held.set()
            await self._is_let_go.wait()
            return web.Response(status=500)
        self._countdown -= 1
        if self._countdown == 0 and not self._is_after:
            self._spring()
            return web.Response(status=500)
        kind = self._trouble()
        if kind in ("500", "502", "429", "secondary limit"):
            return _refusal(kind)
        answered = await super().answer(request)
        if self._countdown == 0:
            self._spring()
        if kind == "half an answer":
            return web.Response(body=(answered.body or b"")[:25], status=answered.status)
        if kind == "no answer" and request.transport is not None:
            request.transport.abort()
        return answered

    def _trouble(self) -> str:
        if self.trouble is None or self.trouble.random() > 0.2:
            return ""
        kind = self.trouble.choice(("500", "502", "429", "secondary limit", "half an answer", "no answer"))
        self.troubles[kind] = self.troubles.get(kind, 0) + 1
        return kind


def _refusal(kind: str) -> web.Response:
    if kind in ("500", "502"):
        return web.json_response({"message": "broken"}, status=int(kind))
    words = {"message": "You have exceeded a secondary rate limit."}
    return web.json_response(words, status=429 if kind == "429" else 403, headers={"Retry-After": "1"})
