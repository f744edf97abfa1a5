"""Tell a configuration file that was mended from one that says something else now."""

import re
from collections.abc import Callable
from difflib import SequenceMatcher

from selfheal.contract.policy.reading.configuration import Settings
from selfheal.contract.policy.reading.lines import decode

_WORD = re.compile(r"[\w.*/@~^<>!-]+")
_COMMENT = re.compile(r"^\s*(?:#|;|//)|\s#|/\*", re.MULTILINE)
_CLOSE = 0.8
_CEILINGS = frozenset({
    "max_args", "max_attributes", "max_bool_expr", "max_branches", "max_complexity", "max_doc_length",
    "max_line_length", "max_locals", "max_module_lines", "max_nested_blocks", "max_parents",
    "max_positional_args", "max_positional_arguments", "max_public_methods", "max_returns", "max_statements",
    "max_string_length", "max_warnings", "max_cognitive_complexity", "max_function_length", "max_imports",
    "max_spelling_suggestions", "max_annotations_complexity", "max_adjustable_complexity",
})  # fmt: skip
"""The names that linters give to what may be at most so much."""
_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})


def is_same_but_for_punctuation(before: bytes | None, after: bytes | None) -> bool:
    """True where the same words stand in the same order, none of them in a comment now that was in none before.

    This is what a lost quote, bracket, comma or colon leaves alone.
    """
    if before is None or after is None:
        return False
    old, new = decode(before), decode(after)
    return _WORD.findall(old) == _WORD.findall(new) and len(_COMMENT.findall(old)) == len(_COMMENT.findall(new))


def is_mended_word(before: bytes | None, after: bytes | None, known: frozenset[str]) -> bool:
    """True where all that changed is one word, that is a known one now and was its misspelling."""
    if before is None or after is None:
        return False
    old, new = re.split(r"(\w+)", decode(before)), re.split(r"(\w+)", decode(after))
    changed = [(one, other) for one, other in zip(old, new, strict=False) if one != other]
    if len(old) != len(new) or len(changed) != 1:
        return False
    wrong, right = changed[0]
    return right in known and wrong not in known and are_close(wrong, right)


def with_misspelt_keys_mended(before: Settings, after: Settings, is_watched: Callable[[str], bool]) -> Settings:
    """`before` as it was plainly meant: a key that no tool knows is named as the near one that has its value now.

    Only a key that nobody watches may become one that somebody does; the other way round would hide it.
    A number with a letter in it is the number that it looks like.
    """
    gone = [key for key in before if key not in after and (not is_watched(key) or _is_no_ceiling(key))]
    come = [key for key in after if key not in before and is_watched(key) and not _is_no_ceiling(key)]
    meant = dict(before)
    for old in gone:
        new = next((key for key in come if after[key] == before[old] and are_close(old, key)), None)
        if new is not None:
            meant[new] = meant.pop(old)
    for key, value in before.items():
        if isinstance(value, str) and str(after.get(key)) != value and _looks_like(value) == str(after.get(key)):
            meant[key] = after[key]
    return meant


def _is_no_ceiling(key: str) -> bool:
    """True for `max_copmlexity`: a pattern may watch it, and no tool knows it."""
    name = key.rpartition(".")[2]
    return name.startswith("max_") and name not in _CEILINGS


def _looks_like(value: str) -> str | None:
    """The number that a value with letters among its digits looks like; None for another value."""
    number = value.translate(_DIGITS)
    return number if re.search(r"\d", value) and re.fullmatch(r"\d+(?:\.\d+)?", number) else None


def are_close(one: str, other: str) -> bool:
    """True for a name and its misspelling."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _CLOSE
