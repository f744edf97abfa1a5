"""No secret leaves in a text that was redacted."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfheal.logs.redaction import MASK, Redactor

LETTERS = string.ascii_letters + string.digits
BODY = (LETTERS * 3)[:36]
# Put together here, so that no scanner takes this file for a leak.
TOKENS = {
    "github": "ghp" + "_" + BODY,
    "github server": "ghs" + "_" + BODY,
    "github fine-grained": "github" + "_pat_" + BODY + BODY,
    "aws": "AK" + "IA" + "ABCDEFGH12345678",
    "slack": "xo" + "xb-" + "123456789012-" + BODY,
    "gitlab": "gl" + "pat-" + BODY[:20],
    "npm": "npm" + "_" + BODY,
    "pypi": "py" + "pi-" + BODY + BODY,
    "jwt": "ey" + "JhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0." + BODY,
    "google": "AI" + "za" + BODY[:35],
    "stripe": "sk" + "_live_" + BODY,
    "openai": "sk-" + "proj-" + BODY,
}


@pytest.mark.parametrize("kind", TOKENS)
def test_published_shapes_are_masked(kind: str) -> None:
    """A token is masked in a sentence, in quotes, in an assignment and in a URL's query."""
    token = TOKENS[kind]
    for text in (f"using {token} now", f"'{token}'", f"TOKEN={token}", f"https://x.test/?t={token}&a=1"):
        redacted = Redactor(()).redact(text)
        assert token not in redacted
        assert MASK in redacted


def test_private_key_block_is_masked() -> None:
    """The whole body goes, also where a cut log lacks the end."""
    body = "\n".join([BODY * 2] * 4)
    text = f"key:\n-----BEGIN RSA {'PRIVATE'} KEY-----\n{body}\n-----END RSA {'PRIVATE'} KEY-----\nafter"

    assert BODY not in Redactor(()).redact(text)
    assert BODY not in Redactor(()).redact(text[:200])
    assert "after" in Redactor(()).redact(text)


def test_url_password_is_masked_and_the_host_stays() -> None:
    """What a person needs to see of a URL stays."""
    redacted = Redactor(()).redact("postgres://app:hunter2@db.test:5432/shop")

    assert redacted == f"postgres://app:{MASK}@db.test:5432/shop"


def test_headers_and_random_values_are_masked() -> None:
    """Authorization headers, and random values beside a name that tells a secret."""
    redactor = Redactor(())

    assert "dXNlcjpwYXNz" not in redactor.redact("Authorization: Basic dXNlcjpwYXNz")
    assert "9f8a7b6c5d4e3f2a1b0c" not in redactor.redact("api_key = '9f8a7b6c5d4e3f2a1b0c'")
    assert "Zx81kQp0LmWv77Rt" not in redactor.redact('{"password": "Zx81kQp0LmWv77Rt"}')


@pytest.mark.parametrize(
    "text",
    [
        "key = some_function_name",
        "KeyError: 'user_name'",
        "token: str = field()",
        "tests/test_keys.py::test_token - assert 1 == 2",
        "primary_key=True, max_length=200",
        "http://localhost:8080/path",
        "author: Jane Doe",
        "assert key == 'alpha'",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    """Names, types and places are no secrets: a log must stay readable."""
    assert Redactor(("hunter2hunter2",)).redact(text) == text


def test_known_value_is_masked_in_every_form() -> None:
    """As it is, in base64 (alone and behind a user name), in part, and line by line."""
    value = "s3cr3t-Value/with+signs"
    redactor = Redactor((value, "first line of a key\nsecond line of a key"))
    forms = (value, value[:8], value[:12], base64.b64encode(value.encode()).decode(), value.encode().hex())

    for form in forms:
        assert form not in redactor.redact(f"<{form}>")
    both = base64.b64encode(b"u:" + value.encode()).decode()
    assert both not in redactor.redact(both)
    assert "second line" not in redactor.redact("x second line of a key y")


def test_longer_of_two_values_goes_whole() -> None:
    """A value that begins another leaves nothing of it behind."""
    assert Redactor(("abcdefgh", "abcdefghijkl")).redact("abcdefghijkl!") == f"{MASK}!"


def test_short_values_stay() -> None:
    """Masking `true` everywhere would hide the log, not the secret."""
    assert Redactor(("true", "8080")).redact("true 8080") == "true 8080"


@given(st.text(alphabet=LETTERS, min_size=8, max_size=60), st.text(max_size=40), st.text(max_size=40))
def test_known_value_never_survives(value: str, before: str, after: str) -> None:
    """Whatever stands around it; and redacting twice is redacting once."""
    redactor = Redactor((value,))
    redacted = redactor.redact(before + value + after)

    assert value not in redacted.replace(MASK, "")
    assert redactor.redact(redacted) == redacted
