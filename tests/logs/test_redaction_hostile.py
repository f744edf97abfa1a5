"""No text makes the redactor raise, and none that is cut into windows hides a secret."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logs.redaction_samples import ALNUM, B64, common_tokens, of, private_key
from selfheal.logs.lines import numbered_lines
from selfheal.logs.redaction import MASK, Redactor
from selfheal.logs.survey import survey

TOKEN = common_tokens()["github classic"]
NEEDLES = st.sampled_from(
    [
        *("key=", "token: '", "password", "--pass ", "<secret>", "://", "a:b@", "Authorization: Bearer ", "ghp" + "_"),
        *("-----BEGIN PRIVATE" + " KEY-----", "-----END PRIVATE" + " KEY-----", "eyJ", ".", "\n", "\r\n", "\x1b[31m"),
        *("\x1b]0;", "\0", "\ud800", "é", MASK, "[redac", "ted]", "***", "\n2026-01-02T03:04:05Z ", "A1b2C3d4E5f6G7h8"),
        *("sha256=", "x" * 40, "sk-", "AK" + "IA", "\\n", "\\", '"', "'", "curl -u "),
    ]
)


@settings(deadline=None)  # the rules are compiled in the first case
@given(st.lists(NEEDLES | st.text(max_size=12), max_size=30).map("".join))
def test_pieces_of_secrets_in_any_order_raise_nothing_and_settle(text: str) -> None:
    """Redacting is a projection: what came out once comes out again as it is."""
    redactor = Redactor(("A1b2C3d4E5f6G7h8", "redacted", MASK, "key=\nA1b2C3d4\x1b[31m"))
    redacted = redactor.redact(text)

    assert "A1b2C3d4E5f6G7h8" not in redacted
    assert redactor.redact(redacted) == redacted


@pytest.mark.parametrize(
    "filler", ["a", "ab/c1 ", "é", "key", "pass=", "\0", "\x1b[1m", "\x1b[", "=", "-", "A" * 79 + "\n"]
)
def test_a_secret_far_in_a_long_text_is_found(filler: str) -> None:
    """Also where the text is one line, and where the secret lies over the end of a window."""
    for size in (1 << 20, 4 << 20):
        before = filler * ((size - 20) // len(filler.encode()))
        text = f"{before} {TOKEN} end"
        assert TOKEN not in Redactor().redact(text)
        assert Redactor().redact(text).endswith(f" {MASK} end")


def test_a_private_key_over_the_end_of_a_window_goes_whole() -> None:
    """Wherever the window ends."""
    key = private_key(lines=40)
    for at in (10, 700, 2000):
        redacted = Redactor().redact("x " * ((4 << 19) - at // 2) + key + "after")
        assert redacted.endswith(f"{MASK}\nafter")


@pytest.mark.parametrize(
    "unit",
    [
        *("key", "key=", "token: '", "://a:", "eyJ", "sk-", "a.", "-----BEGIN PRIVATE" + " KEY-----", "xoxb-", "\\n"),
        *("Authorization: ", "\x1b]0;a", "--pass ", "<key>", "A1", "a\n", "curl -u a:b ", "ghp" + "_", "\"'"),
    ],
)
def test_repetitions_of_what_is_looked_for_end(unit: str) -> None:
    """Half a megabyte of beginnings without an end; a pattern that backtracks would not come back."""
    text = unit * (500_000 // len(unit))

    assert isinstance(Redactor((of(B64, 40), "aaaaaaaaaaaab")).redact(text), str)


def test_thousands_of_secrets_are_masked_one_by_one() -> None:
    """Each is found and nothing between them is lost."""
    text = "\n".join(f"line {number} {'gh' + 'p_' + of(ALNUM, 36, seed=number)} end" for number in range(2000))

    assert Redactor().redact(text) == "\n".join(f"line {number} {MASK} end" for number in range(2000))


def test_masks_of_others_stay_as_they_are() -> None:
    """Stars, and a mask that an earlier redaction made; nothing beside a mask is drawn into it."""
    for text in (
        "***",
        f"a{MASK}b",
        f"{MASK}{MASK}",
        "password=***",
        f"password={MASK}",
        f"https://u:{MASK}@h/",
        "•••",
    ):
        assert Redactor(("redacted", "[redac")).redact(text) == text


@pytest.mark.parametrize("shown", [10, 900, 1_649, 2_648])
def test_a_private_key_over_the_end_of_a_read_goes_whole(shown: int) -> None:
    """A log is read in pieces; wherever one ends, no line of a key is shown, and none of the others is lost."""
    key = private_key(lines=40)
    words = "one of many words\n" * (((1 << 18) - shown) // 18)
    log = io.BytesIO(f"{words}{key}\nthe line after\nthe last line\n".encode())
    regions = survey(log, ("no such anchor",)).regions

    pieces = list(numbered_lines(log, regions, redact=Redactor().redact))
    lines = [line for _, piece in pieces for line in piece]

    assert not any(line and line in lines for line in key.split("\n"))
    assert lines.count("one of many words") == words.count("\n")
    assert len(lines) == log.getvalue().count(b"\n")
    assert {"the line after", "the last line"} <= set(lines)
