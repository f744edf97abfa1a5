"""One line for everything that was refused, and for everything that was done to a repository."""

import json
import logging

_log = logging.getLogger("selfheal_app.audit")


def refused(what: str, *, why: str, **facts: str | int) -> None:
    """Say what was refused and why; the facts are the delivery, the repository, the person."""
    _log.warning(_line("refused", what, why=why, **facts))


def did(what: str, **facts: str | int) -> None:
    """Say what was done."""
    _log.info(_line("did", what, **facts))


def _line(verb: str, what: str, **facts: str | int) -> str:
    """JSON, so that no text from outside can make a line of its own."""
    return json.dumps({"audit": verb, "what": what} | {name: value for name, value in facts.items() if value != ""})
