"""What Node says where a service or the disk failed, told apart from code that plays with such errors itself."""

import re
from dataclasses import dataclass

from selfheal.logs.parsers.javascript.thrown import Thrown

_FAILED = re.compile(
    r"(?:connect|read|write|getaddrinfo|queryA{1,4}|request to \S{1,300} failed, reason: (?:connect|getaddrinfo)) ?"
    r"(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)(?: ([\w.:-]{1,200}))?"
)
_DRIVERS = frozenset(
    {
        "MaxRetriesPerRequestError",
        "MongoNetworkError",
        "MongoServerSelectionError",
        "MongooseServerSelectionError",
        "PrismaClientInitializationError",
        "SequelizeConnectionError",
        "SequelizeConnectionRefusedError",
        "SequelizeHostNotFoundError",
    }
)
_CODES = ("ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH")
_MADE_UP = re.compile(r"\bnew \w{0,60}Error\b|\bthrow\b|reject\(|mock|Object\.assign")
_DISK = ("ENOSPC: no space left", "EDQUOT: ")
_EPHEMERAL = 32_768
_LOCAL = ("127.", "localhost", "::1", "0.")


@dataclass(frozen=True, slots=True)
class Outage:
    """Why this is the world's fault, and what a person should do."""

    reason: str
    advice: str


def read_outage(thrown: Thrown, *, is_own: bool) -> Outage | None:
    """The outage that an error tells of, or None where it tells of none.

    `is_own` says that the repository's own code made the error: then it is a test like any other.
    """
    if is_own or _MADE_UP.search(thrown.source) is not None:
        return None
    if thrown.message.startswith(_DISK):
        return Outage("no space left on the disk", "Free disk space on the runner, or take a bigger one.")
    for raised in thrown.chain:
        found = _FAILED.match(raised.message.strip())
        if found is not None:
            where = found.group(2) or ""
            return None if _is_own_port(where) else _unreachable(where or "a service")
    # undici says no more than this where its cause is not printed.
    is_fetch = thrown.type_name == "TypeError" and thrown.message == "fetch failed" and bool(thrown.spots)
    is_bare = thrown.type_name == "AggregateError" and thrown.code in _CODES
    if is_fetch or is_bare or thrown.type_name in _DRIVERS:
        return _unreachable("a service")
    return None


def _unreachable(where: str) -> Outage:
    advice = f"Start {where} before this step, or wait until it is ready; then run the job again."
    return Outage(f"{where} can't be reached", advice)


def _is_own_port(where: str) -> bool:
    """A port of this machine from the range that is handed out: a server of the test's own."""
    host, _, port = where.rpartition(":")
    return host.startswith(_LOCAL) and port.isdigit() and int(port) >= _EPHEMERAL
