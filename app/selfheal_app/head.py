"""The head of a request, where it is of the plain form in which GitHub sends a delivery. Pure.

Whatever leaves room for two readings (RFC 9112, section 11.2) is not plain: aiohttp reads and judges those.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

REQUEST_LINE = b"POST /webhook HTTP/1.1\r\n"
MOST_BYTES = 16 * 1024
"""Of a head. GitHub's has half a thousand, proxies add some hundreds."""

_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_LENGTH = re.compile(rb"[0-9]{1,9}")
_CHANGES_THE_FRAME = frozenset((b"transfer-encoding", b"expect", b"upgrade", b"trailer", b"content-encoding"))
_READ = {
    b"x-hub-signature-256": "X-Hub-Signature-256",
    b"x-github-delivery": "X-GitHub-Delivery",
    b"x-github-event": "X-GitHub-Event",
}


@dataclass(frozen=True, slots=True)
class Head:
    """`length` is the body's, in bytes; `fields` holds those that a delivery has, in GitHub's own spelling."""

    length: int
    fields: Mapping[str, str]


def read_head(data: bytes) -> Head | None:
    """Read a head that begins with REQUEST_LINE, less the empty line at its end; None where it is not plain."""
    seen: set[bytes] = set()
    fields: dict[str, str] = {}
    length: int | None = None
    for line in data[len(REQUEST_LINE) :].split(b"\r\n"):
        match = _FIELD.fullmatch(line)
        if match is None:
            return None
        name, value = match[1].lower(), match[2]
        if name in _CHANGES_THE_FRAME or (name == b"connection" and value.lower() != b"keep-alive"):
            return None
        if name == b"content-length":
            if length is not None or not _LENGTH.fullmatch(value):
                return None
            length = int(value)
        elif (known := _READ.get(name)) is not None:
            if name in seen:
                return None
            seen.add(name)
            fields[known] = value.rstrip(b" \t").decode("latin-1")
    if length is None or "X-Hub-Signature-256" not in fields:
        return None
    return Head(length, fields)
