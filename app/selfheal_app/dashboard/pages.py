"""The pages: an overview, a repository's runs, one run. Rendered here, read without JavaScript, nothing loaded.

Every text comes from strangers: templates escape it, and the policy lets nothing run but what its hash names.
"""

import asyncio
import base64
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from aiohttp import web
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from selfheal_app.app_manifest import CALLBACK
from selfheal_app.dashboard.numbers import DAY_S, DAYS, bars, by, in_words, totals
from selfheal_app.dashboard.run_page import RunPages
from selfheal_app.dashboard.session import Person
from selfheal_app.dashboard.sign_in import SignIn
from selfheal_app.errors import GitHubFailed, NoAccess
from selfheal_app.store.outcomes import Outcomes

_PAGE_OF_RUNS = 50
_FIRST = 20
_MOST_OFFSET = 100_000
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
Show = Callable[[web.Request, Person, dict[str, int]], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Pages:
    """All routes of the dashboard. `clock` gives Unix seconds."""

    sign_in: SignIn
    outcomes: Outcomes
    run_pages: RunPages
    server_url: str
    minutes_a_fix: float
    clock: Callable[[], float] = time.time

    def routes(self) -> list[web.RouteDef]:
        """For the application."""
        return [
            web.get("/", self._signed_in(self._overview)),
            web.get("/repositories/{owner}/{name}", self._signed_in(self._repository)),
            web.get("/runs/{owner}/{name}/{run:[0-9]{1,18}}/{attempt:[0-9]{1,6}}", self._signed_in(self._run)),
            web.get("/login", self.sign_in.leave),
            web.get(CALLBACK, self._come_back),
            web.post("/logout", self.sign_in.sign_out),
        ]

    def _signed_in(self, show: Show) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            person = self.sign_in.person(request)
            if person is None:
                return page("welcome.html", to=request.path, status=HTTPStatus.UNAUTHORIZED)
            try:
                readable = await self.sign_in.people.readable(person.token)
                if readable is None:
                    return page("welcome.html", to=request.path, status=HTTPStatus.UNAUTHORIZED)
                return await show(request, person, readable.repositories)
            except (GitHubFailed, NoAccess) as error:
                return sorry(HTTPStatus.BAD_GATEWAY, f"GitHub does not do its part: {error}.")
            except SQLAlchemyError:
                return sorry(HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer: try again soon.")

        return answer

    async def _come_back(self, request: web.Request) -> web.StreamResponse:
        try:
            told = await self.sign_in.come_back(request)
        except GitHubFailed as error:
            return sorry(HTTPStatus.BAD_GATEWAY, f"{error}: begin anew.")
        return sorry(HTTPStatus.FORBIDDEN, told) if isinstance(told, str) else told

    async def _overview(self, request: web.Request, person: Person, readable: dict[str, int]) -> web.StreamResponse:
        names = tuple(readable)
        shown = await asyncio.to_thread(self._numbers, names)
        failed = await asyncio.to_thread(lambda: self.outcomes.newest(names, limit=_FIRST, only="exhausted"))
        runs = await asyncio.to_thread(lambda: self.outcomes.newest(names, limit=_FIRST))
        return page("overview.html", person=person, repositories=sorted(names), failed=failed, runs=runs, **shown)

    async def _repository(self, request: web.Request, person: Person, readable: dict[str, int]) -> web.StreamResponse:
        name = _named(request, readable)
        if name is None:
            return _not_here()
        given = request.query.get("from", "0")
        offset = min(_MOST_OFFSET, int(given)) if given.isascii() and given.isdigit() and len(given) < 8 else 0
        shown = await asyncio.to_thread(self._numbers, (name,))
        failed = await asyncio.to_thread(lambda: self.outcomes.newest((name,), limit=_FIRST, only="exhausted"))
        runs = await asyncio.to_thread(lambda: self.outcomes.newest((name,), limit=_PAGE_OF_RUNS, offset=offset))
        later = offset + _PAGE_OF_RUNS if len(runs) == _PAGE_OF_RUNS else 0
        shown |= {"repository": name, "server": self.server_url, "offset": offset, "later": later}
        return page("repository.html", person=person, failed=failed, runs=runs, **shown)

    async def _run(self, request: web.Request, person: Person, readable: dict[str, int]) -> web.StreamResponse:
        name = _named(request, readable)
        if name is None:
            return _not_here()
        run_id, attempt = int(request.match_info["run"]), int(request.match_info["attempt"])
        found = await asyncio.to_thread(self.outcomes.get, name, run_id, attempt)
        if found is None:
            return _not_here()
        told = await self.run_pages.page(found, readable[name])
        if told.policy:
            return _html(told.text, told.policy)
        return sorry(HTTPStatus.NOT_FOUND, told.text)

    def _numbers(self, names: tuple[str, ...]) -> dict[str, Any]:
        since = self.clock() - DAYS * DAY_S
        tallies = self.outcomes.tallies(names)
        days = self.outcomes.days(names, since=since, day_s=DAY_S)
        return {
            "totals": totals(tallies, minutes_a_fix=self.minutes_a_fix),
            "minutes_a_fix": self.minutes_a_fix,
            "categories": by(tallies, "category"),
            "strategies": by(tallies, "strategy"),
            "bars": bars(days),
            "days_in_words": in_words(days),
            "now": self.clock(),
        }


def switched_off() -> list[web.RouteDef]:
    """Where nobody can sign in: a page that says how to let people."""

    async def closed(_: web.Request) -> web.Response:
        return page("closed.html", status=HTTPStatus.NOT_FOUND)

    return [web.get("/", closed)]


def page(name: str, *, status: HTTPStatus = HTTPStatus.OK, **facts: Any) -> web.Response:
    """A template of ours, with its policy."""
    css = _asset("dashboard.css")
    text = _environment().get_template(name).render(css=Markup(css), **facts)  # noqa: S704 - ours
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'"
    return _html(text, policy, status=status)


def sorry(status: HTTPStatus, words: str) -> web.Response:
    """A page that says what is not to be had, and why."""
    return page("sorry.html", status=status, words=words)


def _html(text: str, policy: str, *, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    headers = _HEADERS | {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)


def _named(request: web.Request, readable: dict[str, int]) -> str | None:
    """The repository that is asked for; None for one that is not there or may not be read: nobody is told which."""
    wanted = f"{request.match_info['owner']}/{request.match_info['name']}".casefold()
    return next((name for name in readable if name.casefold() == wanted), None)


def _not_here() -> web.Response:
    return sorry(HTTPStatus.NOT_FOUND, "There is no such page, or none that you may read.")


@cache
def _asset(name: str) -> str:
    return files("selfheal_app.dashboard").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(_asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"percent": _percent, "seconds": _seconds, "ago": _ago, "count": lambda number: f"{number:,}"}
    return made


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _seconds(value: float) -> str:
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.0f} min" if value < 7200 else f"{value / 3600:.1f} h"


def _ago(then: float, now: float) -> str:
    passed = max(0.0, now - then)
    for size, name in ((86_400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if passed >= size:
            number = int(passed // size)
            return f"{number} {name}{'s' if number > 1 else ''} ago"
    return "just now"
