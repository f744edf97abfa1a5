"""Tokens, keys and passwords are found wherever a log prints them."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logs.redaction_samples import ALNUM, HEX, common_tokens, of, private_key
from selfheal.logs.redaction import MASK, Redactor

REDACTOR = Redactor()
TOKENS = common_tokens()
PLACES = {
    "env line": "export SOME_VARIABLE={}\nnext line",
    "dotenv, quoted": "SOME_VARIABLE='{}'",
    "URL's query": "GET https://api.test/v1?value={}&page=2 -> 403",
    "URL's user": "fatal: could not read from https://{}@git.test/a/b.git",
    "header": "> X-Custom: {}\n> Accept: */*",
    "JSON": '{{"id": 1, "value": "{}", "next": null}}',
    "JSON in JSON": '"{{\\"value\\": \\"{}\\", \\"n\\": 1}}"',
    "YAML": "steps:\n  - with:\n      value: {}\n",
    "curl": "+ curl -fsSL -H 'X-Custom: {}' https://api.test/v1",
    "traceback": "E   RuntimeError: login failed for ('me', '{}')",
    "python repr": "Settings(name='x', value='{}', debug=True)",
    "shell trace": "++ do-login --value={}",
    "sentence": "the value {} was refused.",
    "colour around": "value: \x1b[33m{}\x1b[0m done",
    "colour behind a word": "value\x1b[1m{}\x1b[22m done",
    "stamped": "x\n2026-01-02T03:04:05.6789012Z value {}\n2026-01-02T03:04:06.0000000Z - next\n",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_is_masked_wherever_it_stands(kind: str, place: str) -> None:
    """Not a piece of it is left, and what stands around it is."""
    before, _, after = PLACES[place].replace("{{", "{").replace("}}", "}").partition("{}")
    redacted = REDACTOR.redact(before + TOKENS[kind] + after)

    assert not left_of(TOKENS[kind], redacted)
    assert MASK in redacted
    # What a pattern takes with its token at most: the scheme of a header, a colour.
    assert redacted.startswith(before[:5])
    assert redacted.endswith(after[-4:])


@pytest.mark.parametrize("kind", TOKENS)
def test_colours_inside_a_token_hide_nothing(kind: str) -> None:
    """As a tool prints it that marks the part that differs."""
    token = TOKENS[kind]
    painted = f"value {token[:7]}\x1b[31m{token[7:15]}\x1b[0;1m{token[15:]}\x1b[0m end"

    assert not left_of(token, REDACTOR.redact(painted))
    assert REDACTOR.redact(painted).endswith(" end")


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("cut", [12, 20, 28])
def test_a_token_that_a_terminal_broke_is_masked(kind: str, cut: int) -> None:
    """A terminal breaks a word at its width, as often as it must, whatever the word is."""
    token = TOKENS[kind]
    text = f"{'some words before it ':.<{80 - cut - 1}} {token} end"
    broken = "\n".join(("first", *(text[at : at + 80] for at in range(0, len(text), 80)), "last"))
    redacted = REDACTOR.redact(broken)

    assert not left_of(token, redacted)
    assert redacted.startswith("first\nsome words")
    assert redacted.endswith("\nlast")


def test_complete_token_at_the_end_of_a_line_leaves_the_next_line() -> None:
    """What follows on a line of its own is no part of it."""
    for token in TOKENS.values():
        # As long as no terminal is wide: where a line ends at a terminal's width, a word of the next one may go.
        text = f"{'.' * (390 - len(token))} {token}\nCollecting something-else\n{'and a longer line ' * 30}\n"
        assert "\nCollecting something-else\n" in REDACTOR.redact(text)


@pytest.mark.parametrize("kind", ["RSA ", "OPENSSH ", "EC ", "ENCRYPTED ", ""])
def test_private_keys_are_masked_however_they_are_printed(kind: str) -> None:
    """Whole, escaped in JSON, indented, stamped, cut at the end, and cut at the beginning."""
    key = private_key(kind=kind)
    lines = key.splitlines()
    body = lines[1:-1]
    escaped = key.replace("\n", "\\n")
    stamped = "".join(f"\n2026-01-02T03:04:05.6789012Z {line}" for line in ("start", *lines, "stop"))
    texts = {
        "whole": f"before\n{key}after",
        "escaped": f'before "key": "{escaped}" after',
        "escaped twice": "before " + escaped.replace("\\", "\\\\") + " after",
        "indented": "before\n" + "".join(f"      {line}\n" for line in lines) + "after",
        "of a traceback": "before\n" + "".join(f"E       {line}\n" for line in lines) + "after",
        "stamped": f"before{stamped}\n2026-01-02T03:04:05.6789012Z after",
        "no end": "before\n" + "\n".join(lines[:6]),
        "no end, stamped": "\n".join(f"\n2026-01-02T03:04:05.6789012Z {line}" for line in ("before", *lines[:6])),
        "no beginning": "\n".join(lines[4:]) + "\nafter",
        "Windows": "before\r\n" + "\r\n".join(lines) + "\r\nafter",
    }
    for name, text in texts.items():
        redacted = REDACTOR.redact(text)
        assert not any(left_of(line, redacted) for line in body), name
        assert ("before" in redacted) is ("before" in text), name
        assert ("after" in redacted) is ("after" in text), name


@pytest.mark.parametrize(
    "template",
    [
        "api_key = '{}'",
        "API_KEY={}",
        "apiKey: {}",
        '"password": "{}"',
        '\\"client_secret\\": \\"{}\\"',
        "--auth-token {}",
        "--password={}",
        "<password>{}</password>",
        "db_passwd := {}",
        "GET /login?token={}&user=me HTTP/1.1",
        ":secret => '{}'",
        "'aws_secret_access_key': b'{}'",
        "my_key={}",
        "Set-Cookie: {}",
        "session_signature={}",
    ],
)
def test_random_values_beside_a_secrets_name_are_masked(template: str) -> None:
    """Also where no issuer's pattern fits: in every notation that logs use."""
    for value in (of(ALNUM, 20), of(ALNUM, 40), of(HEX, 32, seed=3)):
        text = template.format(value)
        assert not left_of(value, REDACTOR.redact(text)), text
        assert REDACTOR.redact(text)[:4] == text[:4]


def test_authorization_headers_lose_what_they_carry() -> None:
    """Whatever the scheme and the notation; what the runner masked stays as it masked it."""
    basic = base64.b64encode(b"user:" + of(ALNUM, 12).encode()).decode()
    for text in (
        f"Authorization: Basic {basic}",
        f"authorization: bearer {of(ALNUM, 30)}",
        f"AUTHORIZATION: basic {basic}",
        f"'Authorization': 'token {of(HEX, 40)}'",
        f"Proxy-Authorization: Basic {basic}",
        f'{{\\"Authorization\\": \\"Bearer {of(ALNUM, 30)}\\"}}',
        f"curl -H 'Authorization: Bearer {of(ALNUM, 30)}' https://a.test",
        f"git -c http.extraheader=AUTHORIZATION: basic {basic} fetch",
    ):
        redacted = REDACTOR.redact(text)
        assert not any(secret in redacted for secret in (basic, of(ALNUM, 30), of(HEX, 40))), text
        assert "uthorization" in redacted.lower()
    for text in ("AUTHORIZATION: basic ***", "Authorization: Bearer ***", "token: ***", "https://user:***@git.test/a"):
        assert REDACTOR.redact(text) == text


@settings(deadline=None)  # the rules are compiled in the first case
@given(st.text(alphabet=ALNUM, min_size=36, max_size=36), st.text(max_size=30), st.text(max_size=30))
def test_a_token_never_survives_its_surroundings(body: str, before: str, after: str) -> None:
    """Whatever stands around it, apart from characters that make it another word."""
    token = "gh" + "p_" + body
    text = f"{before} {token} {after}"
    redacted = REDACTOR.redact(text)

    assert token not in redacted
    assert REDACTOR.redact(redacted) == redacted


def left_of(secret: str, redacted: str, *, piece: int = 10) -> bool:
    """True where a piece of the secret is still to be read (its published beginning aside)."""
    start = min(8, len(secret) - piece)
    return any(secret[at : at + piece] in redacted for at in range(start, len(secret) - piece + 1))
