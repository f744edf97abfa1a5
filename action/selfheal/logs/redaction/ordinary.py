"""What looks random in a log and is evidence all the same: names in code, paths, versions, digests."""

import math
import re
from collections import Counter

from selfheal.logs.redaction.mask import Span

MIN_RANDOM = 12
_MIN_CASES = 20
_MIN_ENTROPY = 3.2
_MIN_HEX_ENTROPY = 2.8
_PLACEHOLDERS = ("$", "**", "./", "[redacted", "%(", "%{", "@{", "~/")
_IDENTIFIER = re.compile(r"[A-Za-z_][a-z_]*(?:[.-][A-Za-z_]+)*$")
_SEPARATORS = re.compile(r"[._/\\+~@:=-]+")
_CODE = re.compile(r"[./]|^[A-Za-z_]+$")
_LETTERS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_WORD = re.compile(r"\d{0,3}(?:[A-Za-z]{2,}\d{0,4}|[A-Za-z]\d{1,3})(?:[A-Za-z]{1,12}\d{0,2})?")
_SHORT = re.compile(r"(?:v|py|cp|pp|x|b|h|s|r|u|i|f|amd|arm|win|utf|rc|post|dev|ec|k|md|sha)\d{1,4}[a-z]{0,2}")
_DIGIT = re.compile(r"\d")
_HEX_DIGITS = re.compile(r"[0-9A-Fa-f]+")
_NUMBER = re.compile(r"\d{1,8}")
_HEX = re.compile(r"[0-9a-f]{7,128}")
_ADDRESS = re.compile(r"0x[0-9A-Fa-f]{1,16}")
_VOWELS = frozenset("aeiouyAEIOUY")
_MIN_MEAN_WORD = 2.5
_DIGEST = re.compile(
    rb"(?:sha(?:1|224|256|384|512)|md5|blake2[bs]|h1)[=:-]"
    rb"([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?|[A-Za-z0-9+/_-]{64}|[A-Za-z0-9+/_-]{86}(?:==)?)"
    rb"(?![A-Za-z0-9+/_-])"
)
_DIGEST_BYTES = 100


def looks_random(value: str, *, is_strong: bool = True, following: str = "") -> bool:
    """True for a value with the entropy of a generated secret; false for names, paths, versions and words.

    `is_strong`: its name says that it is a secret; then only what is code for certain is let through.
    `following` is the character behind it.
    """
    value = value.strip("'\"").rstrip(".,;!")
    if len(value) < MIN_RANDOM or value.startswith(_PLACEHOLDERS) or _IDENTIFIER.match(value):
        return False
    has_digit = _DIGIT.search(value) is not None
    if not has_digit and (len(value) < _MIN_CASES or value.islower() or value.isupper()):
        return False
    if _ADDRESS.fullmatch(value) or (following and following in "([") or _is_code(value, is_strong=is_strong):
        return False
    size = len(value)
    bits = -sum(count / size * math.log2(count / size) for count in Counter(value).values())
    is_hex = _HEX_DIGITS.fullmatch(value) is not None
    return bits >= (_MIN_HEX_ENTROPY if is_hex else _MIN_ENTROPY)


def is_digest(data: bytes, span: Span) -> bool:
    """True for the digest of a wheel, an image or a lock file's entry that looks like a token by chance."""
    first = max(0, span[0] - _DIGEST_BYTES)
    around = data[first : span[1] + _DIGEST_BYTES]
    return any(
        match.start(1) + first <= span[0] and span[1] <= match.end(1) + first for match in _DIGEST.finditer(around)
    )


def _is_code(value: str, *, is_strong: bool) -> bool:
    if is_strong and not _CODE.search(value):
        return False
    parts = [part for part in _SEPARATORS.split(value) if part]
    words = sum(map(_is_word, parts))
    if words == len(parts):
        return not (is_strong and value.isdigit())
    if value.startswith("/") and len(parts) > 2 and words * 2 > len(parts):
        return True
    # `Linux-pip-<digest>`, `key=<uuid>` of a record: what such keys are made of.
    return not is_strong and len(parts) > 2 and words == len(parts) - 1 and _HEX.fullmatch(parts[-1]) is not None


def _is_word(part: str) -> bool:
    if _NUMBER.fullmatch(part) or _SHORT.fullmatch(part.lower()):
        return True
    if not part.isalpha() and not _WORD.fullmatch(part):
        return False
    pieces = _LETTERS.findall(part)
    if not pieces or (len(pieces) > 1 and sum(map(len, pieces)) / len(pieces) < _MIN_MEAN_WORD):
        return False
    return all(len(piece) <= 4 or not _VOWELS.isdisjoint(piece) for piece in pieces)
