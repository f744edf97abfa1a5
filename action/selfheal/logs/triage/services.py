"""A service that does not answer, told apart from code that is tested against refused connections."""

import re

from selfheal.contract.diagnosis import Category
from selfheal.logs.exceptions import Link, Raised, final
from selfheal.logs.parsers.interface import Finding, LogContext
from selfheal.logs.triage.judgement import Judgement
from selfheal.logs.triage.subject import is_asserted, is_named_for_it, is_served_by_the_test

_REFUSED = re.compile(
    r"[Cc]onnection refused|\[Errno 111\]|\[Errno 61\]|WinError 10061|actively refused|[Cc]onnection reset|"
    r"Connect call failed|All connection attempts failed|[Nn]o route to host|[Nn]etwork is unreachable|"
    r"Can't connect to|could not connect to server|Error connecting to"
)
_DNS = re.compile(
    r"Name or service not known|[Tt]emporary failure in name resolution|nodename nor servname|getaddrinfo failed|"
    r"No address associated with hostname|NameResolutionError|could not translate host name"
)
_TIMED_OUT = re.compile(r"ConnectTimeout|ReadTimeout|[Cc]onnection timed out|timed out|ETIMEDOUT|timeout expired")
_HTTP = re.compile(r"\b(429|502|503|504)\b.{0,60}(?:Error|Too Many Requests|Bad Gateway|Service Unavailable|Gateway)")
_NETWORK_TYPES = frozenset(
    {
        "AMQPConnectionError",
        "APIConnectionError",
        "AutoReconnect",
        "CannotConnectNowError",
        "ClientConnectorDNSError",
        "ClientConnectorError",
        "ConnectError",
        "ConnectTimeout",
        "ConnectTimeoutError",
        "ConnectionDoesNotExistError",
        "ConnectionError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "DatabaseError",
        "EndpointConnectionError",
        "HTTPError",
        "HTTPStatusError",
        "InterfaceError",
        "KafkaConnectionError",
        "MaxRetryError",
        "NameResolutionError",
        "NewConnectionError",
        "NoBrokersAvailable",
        "NoNodesAvailable",
        "OSError",
        "OperationalError",
        "PoolTimeout",
        "ReadTimeout",
        "ReadTimeoutError",
        "ProtocolError",
        "ChunkedEncodingError",
        "ServerSelectionTimeoutError",
        "TimeoutError",
        "URLError",
        "gaierror",
        "herror",
        "timeout",
    }
)
# What is raised by mistake while an outage is handled is a mistake all the same.
_MISTAKES = frozenset(
    {"AssertionError", "AttributeError", "IndexError", "KeyError", "NameError", "TypeError", "UnboundLocalError"}
)
_HOST_PORT = (
    re.compile(r"host=['\"]?([\w.-]{1,200})['\"]?,? ?port=['\"]?(\d{1,5})"),
    re.compile(r"server at \"([\w.:-]{1,200})\"(?: \([\w.:]{1,60}\))?, port (\d{1,5})"),
    re.compile(r"connecting to ([\w.-]{1,200}):(\d{1,5})"),
    re.compile(r"[Cc]onnect(?:ion)? (?:call failed |to host |to )\(?['\"]?([\w.-]{1,200})['\"]?(?:, |:)(\d{1,5})"),
    re.compile(r"address = \('([\w.-]{1,200})', (\d{1,5})\)"),
    re.compile(r"\(['\"]([\w.-]{1,200})['\"], (\d{1,5})\)"),
    re.compile(r"https?://(?:[^/@\s]{1,100}@)?([\w.-]{1,200}):(\d{1,5})"),
    re.compile(r"\b(localhost|\d{1,3}(?:\.\d{1,3}){3}|[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}):(\d{1,5})\b"),
)
_HOST = (
    re.compile(r"host(?:name)? ?= ?['\"]([\w.-]{1,200})['\"]"),
    re.compile(r"https?://(?:[^/@\s]{1,100}@)?([\w.-]{1,200})"),
    re.compile(r"translate host name \"([\w.-]{1,200})\""),
)
_EPHEMERAL = 32_768
_LAST_DEAD = 19
"""Ports up to here belong to services of old that nobody runs: tests use them to be refused."""
_RAISE = re.compile(r"raise\b")


def judge_service(finding: Finding, context: LogContext) -> Judgement | None:
    """Judge an uncaught network error that a client library raised.

    A test that raises or asserts on such an error itself is a test like any other, and so is one
    that talks to a port of its own choosing on this machine.
    """
    top = final(finding.chain)
    if top is None or is_asserted(finding) or is_named_for_it(finding) or is_served_by_the_test(finding):
        return None
    if top.short_name not in _NETWORK_TYPES and not _is_wrapper(finding, top, context):
        return None
    kind = _kind(finding.chain)
    if kind is None or _is_simulated(finding, top, context):
        return None
    evidence = "\n".join(
        (
            *(raised.message for raised in reversed(finding.chain)),
            *(raised.source for raised in finding.chain),
            finding.block,
        )
    )
    host, port = _address(evidence)
    if port is not None and (port >= _EPHEMERAL or port <= _LAST_DEAD) and _is_local(host):
        return None
    if kind == "http" and _is_local(host):
        return None
    where = f"{host}:{port}" if port is not None else host
    if kind == "refused":
        what = f"nothing listens on {where}" if where else "a service refuses connections"
        advice = f"Start the service{f' on {where}' if where else ''} before this step, or wait until it is ready."
    elif kind == "dns":
        what = f"the host name {host} can't be resolved" if host else "a host name can't be resolved"
        advice = "Check the name and the runner's network; then run the job again."
    elif kind == "http":
        what = f"{where or 'a service'} answered that it is down or overloaded"
        advice = "Run the job again when the service is back."
    else:
        what = f"{where or 'a service'} did not answer in time"
        advice = "Check that the service is up and reachable from the runner; then run the job again."
    return Judgement(Category.INFRA, f"an uncaught {top.short_name} came out of a client library", what, advice, 0.9)


def _is_wrapper(finding: Finding, top: Raised, context: LogContext) -> bool:
    """True for an error of the repository's own that was raised from a client library's."""
    position = next(n for n, raised in enumerate(finding.chain) if raised is top)
    if top.link is not Link.CAUSE or position == 0 or top.short_name in _MISTAKES:
        return False
    cause = finding.chain[position - 1]
    return (
        cause.short_name in _NETWORK_TYPES
        and bool(cause.frames)
        and context.repository.relative(cause.frames[-1].file) is None
    )


def _kind(chain: tuple[Raised, ...]) -> str | None:
    for raised in reversed(chain):
        text = f"{raised.type_name}: {raised.message}"
        if raised.short_name == "HTTPError" and "Not Found" in text:
            return None
        if _DNS.search(text) or raised.short_name == "gaierror":
            return "dns"
        if _REFUSED.search(text) or raised.short_name in ("ConnectionRefusedError", "NewConnectionError"):
            return "refused"
        if _HTTP.search(text):
            return "http"
        if _TIMED_OUT.search(text) and raised.short_name != "AssertionError":
            return "timeout"
    return None


def _is_simulated(finding: Finding, top: Raised, context: LogContext) -> bool:
    """True where the repository's own `raise`, or a mock, made the error."""
    origin = next((raised for raised in finding.chain if raised.short_name in _NETWORK_TYPES and raised.frames), top)
    if not origin.frames:
        return False
    innermost = origin.frames[-1]
    if innermost.file.replace("\\", "/").endswith(("unittest/mock.py", "/responses/__init__.py", "/respx/mocks.py")):
        return True
    is_own = context.repository.relative(innermost.file) is not None
    return is_own and _RAISE.match(origin.source.strip()) is not None


def _address(text: str) -> tuple[str, int | None]:
    bounded = text[:20_000]
    for pattern in _HOST_PORT:
        for match in pattern.finditer(bounded):
            # Tracebacks are full of `file.py:12`.
            if 0 < int(match.group(2)) < 65_536 and not match.group(1).endswith((".py", ".pyx", ".rst", ".txt")):
                return match.group(1), int(match.group(2))
    for pattern in _HOST:
        found = pattern.search(bounded)
        if found is not None:
            return found.group(1), None
    return "", None


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1", "") or host.startswith(("127.", "0."))
