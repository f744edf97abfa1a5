"""The pages for people: only what the person may read, every word of a stranger as text, nothing that runs."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer

from app.apps import a_github, access_to
from app.artifacts import a_report, a_run, contents, zipped
from app.fake_people import CLIENT_ID, CLIENT_SECRET, FakePeople, people
from page.test_page import EVIL, Elements
from selfheal.contract.report import Report
from selfheal_app.access import Access
from selfheal_app.dashboard.github_people import People
from selfheal_app.dashboard.pages import Pages, switched_off
from selfheal_app.dashboard.run_page import RunPages
from selfheal_app.dashboard.session import Leaving, Person, Seal
from selfheal_app.dashboard.sign_in import SignIn
from selfheal_app.store.database import Database
from selfheal_app.store.outcomes import Outcomes, outcome_of
from selfheal_app.store.repairs import Fate, Repair, Repairs


@dataclass
class Site:
    """The pages on a port of their own, and a clock that tests move."""

    url: str
    github: FakePeople
    outcomes: Outcomes
    now: float = 1_000_000.0

    def ran(self, repository: str, run_id: int = 7, *, report: Report | None = None, **changes: Any) -> None:
        run = a_run(repository=repository, run_id=run_id)
        it = outcome_of(report or a_report(None, **changes), run, installation_id=70)
        self.outcomes.remember(it, now=self.now)

    async def sign_in(self, browser: ClientSession, login: str, *, to: str = "/") -> str:
        left = await browser.get(f"{self.url}/login", params={"to": to}, allow_redirects=False)
        back = await browser.get(
            f"{self.url}/login/callback",
            params=self.github.let_in(left.headers["Location"], login),
            allow_redirects=False,
        )
        assert back.status == 303
        return back.headers["Location"]


@asynccontextmanager
async def a_site(tmp_path: Path, *, access: Access | None = None, **readable: list[str]) -> AsyncIterator[Site]:
    database = Database.open(f"sqlite:///{tmp_path / 'state' / 'selfheal.sqlite3'}")
    async with people(**readable) as github:
        site = Site("", github, Outcomes(database))

        def clock() -> float:
            return site.now

        sign_in = SignIn(
            people=People(
                api_url=github.url,
                server_url=github.url,
                client_id=CLIENT_ID,
                client_secret=lambda: CLIENT_SECRET,
                clock=clock,
            ),
            seal=Seal(CLIENT_SECRET, clock=clock),
            client_id=CLIENT_ID,
            server_url=github.url,
            public_url="http://127.0.0.1",
        )
        pages = Pages(sign_in, site.outcomes, RunPages(access), "https://github.example", 15.0, clock)
        application = web.Application()
        application.add_routes(pages.routes())
        async with TestServer(application) as server:
            site.url = str(server.make_url("/")).rstrip("/")
            yield site
    database.close()


def a_browser() -> ClientSession:
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


async def test_who_has_not_signed_in_is_told_nothing(tmp_path: Path) -> None:
    """On any page; and where to sign in."""
    async with a_site(tmp_path, ann=["org/shop"]) as site, a_browser() as browser:
        site.ran("org/shop")
        for path in ("/", "/repositories/org/shop", "/runs/org/shop/7/1"):
            response = await browser.get(site.url + path)
            text = await response.text()
            assert response.status == 401
            assert "Sign in with GitHub" in text and "1 test failed" not in text


async def test_a_person_sees_what_they_may_read_and_nothing_else(tmp_path: Path) -> None:
    """Names, numbers and pages; what is not theirs is as if it were not there."""
    async with a_site(tmp_path, ann=["org/shop"], bob=["org/bank"]) as site, a_browser() as browser:
        site.ran("org/shop", summary="the shop is broken")
        site.ran("org/bank", 8, summary="the bank is broken")
        await site.sign_in(browser, "ann")
        overview = await (await browser.get(f"{site.url}/")).text()
        theirs = await browser.get(f"{site.url}/repositories/ORG/shop")
        others = [await browser.get(f"{site.url}/{path}") for path in ("repositories/org/bank", "runs/org/bank/8/1")]
        nothing = await browser.get(f"{site.url}/repositories/org/nothing")

        assert "the shop is broken" in overview and "bank" not in overview
        assert theirs.status == 200 and "the shop is broken" in await theirs.text()
        assert {each.status for each in (*others, nothing)} == {404}
        assert await others[0].text() == await nothing.text()


async def test_a_right_that_is_taken_back_ends_within_a_minute(tmp_path: Path) -> None:
    """GitHub is asked again, with the person's own token."""
    async with a_site(tmp_path, ann=["org/shop"]) as site, a_browser() as browser:
        await site.sign_in(browser, "ann")
        assert (await browser.get(f"{site.url}/repositories/org/shop")).status == 200
        site.github.readable["ann"] = []
        site.now += 61
        assert (await browser.get(f"{site.url}/repositories/org/shop")).status == 404
        site.github.tokens.clear()
        site.now += 61
        assert (await browser.get(f"{site.url}/")).status == 401


async def test_more_repositories_than_one_page_holds_are_read(tmp_path: Path) -> None:
    """GitHub gives a hundred at a time."""
    names = [f"org/r{number:03}" for number in range(230)]
    async with a_site(tmp_path, ann=names) as site, a_browser() as browser:
        await site.sign_in(browser, "ann")
        assert (await browser.get(f"{site.url}/repositories/org/r229")).status == 200


async def test_a_sign_in_that_was_not_begun_here_is_refused(tmp_path: Path) -> None:
    """Another browser's answer, a forged state, none at all, and a code that GitHub does not know."""
    async with a_site(tmp_path, eve=["org/evil"]) as site, a_browser() as mine, a_browser() as theirs:
        left = await theirs.get(f"{site.url}/login", allow_redirects=False)
        stolen = site.github.let_in(left.headers["Location"], "eve")
        await mine.get(f"{site.url}/login", allow_redirects=False)
        for answer in (stolen, stolen | {"state": "forged"}, {"code": stolen["code"]}, {}):
            refused = await mine.get(f"{site.url}/login/callback", params=answer, allow_redirects=False)
            assert refused.status == 403
        again = await theirs.get(f"{site.url}/login/callback", params=stolen | {"code": "made-up"})
        assert again.status == 403
        assert (await mine.get(f"{site.url}/")).status == 401


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aX: y", "javascript:x"]
)
async def test_a_sign_in_leads_to_no_other_site(tmp_path: Path, to: str) -> None:
    """What the address says is taken where it is a path of ours."""
    async with a_site(tmp_path, ann=[]) as site, a_browser() as browser:
        assert await site.sign_in(browser, "ann", to=to) == "/"
        assert await site.sign_in(browser, "ann", to="/repositories/org/shop") == "/repositories/org/shop"


async def test_a_cookie_is_nothing_where_it_is_forged_old_or_of_another_kind(tmp_path: Path) -> None:
    """Only the service's own key makes one, and it lasts as long as the token does."""
    seal = Seal(CLIENT_SECRET, clock=lambda: 1_000_000.0)
    person = Person(login="ann", token="ghu_0", form_key="k")
    leaving = Leaving(state="s", verifier="v", back_to="/")
    old = Seal(CLIENT_SECRET, clock=lambda: 1_000_000.0 - 9 * 3600)
    async with a_site(tmp_path, ann=["org/shop"]) as site:
        site.github.tokens["ghu_0"] = "ann"
        for value in (Seal("guess").close(person), old.close(person), seal.close(leaving), "x", "", "x" * 9000):
            async with ClientSession(cookies={"selfheal": value}) as browser:
                assert (await browser.get(f"{site.url}/")).status == 401
        async with ClientSession(cookies={"selfheal": seal.close(person)}) as browser:
            assert (await browser.get(f"{site.url}/")).status == 200


async def test_cookies_are_shut_away(tmp_path: Path) -> None:
    """No script reads them, no other site sends them with a form, and over TLS no other host sets them."""
    async with a_site(tmp_path, ann=[]) as site, a_browser() as browser:
        left = await browser.get(f"{site.url}/login", allow_redirects=False)
        cookie = left.headers["Set-Cookie"]

        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
        assert "ghu_" not in cookie
    secure = SignIn(None, Seal("s"), CLIENT_ID, "https://g.example", "https://heal.example")  # type: ignore[arg-type]
    response = web.Response()
    secure._set(response, "selfheal", "v", longest_s=9)
    morsel = response.cookies["__Host-selfheal"]
    assert morsel["secure"] and morsel["httponly"] and morsel["samesite"] == "Lax" and not morsel["domain"]


async def test_signing_out_takes_the_token_back_and_needs_the_pages_own_button(tmp_path: Path) -> None:
    """Another site's form is refused."""
    async with a_site(tmp_path, ann=["org/shop"]) as site, a_browser() as browser:
        await site.sign_in(browser, "ann")
        forged = await browser.post(f"{site.url}/logout", data={"key": "guess"})
        assert forged.status == 403 and site.github.tokens
        key = re.search(r'name="key" value="([^"]+)"', await (await browser.get(f"{site.url}/")).text())
        assert key is not None
        await browser.post(f"{site.url}/logout", data={"key": key[1]})
        assert not site.github.tokens
        assert (await browser.get(f"{site.url}/")).status == 401


async def test_every_word_of_a_stranger_is_text_and_nothing_runs(tmp_path: Path) -> None:
    """Summary, branch, category, model and strategy of a hostile report; the policy allows one style."""
    async with a_site(tmp_path, ann=["org/shop"]) as site, a_browser() as browser:
        run = a_run(head_branch=EVIL)
        it = outcome_of(a_report(None, summary=EVIL), run, installation_id=70)
        poison = {"category": EVIL, "strategy": EVIL, "model": EVIL, "signals": EVIL, "outcome": "exhausted"}
        site.outcomes.remember(type(it)(**{**{n: getattr(it, n) for n in it.__slots__}, **poison}), now=site.now)
        await site.sign_in(browser, "ann")
        for path in ("/", "/repositories/org/shop", f"/login/callback?state={EVIL}"):
            response = await browser.get(site.url + path)
            text, policy = await response.text(), response.headers["Content-Security-Policy"]
            elements = Elements(text).found
            assert EVIL not in text
            assert not {tag for tag, _ in elements} & {"script", "img", "iframe", "object"}
            assert not any(name.startswith("on") or name == "style" for _, attrs in elements for name in attrs)
            assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
            assert "script-src" not in policy and "frame-ancestors 'none'" in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_exhausted_runs_come_first_and_the_numbers_add_up(tmp_path: Path) -> None:
    """Counts, shares and an estimate that says that it is one."""
    async with a_site(tmp_path, ann=["org/shop"]) as site, a_browser() as browser:
        patch = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+b\n"
        site.ran("org/shop", 1)
        site.outcomes.remember(outcome_of(a_report(patch), a_run(run_id=2), installation_id=70), now=site.now + 9)
        repairs = Repairs(site.outcomes._database)
        fix = Repair(repository="org/shop", run_id=2, run_attempt=1, installation_id=70, ending="published", url="u")
        repairs.remember(fix, now=site.now)
        repairs.decide("org/shop", 2, 1, Fate.MERGED, now=site.now)
        await site.sign_in(browser, "ann")
        text = await (await browser.get(f"{site.url}/")).text()

        assert text.index("Exhausted runs") < text.index("Newest runs")
        assert "50% <small>1 of 2" in text
        assert "1 · 0 · 0" in text
        assert ("merged fixes × 15 min" in text and "900 s" in text) or "15 min" in text
        assert "In 30 days: 1 healed, 1 exhausted." in text


async def test_a_runs_page_is_the_page_that_the_action_makes(tmp_path: Path) -> None:
    """Of the artifact that GitHub keeps, with a way back; what is gone is said."""
    async with a_github(tmp_path) as github:
        run = a_run()
        report = a_report(None, summary="assert 1 == 2. Not healed after 0 attempts: nothing left.")
        github.artifact(run.run_id, zipped(contents(report, run)))
        github.runs.append(_as_told(run))
        access = access_to(github)
        async with a_site(tmp_path, access=access, ann=["org/shop"]) as site, a_browser() as browser:
            site.ran("org/shop", run.run_id)
            await site.sign_in(browser, "ann")
            shown = await browser.get(f"{site.url}/runs/org/shop/{run.run_id}/1")
            text = await shown.text()
            assert shown.status == 200, text
            assert "Where it went wrong" in text and 'href="/repositories/org/shop"' in text
            assert "script-src 'sha256-" in shown.headers["Content-Security-Policy"]
            site.ran("org/shop", 99)
            gone = await browser.get(f"{site.url}/runs/org/shop/99/1")
            assert gone.status == 404


def _as_told(run: Any) -> dict[str, Any]:
    return {
        "id": run.run_id,
        "run_attempt": run.run_attempt,
        "head_sha": run.head_sha,
        "head_branch": run.head_branch,
        "event": run.event,
        "status": "completed",
        "conclusion": "failure",
        "head_repository": {"full_name": run.head_repository},
    }


async def test_without_an_address_there_is_a_page_that_says_how_to_get_one() -> None:
    """And nothing else."""
    application = web.Application()
    application.add_routes(switched_off())
    async with TestServer(application) as server, ClientSession() as browser:
        response = await browser.get(server.make_url("/"))
        assert response.status == 404 and "SELFHEAL_PUBLIC_URL" in await response.text()
