"""Which names say that their value is a secret."""

import re
from enum import Enum
from functools import lru_cache


class Strength(Enum):
    """What a name says of its value."""

    NONE = 0
    WEAK = 1
    """`key`, `auth`: often a secret, as often a key of a cache or a map."""
    STRONG = 2
    """`password`, `api_key`: a secret, whatever it looks like."""


_STRONG = re.compile(
    r"password|passwd|passphrase|passcode|secret|token|credential"
    r"|(?:api|access|private|encryption|signing|master|account|auth|deploy|license|ssh|gpg)[_-]{0,2}key",
    re.IGNORECASE,
)
_WEAK = frozenset({"key", "keys", "auth", "pass", "pwd", "signature", "dsn", "cookie", "cred", "creds", "jwt", "pat"})
_WEAK_ENDINGS = ("key", "pass", "auth", "pwd", "cookie", "creds")
_NO_SECRETS = frozenset({"monkey", "turkey", "hockey", "donkey", "jockey", "whiskey", "bypass", "compass", "hotkey"})
_KEYS_OF_THINGS = frozenset(
    {
        *(
            "cache",
            "caches",
            "restore",
            "restored",
            "primary",
            "foreign",
            "public",
            "sort",
            "partition",
            "dict",
            "group",
        ),
        *("index", "row", "map", "hash", "lookup", "dedup", "artifact", "object", "node", "idempotency", "error"),
        *("exception", "snapshot", "fingerprint", "pub", "routing", "message", "i18n", "translation", "binding"),
    }
)
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

WORDS = ("pass", "secret", "token", "cred", "key", "auth", "pwd", "signature", "dsn", "cookie", "jwt", "pat=", "pat:")
"""In small letters: every name that is no `NONE` holds one of these (the last two: with what follows it)."""


@lru_cache(maxsize=4096)
def strength(name: str) -> Strength:
    """Judge a name such as `DB_PASSWORD`, `apiKey`, `--auth-token` or `cache-key`."""
    if _STRONG.search(name):
        return Strength.STRONG
    parts = [part.lower() for part in _PARTS.findall(name)]
    if not parts or not _KEYS_OF_THINGS.isdisjoint(parts):
        return Strength.NONE
    if not _WEAK.isdisjoint(parts) or (parts[-1].endswith(_WEAK_ENDINGS) and parts[-1] not in _NO_SECRETS):
        return Strength.WEAK
    return Strength.NONE


def is_secret_name(name: str) -> bool:
    """True where the value is to be kept from readers."""
    return strength(name) is not Strength.NONE
