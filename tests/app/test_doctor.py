"""The doctor really checks, and says how to mend each."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from selfheal_app import app_manifest
from selfheal_app.doctor import examine
from selfheal_app.doctor_github import Check
from selfheal_app.settings import AppSettings

PERMISSIONS, EVENTS = dict(app_manifest.PERMISSIONS), list(app_manifest.EVENTS)
TOLD: dict[str, Any] = {}
"""What the App's settings on GitHub are changed to."""
SECRET = SecretStr("0123456789abcdef0123456789abcdef")


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> SecretStr:
    return SecretStr(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
async def github(key: rsa.RSAPrivateKey) -> AsyncIterator[str]:
    """A server that knows one App by its public key, as GitHub does."""

    async def app(request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, key.public_key(), algorithms=["RS256"])
        except jwt.InvalidTokenError:
            return web.json_response({"message": "Bad credentials"}, status=401)
        about = {"id": int(claims["iss"]), "slug": "selfheal-test", "permissions": PERMISSIONS, "events": EVENTS}
        return web.json_response(about | TOLD.get("app", {}), headers=TOLD.get("headers", {}))

    async def hook(_: web.Request) -> web.Response:
        return web.json_response({"url": "https://heal.example/webhook", "insecure_ssl": "0"} | TOLD.get("hook", {}))

    async def deliveries(_: web.Request) -> web.Response:
        return web.json_response(TOLD.get("deliveries", []))

    TOLD.clear()
    application = web.Application()
    application.add_routes(
        [web.get("/app", app), web.get("/app/hook/config", hook), web.get("/app/hook/deliveries", deliveries)]
    )
    async with TestServer(application) as server:
        yield str(server.make_url("/")).rstrip("/")


def settings(tmp_path: Path, **changes: object) -> AppSettings:
    facts = {"github_app_id": 7, "webhook_secret": SECRET, "state_dir": tmp_path / "state"}
    return AppSettings.model_validate(facts | changes)


async def found(given: AppSettings) -> dict[str, Check]:
    return {check.name: check for check in await examine(given)}


async def test_a_complete_set_up_is_well(tmp_path: Path, github: str, key: rsa.RSAPrivateKey) -> None:
    """Every check passes against a server that verifies the App's signature."""
    checks = await found(settings(tmp_path, github_private_key=pem(key), github_api_url=github))

    assert [check for check in checks.values() if not check.is_ok] == []
    assert "selfheal-test" in checks["GitHub"].seen


async def test_another_app_s_key_is_found_out(tmp_path: Path, github: str) -> None:
    """GitHub says no, and the advice says what to compare."""
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    checks = await found(settings(tmp_path, github_private_key=pem(other), github_api_url=github))

    assert checks["private key"].is_ok
    assert "401" in checks["GitHub"].seen


@pytest.mark.parametrize(
    ("told", "name", "word"),
    [
        ({"app": {"permissions": {"checks": "write"}}}, "permissions", "contents: write"),
        ({"app": {"permissions": PERMISSIONS | {"contents": "read"}}}, "permissions", "contents: write"),
        ({"app": {"events": ["check_run"]}}, "events", "workflow_run"),
        ({"headers": {"Date": "Fri, 27 Nov 2020 20:00:00 GMT"}}, "clock", "s from GitHub's"),
        ({"hook": {"url": "http://heal.example/webhook"}}, "webhook", "http://heal.example"),
        ({"hook": {"insecure_ssl": "1"}}, "webhook", "heal.example"),
        ({"deliveries": [{"status_code": 401, "status": "Unauthorized"}]}, "webhook", "401 Unauthorized"),
    ],
)
async def test_what_only_github_knows_is_checked(
    tmp_path: Path, github: str, key: rsa.RSAPrivateKey, told: dict[str, Any], name: str, word: str
) -> None:
    """Rights, events, clock, the webhook's address and what came through it; one fault hides no other."""
    TOLD.update(told)
    checks = await found(settings(tmp_path, github_private_key=pem(key), github_api_url=github))

    assert [check.name for check in checks.values() if not check.is_ok] == [name]
    assert word in checks[name].seen and checks[name].mend


async def test_github_out_of_reach_is_told(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    """A closed port is no stack trace."""
    given = settings(tmp_path, github_private_key=pem(key), github_api_url="http://127.0.0.1:1")
    check = (await found(given))["GitHub"]

    assert not check.is_ok
    assert "SELFHEAL_GITHUB_API_URL" in check.mend


@pytest.mark.parametrize(
    ("changes", "name", "word"),
    [
        ({"github_app_id": None}, "app id", "SELFHEAL_GITHUB_APP_ID"),
        ({}, "private key", "SELFHEAL_GITHUB_PRIVATE_KEY_FILE"),
        ({"github_private_key": SecretStr("not a key")}, "private key", ".pem"),
        ({"github_private_key": pem(ec.generate_private_key(ec.SECP256R1()))}, "private key", ".pem"),
        ({"github_private_key_file": Path("/nowhere/key.pem")}, "private key", ".pem"),
        ({"webhook_secret": None}, "webhook secret", "SELFHEAL_WEBHOOK_SECRET"),
        ({"webhook_secret": SecretStr("short")}, "webhook secret", "openssl"),
        ({"state_dir": Path("/dev/null/state")}, "state folder", "SELFHEAL_STATE_DIR"),
        ({"database_url": "mysql://x"}, "database", "SELFHEAL_DATABASE_URL"),
    ],
)
async def test_each_fault_comes_with_its_mending(
    tmp_path: Path, changes: dict[str, object], name: str, word: str
) -> None:
    """One fault hides no other, and none shows a secret."""
    checks = await found(settings(tmp_path, **changes))

    assert not checks[name].is_ok
    assert word in checks[name].mend
    assert not any(SECRET.get_secret_value() in check.seen for check in checks.values())
