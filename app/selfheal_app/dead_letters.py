"""Dead letters as a person reads them. Pure."""

import json
from datetime import UTC, datetime

from selfheal_app.store.inbox import Letter


def line(letter: Letter) -> str:
    """One line, in which nothing from outside can begin another."""
    parts = (letter.id, _when(letter.received_at), letter.event, letter.action, letter.repository, letter.reason)
    return "  ".join("".join(c if c.isprintable() else " " for c in part) for part in parts if part)


def whole(letter: Letter) -> str:
    """All that is known of it, as JSON."""
    try:
        body = json.loads(letter.body) if letter.body is not None else None
    except ValueError:
        body = None
    facts = {
        "id": letter.id,
        "event": letter.event,
        "action": letter.action,
        "installation": letter.installation_id,
        "repository": letter.repository,
        "received": _when(letter.received_at),
        "state": letter.state.value,
        "replays": letter.generation,
        "reason": letter.reason,
        "changed": _when(letter.changed_at),
        "body": body,
    }
    return json.dumps(facts, indent=2)


def _when(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
