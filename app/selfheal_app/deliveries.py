"""Webhook deliveries as bytes and headers: is it GitHub's, and what is it? Pure.

Source: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
"""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from selfheal_app.events.envelope import Envelope, read_envelope

LARGEST_BODY = 25 * 1024 * 1024
"""Bytes. GitHub sends no larger payload."""

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_EVENT = re.compile(r"[a-z0-9_]{1,64}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """An authentic delivery. `signature` tells a replay under another id: the id is not signed.

    Whoever has no secret has no other signature for the same bytes than the one that came with them.
    """

    id: str
    event: str
    body: bytes
    signature: str
    action: str = ""
    installation_id: int | None = None
    repository: str = ""
    is_wanted: bool = True
    """False where nobody here works on such an event; nothing that it says is kept then."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a request is no delivery; `status` is the answer in HTTP."""

    status: int
    reason: str


def signed(body: bytes, signature: str | None, secrets: tuple[bytes, ...]) -> str:
    """The signature in hexadecimal, where one of the secrets made it; else nothing. Never anything without a secret.

    Takes the same time whichever secret fits and wherever a digest differs.
    """
    match = _SIGNATURE.fullmatch(signature or "")
    given = match[1] if match else ""
    fits = False
    for secret in secrets:
        expected = hmac.digest(secret, body, "sha256").hex()
        fits |= hmac.compare_digest(expected, given)
    return given if fits else ""


def read(
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: tuple[bytes, ...],
    is_wanted: Callable[[str, Envelope], bool],
) -> Delivery | Rejected:
    """Check the signature over the raw bytes first, everything else after it.

    `headers` must be case-insensitive, or hold GitHub's own spelling.
    """
    if not (signature := signed(body, headers.get("X-Hub-Signature-256"), secrets)):
        return Rejected(401, "the signature does not fit: set the same webhook secret here and in the App's settings")
    delivery_id, event = headers.get("X-GitHub-Delivery", ""), headers.get("X-GitHub-Event", "")
    if not _ID.fullmatch(delivery_id) or not _EVENT.fullmatch(event):
        return Rejected(400, "X-GitHub-Delivery or X-GitHub-Event is missing or malformed")
    envelope = read_envelope(body)
    if envelope is None:
        return Rejected(400, "the body is no JSON object: choose application/json in the App's webhook settings")
    return Delivery(
        id=delivery_id,
        event=event,
        body=body,
        signature=signature,
        action=envelope.action,
        installation_id=envelope.installation_id,
        repository=envelope.repository,
        is_wanted=is_wanted(event, envelope),
    )
