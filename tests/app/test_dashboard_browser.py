"""The pages for people in a real browser: wide and narrow, light and dark, and without JavaScript."""

import asyncio
import os
from pathlib import Path

import pytest

from app.artifacts import a_report
from app.fake_people import CLIENT_SECRET
from app.test_dashboard import EVIL, a_site
from page.browser_tools import missing, visit
from selfheal.contract.report import Outcome
from selfheal_app.dashboard.session import Person, Seal
from selfheal_app.store.repairs import Fate, Repair, Repairs

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())
PATCH = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+b\n"


async def test_axe_finds_nothing_and_a_phone_scrolls_in_one_direction(tmp_path: Path) -> None:
    """An overview and a repository with runs of every kind, hostile words among them."""
    async with a_site(tmp_path, ann=["org/shop", "org/bank"]) as site:
        for number, outcome in enumerate(list(Outcome) * 3, 1):
            site.now -= 86_000
            healed = outcome is Outcome.HEALED
            words = EVIL if number == 2 else "1 test failed: assert 3 == 4 in shop.py:12"
            report = a_report(PATCH if healed else None, outcome=outcome, summary=words)
            site.ran("org/shop" if number % 3 else "org/bank", number, report=report)
        repairs = Repairs(site.outcomes._database)
        fix = Repair(repository="org/shop", run_id=1, run_attempt=1, installation_id=70, ending="published", url="u")
        repairs.remember(fix, now=site.now)
        repairs.decide("org/shop", 1, 1, Fate.MERGED, now=site.now)
        site.now += 21 * 86_000
        site.github.tokens["ghu_0"] = "ann"
        seal = Seal(CLIENT_SECRET, clock=lambda: site.now)
        cookie = {"name": "selfheal", "value": seal.close(Person(login="ann", token="ghu_0", form_key="k"))}
        shots = os.environ.get("SELFHEAL_SHOTS", "")
        pages = [
            {"name": f"{place} {width} {dark}", "url": site.url + path, "width": width, "dark": dark}
            for place, path in (("overview", "/"), ("repository", "/repositories/org/shop"))
            for width, dark in ((1280, False), (390, True))
        ]
        pages.append({"name": "no script", "url": site.url, "width": 390, "script": False})
        if shots:
            pages = [page | {"shot": f"{shots}/{page['name']}.png"} for page in pages]
        told = await asyncio.to_thread(visit, pages, cookie=cookie | {"url": site.url})

    for seen in told:
        assert seen["problems"] == [], seen["name"]
        assert "Exhausted runs" in seen["text"], seen["name"]
        assert all(url.startswith(site.url) for url in seen["requests"])
        if seen["name"] != "no script":
            assert (seen["axe"], seen["overflow"]) == ([], 0), seen["name"]
