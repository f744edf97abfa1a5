"""Take secrets out of text before it leaves the process."""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence

from selfheal.logs.secret_patterns import ASSIGNMENT, PATTERNS, looks_random

MASK = "[redacted]"
MIN_VALUE = 6
"""Shorter known values are left alone: `true` or `8080` in every line would be masked too."""
MIN_PREFIX = 8
"""How much of a known value must be printed for the rest of it to be missed."""


class Redactor:
    """Masks tokens by their published patterns, and the known `secret_values` wherever they stand.

    A known value is found as it is, in base64, and by any beginning of it that is at least `MIN_PREFIX`
    long. Takes time linear in the text; masking twice changes nothing.
    """

    def __init__(self, secret_values: Sequence[str] = ()) -> None:
        # Longest first, so that a value that begins another does not leave its end behind.
        known = {form for value in secret_values if len(value) >= MIN_VALUE for form in _forms(value)}
        self._by_start: dict[str, list[str]] = {}
        for value in sorted(known, key=lambda one: (-len(one), one)):
            self._by_start.setdefault(value[:MIN_PREFIX], []).append(value)
        starts = sorted(self._by_start, key=len, reverse=True)
        self._starts = re.compile("|".join(map(re.escape, starts))) if starts else None

    def redact(self, text: str) -> str:
        """The text with every secret replaced by `MASK`."""
        text = self._without_known(text)
        for pattern in PATTERNS:
            if pattern.needle in text:
                text = pattern.regex.sub(_masked, text)
        return ASSIGNMENT.sub(_masked_if_random, text)

    def _without_known(self, text: str) -> str:
        if self._starts is None:
            return text
        parts: list[str] = []
        done = 0
        for match in self._starts.finditer(text):
            if match.start() < done:
                continue
            end = max(_common(text, match.start(), value) for value in self._by_start[match.group()])
            parts += (text[done : match.start()], MASK)
            done = match.start() + end
        return "".join((*parts, text[done:])) if parts else text


def _forms(value: str) -> Iterable[str]:
    yield value
    stripped = value.strip()
    if len(stripped) >= MIN_VALUE:
        yield stripped
    # Secrets of several lines (keys) are printed line by line.
    for line in value.splitlines():
        if len(line.strip()) >= 2 * MIN_PREFIX:
            yield line.strip()
    raw = value.encode("utf-8", "surrogatepass")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(raw).decode("ascii").rstrip("=")
        if len(encoded) >= MIN_PREFIX:
            yield encoded
    # Inside `user:secret` the secret starts at another place of a base64 group; two thirds of it survive.
    for shift in (1, 2):
        inner = base64.b64encode(b"x" * shift + raw).decode("ascii").rstrip("=")[4:-1]
        if len(inner) >= 2 * MIN_PREFIX:
            yield inner
    hexadecimal = binascii.hexlify(raw).decode("ascii")
    if len(hexadecimal) >= 2 * MIN_PREFIX:
        yield hexadecimal


def _common(text: str, start: int, value: str) -> int:
    """How many characters of `value` stand in `text` at `start`."""
    if text.startswith(value, start):
        return len(value)
    low, high = 0, len(value)
    while low < high:
        middle = (low + high + 1) // 2
        if text.startswith(value[:middle], start):
            low = middle
        else:
            high = middle - 1
    return low


def _masked(match: re.Match[str]) -> str:
    """Mask group `secret`, or the whole match where the pattern names none."""
    if "secret" not in match.re.groupindex:
        return MASK
    start, end = match.span("secret")
    whole = match.group()
    return whole[: start - match.start()] + MASK + whole[end - match.start() :]


def _masked_if_random(match: re.Match[str]) -> str:
    value = match.group("secret")
    return _masked(match) if looks_random(value) else match.group()
