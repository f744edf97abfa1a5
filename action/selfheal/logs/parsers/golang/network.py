"""A Go error that says that a service could not be reached."""

import re
from dataclasses import dataclass

_DIAL = re.compile(
    r"(?:dial (?:tcp|udp)[46]? |connect to )(?P<host>\[?[\w.:-]{0,200}?\]?):(?P<port>\d{1,5})[ :].{0,200}?"
    r"(?P<what>connection refused|i/o timeout|no route to host|network is unreachable)"
)
_LOOKUP = re.compile(
    r"lookup (?P<host>[\w.-]{1,200})(?: on [\w.:\[\]-]{1,100})?: "
    r"(?P<what>no such host|server misbehaving|i/o timeout|[Tt]emporary failure in name resolution)"
)
# A test that speaks of what it wanted asserts on the error, and is a test like any other.
_ASSERTS = re.compile(r"(?i)\b(?:want|wanted|expected|actual|got|should|assert\w*)\b|Not equal")
_FIRST_EPHEMERAL = 32_768


@dataclass(frozen=True, slots=True)
class Outage:
    """Why a test can't be blamed, and what a person should do."""

    reason: str
    advice: str


def read_outage(text: str) -> Outage | None:
    """The outage that a test's message tells; None for a port of the test's own choosing, or an assertion."""
    text = text[:4_000]
    if _ASSERTS.search(text) is not None:
        return None
    lookup = _LOOKUP.search(text)
    if lookup is not None:
        host = lookup.group("host")
        return Outage(
            f"the host name {host} can't be resolved", "Check the name and the runner's network; run the job again."
        )
    dial = _DIAL.search(text)
    if dial is None:
        return None
    host, port = dial.group("host"), int(dial.group("port"))
    is_local = host in ("localhost", "[::1]", "") or host.startswith("127.")
    if is_local and (port >= _FIRST_EPHEMERAL or port < 2):
        return None
    where = f"{host}:{port}"
    return Outage(
        f"nothing answers on {where} ({dial.group('what')})",
        f"Start the service on {where} before this step, or wait until it is ready.",
    )
