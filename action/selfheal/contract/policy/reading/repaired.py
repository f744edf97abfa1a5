"""Tell a configuration file that was mended from one that says something else now."""

import re
from collections.abc import Callable
from difflib import SequenceMatcher

from selfheal.contract.policy.reading.configuration import Settings
from selfheal.contract.policy.reading.lines import decode

_WORD = re.compile(r"[\w.*/@~^<>!-]+")
_COMMENT = re.compile(r"^\s*(?:#|;|//)|\s#|/\*", re.MULTILINE)
_CLOSE = 0.8


def is_same_but_for_punctuation(before: bytes | None, after: bytes | None) -> bool:
    """True where the same words stand in the same order, none of them in a comment now that was in none before.

    This is what a lost quote, bracket, comma or colon leaves alone.
    """
    if before is None or after is None:
        return False
    old, new = decode(before), decode(after)
    return _WORD.findall(old) == _WORD.findall(new) and len(_COMMENT.findall(old)) == len(_COMMENT.findall(new))


def with_misspelt_keys_mended(before: Settings, after: Settings, is_watched: Callable[[str], bool]) -> Settings:
    """`before` as it was plainly meant: a key that no tool knows is named as the near one that has its value now.

    Only a key that nobody watches may become one that somebody does; the other way round would hide it.
    """
    gone = [key for key in before if key not in after and not is_watched(key)]
    come = [key for key in after if key not in before and is_watched(key)]
    meant = dict(before)
    for old in gone:
        new = next((key for key in come if after[key] == before[old] and are_close(old, key)), None)
        if new is not None:
            meant[new] = meant.pop(old)
    return meant


def are_close(one: str, other: str) -> bool:
    """True for a name and its misspelling."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _CLOSE
