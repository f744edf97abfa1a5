"""Signed deliveries, each with an id and a body of its own, as GitHub would send them."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SECRET = b"a secret that only this machine's bench knows"
PADDING_BYTES = 12_000
"""A `workflow_run` payload of a middling repository has 10 to 20 kB, most of it addresses."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """An endless row of deliveries of one event. `prefix` keeps two runs of the bench apart."""

    prefix: str
    event: str = "workflow_run"
    conclusion: str = "success"
    payload_bytes: int = PADDING_BYTES

    def requests(self, host: str, first: int = 0) -> Iterator[bytes]:
        """Whole HTTP requests, one after the other, signed when they are asked for."""
        start, end = self._template()
        number = first
        while True:
            body = start + f"{self.prefix}-{number}".encode() + end
            yield request(host, f"{self.prefix}-{number}", self.event, body)
            number += 1

    def _template(self) -> tuple[bytes, bytes]:
        place = "@@place@@"
        urls = {f"url_{n}": f"https://api.github.example/repos/org/shop/actions/runs/{n}" for n in range(200)}
        payload: dict[str, Any] = {
            "action": "completed",
            "workflow_run": {
                "id": 7,
                "name": place,
                "run_attempt": 1,
                "head_sha": "a" * 40,
                "head_branch": "topic",
                "event": "push",
                "status": "completed",
                "conclusion": self.conclusion,
                "head_repository": {"full_name": "org/shop", "fork": False},
            },
            "repository": {"id": 1, "full_name": "org/shop", "default_branch": "main", "private": False},
            "installation": {"id": 1},
            "sender": {"id": 2, "login": "octocat", "type": "User"},
        }
        payload["repository"] |= urls
        text = json.dumps(payload)
        payload["repository"]["description"] = "x" * max(0, self.payload_bytes - len(text))
        start, end = json.dumps(payload).split(place)
        return start.encode(), end.encode()


def request(host: str, delivery_id: str, event: str, body: bytes, secret: bytes = SECRET) -> bytes:
    """One delivery as GitHub words it; the path is the App's."""
    signature = hmac.digest(secret, body, hashlib.sha256).hex()
    head = (
        f"POST /webhook HTTP/1.1\r\nHost: {host}\r\nUser-Agent: GitHub-Hookshot/044aadd\r\nAccept: */*\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nX-GitHub-Delivery: {delivery_id}\r\n"
        f"X-GitHub-Event: {event}\r\nX-GitHub-Hook-ID: 1\r\nX-GitHub-Hook-Installation-Target-ID: 1\r\n"
        f"X-GitHub-Hook-Installation-Target-Type: integration\r\nX-Hub-Signature-256: sha256={signature}\r\n\r\n"
    )
    return head.encode() + body
