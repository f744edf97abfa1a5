"""Webhook deliveries as bytes and headers: is it GitHub's, and what is it? Pure.

Source: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
"""

import hashlib
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
    """An authentic delivery. `body_sha256` tells a replay under another id: the id is not signed."""

    id: str
    event: str
    body: bytes
    body_sha256: str
    action: str = ""
    installation_id: int | None = None
    repository: str = ""
    is_wanted: bool = True
    """False where nobody here works on such an event; its bytes are not kept then."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a request is no delivery; `status` is the answer in HTTP."""

    status: int
    reason: str


def is_signed(body: bytes, signature: str | None, secrets: tuple[bytes, ...]) -> bool:
    """True where one of the secrets made the signature. Never true without a secret.

    Takes the same time whichever secret fits and wherever a digest differs.
    """
    match = _SIGNATURE.fullmatch(signature or "")
    given = match[1] if match else ""
    fits = False
    for secret in secrets:
        expected = hmac.new(secret, body, hashlib.sha256).hexdigest()
        fits |= hmac.compare_digest(expected, given)
    return fits


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
    if not is_signed(body, headers.get("X-Hub-Signature-256"), secrets):
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
        body_sha256=hashlib.sha256(body).hexdigest(),
        action=envelope.action,
        installation_id=envelope.installation_id,
        repository=envelope.repository,
        is_wanted=is_wanted(event, envelope),
    )
