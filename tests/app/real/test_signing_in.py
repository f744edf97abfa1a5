"""Signing in with a GitHub that nobody here wrote, and reading there what the person may read and nothing else."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from app.apps import INSTALLATION
from app.artifacts import a_report, a_run, an_event, contents, zipped
from app.real import node_tools
from app.real.emulated import emulating, installed
from app.real.emulated_people import SEED, TOLD, Browser, EmulatedPeople
from app.real.process import RealService
from app.real.test_emulated import checks, until


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[tuple[EmulatedPeople, RealService]]:
    tools = installed()
    if tools is None:
        pytest.skip(node_tools.missing("emulate (a stateful GitHub)"))
    front = EmulatedPeople(tmp_path / "unknown.git")
    async with emulating(front, tmp_path, tools, seeded=SEED, told=TOLD) as found:
        yield found


async def a_failed_run(github: EmulatedPeople, service: RealService) -> str:
    """An exhausted one, told of by a webhook and worked off; the address of its page."""
    main = (await github.branches_there())["main"]
    run = a_run(head_sha=await github.push({"shop.py": "x = 1\n"}, "topic", main))
    github.run(run.run_id, run.head_sha, "topic")
    github.artifact(run.run_id, zipped(contents(a_report(None, summary="the shop is broken"), run)))
    event = json.loads(an_event(run)) | {"installation": {"id": INSTALLATION}}
    assert await service.deliver("workflow_run", "first", json.dumps(event).encode()) == 202
    await until(lambda: checks(github, run.head_sha))
    return f"/runs/org/shop/{run.run_id}/{run.run_attempt}"


async def test_who_signs_in_with_github_reads_what_is_theirs(stage: tuple[EmulatedPeople, RealService]) -> None:
    """ada of the organisation sees the failed run and its page; eve signs in too, and finds neither."""
    github, service = stage
    run = await a_failed_run(github, service)
    async with Browser(service, github) as ada, Browser(service, github) as eve:
        assert (await ada.open(run))[0] == 401
        landed = await ada.sign_in("ada", to=run)
        assert (landed.status, landed.headers["Location"]) == (303, run)
        status, text = await ada.open(run)
        assert status == 200 and "Where it went wrong" in text
        assert "the shop is broken" in (await ada.open("/"))[1]

        assert (await eve.sign_in("eve")).status == 303
        status, text = await eve.open("/")
        assert status == 200 and "eve" in text and "org/open" in text and "shop" not in text
        assert (await eve.open(run))[0] == (await eve.open("/repositories/org/shop"))[0] == 404


async def test_a_code_counts_once_and_a_sign_out_ends_the_token(stage: tuple[EmulatedPeople, RealService]) -> None:
    """A stolen answer is worth nothing in another browser or a second time, nor a stolen cookie after the sign-out."""
    github, service = stage
    async with Browser(service, github) as ada, Browser(service, github) as thief:
        await ada.sign_in("ada")
        assert (await thief.come_back(ada.answer)).status == 403
        assert (await ada.come_back(ada.answer)).status == 403
        assert (await ada.open("/"))[0] == 200
        stolen = ada.cookies()
        assert await ada.sign_out() == 303
        assert (await ada.open("/"))[0] == 401
        async with ClientSession(cookies=stolen) as session, session.get(f"{service.url}/") as shown:
            assert shown.status == 401


async def test_an_app_that_github_does_not_know_gets_nobody(stage: tuple[EmulatedPeople, RealService]) -> None:
    """A wrong client secret: the code is not taken, and nobody is signed in."""
    github, service = stage
    service.kill()
    service.settings["SELFHEAL_GITHUB_CLIENT_SECRET"] = "wrong"
    await service.start()
    async with Browser(service, github) as ada:
        assert (await ada.sign_in("ada")).status == 403
        assert (await ada.open("/"))[0] == 401
