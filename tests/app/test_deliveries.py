"""A delivery is believed when one of our secrets signed its very bytes, and not otherwise."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfheal_app.deliveries import Delivery, Rejected, read, signed
from selfheal_app.events.registry import is_wanted

SECRET = b"It's a Secret to Everybody"
BODY = json.dumps({"action": "completed"}).encode()


def signature(body: bytes, secret: bytes = SECRET) -> str:
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def headers(body: bytes = BODY, **changes: str) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    return {
        "X-Hub-Signature-256": signature(body),
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-GitHub-Event": "workflow_run",
    } | named


def test_github_s_own_example_is_accepted() -> None:
    """The published test values of GitHub's documentation."""
    published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    assert signed(b"Hello, World!", published, (SECRET,))


@pytest.mark.parametrize(
    "forged",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        signature(BODY, b"another secret"),
        signature(BODY + b" "),
        signature(BODY).upper(),
        signature(BODY).replace("sha256", "sha1"),
        signature(BODY) + "0",
        signature(BODY)[:-1],
        "sha256=" + "\u0661" * 64,
        " " + signature(BODY),
    ],
)
def test_a_forged_signature_is_refused(forged: str | None) -> None:
    """Whatever stands in its place."""
    assert not signed(BODY, forged, (SECRET,))


def test_no_secret_believes_nothing() -> None:
    """Not even a body signed with the empty secret."""
    assert not signed(BODY, signature(BODY, b""), ())


def test_each_of_several_secrets_is_accepted() -> None:
    """So that a secret can be replaced without losing a delivery."""
    secrets = (b"the old one", b"the new one")

    assert all(signed(BODY, signature(BODY, secret), secrets) for secret in secrets)


def test_an_authentic_delivery_is_read() -> None:
    """Id, event and bytes as they came."""
    found = read(headers(), BODY, secrets=(SECRET,), is_wanted=is_wanted)

    assert isinstance(found, Delivery)
    assert (found.event, found.body) == ("workflow_run", BODY)


@pytest.mark.parametrize(
    ("changes", "body", "status"),
    [
        ({"X_Hub_Signature_256": "sha256=0"}, BODY, 401),
        ({"X_GitHub_Delivery": ""}, BODY, 400),
        ({"X_GitHub_Delivery": "a'; DROP TABLE delivery"}, BODY, 400),
        ({"X_GitHub_Event": ""}, BODY, 400),
        ({"X_GitHub_Event": "../ping"}, BODY, 400),
        ({}, b"payload=%7B%7D", 400),
        ({}, b"[]", 400),
        ({}, b"[" * 100_000, 400),
        ({}, b"\xff", 400),
    ],
)
def test_what_is_wrong_decides_the_status(changes: dict[str, str], body: bytes, status: int) -> None:
    """The signature is asked first: a stranger learns nothing about the rest."""
    found = read(headers(body, **changes), body, secrets=(SECRET,), is_wanted=is_wanted)

    assert isinstance(found, Rejected)
    assert found.status == status


@given(st.dictionaries(st.sampled_from(sorted(headers())), st.text(max_size=80)), st.binary(max_size=80))
def test_a_stranger_never_gets_in(given_headers: dict[str, str], body: bytes) -> None:
    """Any headers, any bytes: refused, and never an exception."""
    found = read(given_headers, body, secrets=(SECRET,), is_wanted=is_wanted)

    assert isinstance(found, Rejected)
    assert found.status == 401


@pytest.mark.parametrize(
    "body",
    [
        b'{"action": "a\\u0000b", "repository": {"full_name": "\\u0000/x"}}',
        b'{"action": "' + b"x" * 100_000 + b'"}',
        b'{"action": "\\ud800"}',
        b'{"action": 1, "installation": []}',
    ],
)
def test_an_outside_of_another_shape_says_nothing(body: bytes) -> None:
    """It is kept as what nobody works on; no database trips over it."""
    found = read(headers(body), body, secrets=(SECRET,), is_wanted=is_wanted)

    assert isinstance(found, Delivery)
    assert (found.action, found.repository, found.is_wanted) == ("", "", False)
