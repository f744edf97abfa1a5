"""The rule set finds what the built-in patterns don't know, and is missed visibly where it is missing."""

import sys

import pytest

from logs.redaction_samples import common_tokens, rarer_tokens
from selfheal.logs.redaction import MASK, Redactor, prepare, shortcoming
from selfheal.logs.redaction.rule_set import rule_set

RARER = rarer_tokens()
"""Made as in the built-in patterns' tests."""
needs_rules = pytest.mark.skipif(shortcoming() is not None, reason=shortcoming() or "")


@needs_rules
@pytest.mark.parametrize("kind", RARER)
def test_tokens_of_the_rule_set_are_masked(kind: str) -> None:
    """In an assignment, in a sentence, in JSON, in colour and over two lines."""
    token = RARER[kind]
    broken = f"{'x' * (79 - 9)} {token}"
    for text in (
        f"SOME_VARIABLE={token}",
        f"the value {token} was refused",
        f'{{"value": "{token}", "n": 1}}',
        f"value \x1b[31m{token[:9]}\x1b[1m{token[9:]}\x1b[0m end",
        "\n".join(("first", *(broken[at : at + 80] for at in range(0, len(broken), 80)), "last")),
    ):
        redacted = Redactor().redact(text)
        assert MASK in redacted, text
        assert not any(token[at : at + 12] in redacted for at in range(6, len(token) - 12)), redacted


@needs_rules
def test_a_token_in_base64_is_masked() -> None:
    """As Kubernetes prints its secrets."""
    import base64

    encoded = base64.b64encode(f"user me\ntoken {common_tokens()['github classic']}\n".encode()).decode()

    assert encoded not in Redactor().redact(f"data:\n  config: {encoded}\nkind: Secret")
    assert Redactor().redact(f"data:\n  config: {encoded}\nkind: Secret").endswith("\nkind: Secret")


@needs_rules
def test_a_list_of_tokens_stays_a_list() -> None:
    """Lines that are all as long as each other were not broken by a terminal, if each is complete."""
    tokens = [common_tokens(seed)["github classic"] for seed in range(5)]

    assert Redactor().redact("\n".join(tokens)) == "\n".join([MASK] * 5)


@needs_rules
def test_rules_that_were_prepared_are_used() -> None:
    """However often that is asked for."""
    prepare()
    prepare()

    assert rule_set() is rule_set() is not None


def test_without_the_library_the_patterns_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform without a wheel gets the floor, and a note that says so."""
    monkeypatch.setitem(sys.modules, "kingfisher_sdk", None)

    assert "built-in patterns" in (shortcoming() or "")
    for token in common_tokens().values():
        assert token not in Redactor(rules=lambda: None).redact(f"value {token} end")
