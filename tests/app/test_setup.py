"""Setting up takes two presses, works once, and leaves the credentials to their owner alone."""

import html
import json
import re
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from selfheal_app import app_manifest, credentials
from selfheal_app.errors import SettingsError
from selfheal_app.settings import AppSettings
from selfheal_app.setup_server import Plan, Setup

MADE = {
    "id": 42,
    "slug": "selfheal-org",
    "pem": "-----BEGIN RSA",
    "webhook_secret": "s" * 40,
    "html_url": "x",
    "client_id": "Iv1.x",
    "client_secret": "c" * 40,
}


@pytest.fixture
async def github() -> AsyncIterator[tuple[str, list[str]]]:
    """One that gives the credentials for a code, once."""
    codes: list[str] = []

    async def convert(request: web.Request) -> web.Response:
        code = request.match_info["code"]
        if code in codes or code != "good":
            return web.json_response({"message": "Not Found"}, status=404)
        codes.append(code)
        return web.json_response(MADE, status=201)

    application = web.Application()
    application.router.add_post("/app-manifests/{code}/conversions", convert)
    async with TestServer(application) as server:
        yield str(server.make_url("/")).rstrip("/"), codes


def a_setup(tmp_path: Path, api_url: str, done: list[str], **changes: Any) -> Setup:
    facts = {
        "folder": tmp_path / "state",
        "api_url": api_url,
        "server_url": "https://github.example",
        "webhook_url": "https://heal.example/webhook",
        "address": "http://127.0.0.1:8000",
        "name": 'self"heal',
        "organisation": "org",
    }
    return Setup(Plan(**facts | changes), done.append)


async def test_github_s_answer_becomes_the_credentials(tmp_path: Path, github: tuple[str, list[str]]) -> None:
    """From the page over GitHub's to files that the settings find; a second time is refused."""
    done: list[str] = []
    setup = a_setup(tmp_path, github[0], done)
    async with TestClient(TestServer(setup.application())) as client:
        page = await (await client.get("/setup", params={"key": setup.key})).text()
        action = urlsplit(html.unescape(re.search(r'action="([^"]+)"', page)[1]))  # type: ignore[index]
        asked = json.loads(html.unescape(re.search(r'name="manifest" value="([^"]+)"', page)[1]))  # type: ignore[index]
        state = parse_qs(action.query)["state"][0]
        first = await client.get("/setup/done", params={"state": state, "code": "good"})
        again = await client.get("/setup/done", params={"state": state, "code": "good"})

    assert f"{action.netloc}{action.path}" == "github.example/organizations/org/settings/apps/new"
    assert asked["name"] == 'self"heal' and asked["public"] is False
    assert asked["hook_attributes"] == {"url": "https://heal.example/webhook", "active": True}
    assert asked["default_permissions"] == dict(app_manifest.PERMISSIONS)
    assert (first.status, again.status) == (200, 409)
    assert done == ["https://github.example/apps/selfheal-org/installations/new"]
    settings = AppSettings(state_dir=tmp_path / "state")
    assert (settings.app_id(), settings.private_key()) == (42, "-----BEGIN RSA")
    assert settings.webhook_secrets() == (b"s" * 40,)
    assert (settings.client_id(), settings.client_secret()) == ("Iv1.x", "c" * 40)
    assert asked["callback_urls"] == ["https://heal.example/login/callback"]
    assert all(stat.S_IMODE((tmp_path / "state" / name).stat().st_mode) == 0o600 for name in credentials.FILES)


async def test_strangers_set_nothing_up(tmp_path: Path, github: tuple[str, list[str]]) -> None:
    """Without the terminal's key, or with an answer to a question that was not asked."""
    done: list[str] = []
    setup = a_setup(tmp_path, github[0], done)
    async with TestClient(TestServer(setup.application())) as client:
        for path in ("/setup", "/setup?key=x", "/setup/done?code=good", "/setup/done?code=good&state=x"):
            assert (await client.get(path)).status == 403

    assert (github[1], done, credentials.found_in(tmp_path / "state")) == ([], [], ())


async def test_what_github_refuses_leaves_nothing(tmp_path: Path, github: tuple[str, list[str]]) -> None:
    """A code that does not fit, also one that would be another path."""
    setup = a_setup(tmp_path, github[0], [])
    async with TestClient(TestServer(setup.application())) as client:
        page = await (await client.get("/setup", params={"key": setup.key})).text()
        state = re.search(r"state=([\w-]+)", page)[1]  # type: ignore[index]
        for code in ("bad", "../../user", ""):
            assert (await client.get("/setup/done", params={"state": state, "code": code})).status == 502

    assert credentials.found_in(tmp_path / "state") == ()


async def test_an_app_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    """Whatever of it is left."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / credentials.WEBHOOK_SECRET).write_text("s")

    with pytest.raises(SettingsError, match="webhook-secret already"):
        a_setup(tmp_path, "http://x", []).application()
    with pytest.raises(SettingsError):
        credentials.write(tmp_path / "state", {credentials.APP_ID: "1", credentials.WEBHOOK_SECRET: "t"})
    assert credentials.found_in(tmp_path / "state") == (credentials.WEBHOOK_SECRET,)
    assert (tmp_path / "state" / credentials.WEBHOOK_SECRET).read_text() == "s"
