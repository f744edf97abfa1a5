"""Tell a channel of people that agents went wrong: a signed webhook whose text Slack and its like can show.

The signature is over the time and the body, so that neither can be changed and an old one is known as old:
`sha256=` and the HMAC-SHA256, in hexadecimal, of `TIMESTAMP.BODY` with the secret.
"""

import asyncio
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from selfheal.contract.signals import Signal
from selfheal_app.events.workflow_run import FinishedRun
from selfheal_app.store.outcomes import RunOutcome

_TRIES = 3
_TIMEOUT_S = 10.0
_MOST_TEXT = 400
_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""What Slack reads as markup: links, mentions, channels.
Source: https://docs.slack.dev/messaging/formatting-message-text#escaping"""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Alerts:
    """Where alerts go. `page_url` makes the address of a run's page; empty where there is none."""

    url: str
    secret: bytes
    page_url: Callable[[RunOutcome], str]
    server: str
    clock: Callable[[], float] = time.time
    backoff_s: float = 1.0

    async def send(self, run: FinishedRun, outcome: RunOutcome, signals: Sequence[Signal], *, id_: str) -> str:
        """Send it, a few times where that is needed; why it could not be sent, or nothing."""
        body = json.dumps({"text": alert_text(run, outcome, signals, server=self.server, page=self.page_url(outcome))})
        why = ""
        for number in range(_TRIES):
            await asyncio.sleep(number * self.backoff_s)
            why = await self._once(body.encode(), id_)
            if not why:
                break
        return why

    async def _once(self, body: bytes, id_: str) -> str:
        moment = str(int(self.clock()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "selfheal-app",
            "X-Selfheal-Delivery": id_,
            "X-Selfheal-Timestamp": moment,
            "X-Selfheal-Signature-256": signature(self.secret, moment, body),
        }
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_S, follow_redirects=False) as client:
                response = await client.post(self.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return f"no answer ({type(error).__name__})"
        return "" if response.is_success else f"answered {response.status_code}"


def signature(secret: bytes, moment: str, body: bytes) -> str:
    """What a receiver compares."""
    return "sha256=" + hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def alert_text(run: FinishedRun, outcome: RunOutcome, signals: Sequence[Signal], *, server: str, page: str) -> str:
    """The message. What comes from a repository can mention nobody and link nowhere."""
    where = f"{run.repository} run {run.run_id}" + (f", attempt {run.run_attempt}" if run.run_attempt > 1 else "")
    lines = [f"*selfheal*: {_plain(where)} on {_plain(run.head_branch) or 'no branch'} ended {_plain(outcome.outcome)}"]
    lines += [f"• {_plain(each.kind.value.replace('_', ' '))}: {_plain(each.summary)}" for each in signals[:5]]
    links = [f"<{page}|what the agents did>"] if page else []
    links.append(f"<{server}/{run.repository}/actions/runs/{run.run_id}|the run>")
    return "\n".join([*lines, " · ".join(links)])


def _plain(text: str) -> str:
    return _UNSEEN.sub(" ", " ".join(text.split()))[:_MOST_TEXT].translate(_SPECIAL)
