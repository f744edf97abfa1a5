"""Random values beside a name that says that they are secret: `key=…`, `"password": "…"`, `--token …`."""

import re

from selfheal.logs.redaction.mask import Span
from selfheal.logs.redaction.names import Strength, strength
from selfheal.logs.redaction.ordinary import looks_random

_NAME = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
_MAX_NAME = 80
_NAME_END = re.compile(rb"[A-Za-z0-9_-]*+")
_SIGN = re.compile(rb"\\{0,3}['\"]?\s{0,3}(=>|:=|[:=])\s{0,3}")
_FLAG_SIGN = re.compile(rb"[ \t]{1,3}")
_VALUE = re.compile(rb"[bru]?\\{0,3}['\"]?(?P<secret>[A-Za-z0-9+/_.~!@#$%^&*=-]{12,256})")
_REST = re.compile(rb"[A-Za-z0-9+/_.~!@#$%^&*=-]{0,8000}+")
_MAY_FOLLOW = frozenset(bytes([byte]) for byte in b"\\'\":=> \t\r\n")
_TAG_SIGN = re.compile(rb">\s{0,3}")


class Assignments:
    """Looks at the places of a text where a word of a secret's name stands, in the order of the text."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._done = 0

    def at(self, start: int) -> Span | None:
        """The value behind the name that holds the word at `start`, if it is a secret."""
        if start < self._done:
            return None
        data = self._data
        name = _NAME_END.match(data, start)
        self._done = name_end = name.end() if name is not None else start
        if data[name_end : name_end + 1] not in _MAY_FOLLOW:
            return None
        before = data[max(0, start - _MAX_NAME) : start]
        name_start = start - (len(before) - len(before.rstrip(_NAME)))
        sign = _SIGN.match(data, name_end)
        if sign is None and data.startswith(b"--", name_start):
            sign = _FLAG_SIGN.match(data, name_end)
        if sign is None and data[name_start - 1 : name_start] == b"<":
            sign = _TAG_SIGN.match(data, name_end)
        value = _VALUE.match(data, sign.end()) if sign is not None else None
        if value is None:
            return None
        found = strength(data[max(name_start, name_end - _MAX_NAME) : name_end].decode("ascii"))
        if found is Strength.NONE:
            return None
        first, last = value.span("secret")
        # The next part of a URL's query is another assignment.
        part = data.find(b"&", first, last)
        if part >= 0 and data[name_start - 1 : name_start] in (b"?", b"&"):
            last = part
        text, following = data[first:last].decode("ascii"), data[last : last + 1].decode("latin-1")
        if looks_random(text, is_strong=found is Strength.STRONG, following=following):
            rest = _REST.match(data, last) if last == value.end() else None
            self._done = rest.end() if rest is not None else last
            return first, self._done
        self._done = part if part >= 0 else last
        return None
