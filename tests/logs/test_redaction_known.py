"""Known secret values are found in every form in which logs print them."""

import base64
import json
import shlex
import string
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logs.redaction_samples import ALNUM, URL_SAFE, of, private_key
from selfheal.logs.redaction import MASK, Redactor

VALUE = "s3cr3t/Value+with 'quotes' & \"signs\" é$"
WRITTEN = {
    "JSON": json.dumps(VALUE)[1:-1],
    "JSON, not ASCII": json.dumps(VALUE, ensure_ascii=False)[1:-1],
    "JSON in JSON": json.dumps(json.dumps(VALUE, ensure_ascii=False)[1:-1], ensure_ascii=False)[1:-1],
    "URL": quote(VALUE, safe=""),
    "URL, slashes left": quote(VALUE),
    "form": quote_plus(VALUE),
    "repr": repr(VALUE)[1:-1],
    "shell": shlex.quote(VALUE)[1:-1],
    "base64": base64.b64encode(VALUE.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(VALUE.encode()).decode(),
    "hex": VALUE.encode().hex(),
    "HEX": VALUE.encode().hex().upper(),
    "HTML": VALUE.replace("&", "&amp;").replace("'", "&#x27;").replace('"', "&quot;"),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_a_known_value_is_masked_in_every_form(form: str) -> None:
    """The whole of it: no half that some escape parted."""
    assert Redactor((VALUE,)).redact(f"<{WRITTEN[form]}> after") == f"<{MASK}> after"


@pytest.mark.parametrize("shown", [8, 9, 15, 23])
def test_the_beginning_of_a_known_value_is_masked(shown: int) -> None:
    """A tool that prints half of a secret gives half of it away."""
    value = of(ALNUM, 24)
    for part in (value[:shown], base64.b64encode(value.encode()).decode()[: max(shown, 8)]):
        assert part not in Redactor((value,)).redact(f"login with {part}... failed")


def test_what_everyone_knows_of_a_value_is_no_secret() -> None:
    """A webhook's address begins like every other address, and a token like every other token of its kind."""
    hook = "https://hooks.test.example/services/" + of(ALNUM, 30)
    jwt = "ey" + "JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." + of(URL_SAFE, 40)
    database = "postgres://app:" + of(ALNUM, 16) + "@db.test/x"
    redactor = Redactor((hook, jwt, database, private_key()))

    for text in (
        "GET https://hooks.other.example/x",
        "https://pypi.example/simple",
        "postgres://localhost/x",
        jwt[:36],
    ):
        assert redactor.redact(text) == text
    for value in (hook, jwt, database):
        assert value[-16:] not in redactor.redact(f"<{value}>")
        assert value[:-8] not in redactor.redact(f"<{value[:-8]}")


def test_basic_authentication_with_a_known_value_is_masked() -> None:
    """Behind a name of any length the value stands at another place of a base64 group; the name goes with it."""
    value = of(ALNUM, 20)
    for user in ("", "u", "me", "joe", "x-access-token"):
        encoded = base64.b64encode(f"{user}:{value}".encode()).decode()
        assert Redactor((value,)).redact(f"header {encoded} sent") == f"header {MASK} sent"


def test_what_stands_on_the_next_line_is_no_part_of_a_value() -> None:
    """A line that ends in a secret and one that begins with a word are two lines."""
    value = of(ALNUM, 29)
    encoded = base64.b64encode(value.encode()).decode()

    for shown in (value, encoded, encoded.rstrip("=")):
        for after in ("Traceback (most recent call last):\n", f"{value}\n", f"{encoded}\n", "x" * 30):
            text = f"DEPLOY_TOKEN of the environment was {shown}\n{after}"
            kept = after.replace(encoded, MASK).replace(value, MASK)
            assert Redactor((value,)).redact(text) == f"DEPLOY_TOKEN of the environment was {MASK}\n{kept}"


def test_a_key_of_several_lines_is_masked_line_by_line() -> None:
    r"""Each line alone, with \n for line ends, on one line, and in base64 that is broken at a width."""
    key = private_key()
    redactor = Redactor((key,))
    broken = base64.encodebytes(key.encode()).decode()
    texts = [f"line {line} end" for line in key.splitlines()[1:-1]]
    texts += [key.replace("\n", "\\n"), key.replace("\n", "\\\\n"), key.replace("\n", " "), key.replace("\n", "\r\n")]
    for text in texts:
        assert not any(line in redactor.redact(text) for line in key.splitlines()[1:-1])
    assert not any(line in redactor.redact(broken) for line in broken.splitlines()[:-1])


def test_the_secrets_in_a_key_file_are_known_too() -> None:
    """A service account's JSON is one value; its private key is printed alone."""
    key, identifier = private_key(kind=""), of(string.hexdigits.lower(), 40)
    document = {
        "type": "service_account",
        "private_key_id": identifier,
        "private_key": key,
        "auth": {"password": "pa55-w0rd"},
    }
    redactor = Redactor((json.dumps(document, indent=2),))

    assert "pa55-w0rd" not in redactor.redact("psql: pa55-w0rd refused")
    assert identifier not in redactor.redact(f"kid {identifier}")
    assert key.splitlines()[3] not in redactor.redact(f"x {key.splitlines()[3]} y")
    assert redactor.redact('{"type": "service_account"}') == '{"type": "service_account"}'


def test_secrets_in_variables_with_harmless_names_become_known() -> None:
    """By their shape, or by a name that says it half; what is ordinary stays unknown."""
    token, password = "gh" + "p_" + of(ALNUM, 36), of(ALNUM, 16)
    variables = {
        "MY_SETTING": token,
        "DBPASS": password,
        "JVM_OPTIONS": f"-Xmx1g -Ddb.password={password[::-1]} -Dx=1",
        "DATABASE": f"Server=db;Password={of(ALNUM, 20)};Port=5432",
        "KEY_OF_MINE": private_key(),
        "PATH": "/usr/local/bin:/usr/bin",
        "PYTEST_CURRENT_TEST": "tests/test_auth.py::test_token (call)",
        "GITHUB_SHA": of("0123456789abcdef", 40),
    }
    found = Redactor().secrets_in(variables)

    assert {token, password, password[::-1], of(ALNUM, 20)} <= set(found)
    assert any(secret.startswith("-----BEGIN") for secret in found)
    assert len(found) == 5
    assert token[:20] not in Redactor(found).redact(f"refused: {token[:20]}")


def test_colours_and_terminals_hide_no_known_value() -> None:
    """Painted in pieces, and broken at any width with a word before it."""
    value = of(ALNUM, 30)
    redactor = Redactor((value,))

    assert value[10:20] not in redactor.redact(f"{value[:10]}\x1b[32m{value[10:20]}\x1b[0m{value[20:]}")
    for width in range(45, 60):
        text = f"{'words before it ' * 2} {value} and more words after it"
        broken = "\n".join(text[at : at + width] for at in range(0, len(text), width))
        assert value[:12] not in redactor.redact(broken)
        assert value[-12:] not in redactor.redact(broken)


@settings(deadline=None)  # the rules are compiled in the first case
@given(st.text(min_size=8, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_any_known_value_goes_and_nothing_is_ever_raised(value: str, before: str, after: str) -> None:
    """Lone surrogates, control characters and all; and redacting twice is redacting once."""
    redactor = Redactor((value,))
    redacted = redactor.redact(f"{before}{value}{after}")

    assert value not in redacted.replace(MASK, "") or not value.strip() or set(value) <= set("*•")
    assert redactor.redact(redacted) == redacted
