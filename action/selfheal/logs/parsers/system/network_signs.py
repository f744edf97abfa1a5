"""Names that don't resolve, ports that refuse, remotes that hang up: whatever speaks to a network."""

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.system.sign import Sign, Weight

_AGAIN = "Run the job again; if it stays, check that the runner reaches the host."
_DNS = "Run the job again; if it stays, check the host's name and the runner's name server."
_START = "Start the service before this step, and wait until it answers."
_LATER = "Run the job again when the service is back."


def _dns(needle: str, pattern: str) -> Sign:
    return Sign("dns", needle, Category.INFRA, "a host name can't be resolved", _DNS, Weight.GAVE_UP, pattern)


def _mention(code: str, needle: str, summary: str, pattern: str = "", advice: str = _AGAIN) -> Sign:
    return Sign(code, needle, Category.INFRA, summary, advice, Weight.MENTION, pattern)


def _final(code: str, needle: str, summary: str, pattern: str = "", advice: str = _AGAIN) -> Sign:
    return Sign(code, needle, Category.INFRA, summary, advice, Weight.GAVE_UP, pattern)


def _status(needle: str) -> Sign:
    what = "a service refused further requests" if "429" in needle else "a service was down"
    code = "rate-limit" if "429" in needle else "service-down"
    return _mention(code, needle, what, rf".{{0,400}}\b({needle.strip()[:3]}) ", _LATER)


_DNS_SIGNS = (
    _dns("Could not resolve host", r".{0,400}Could not resolve host(?:name)?:? ['\"]?([\w.-]{1,200})"),
    _dns("Couldn't resolve host", r".{0,400}Couldn't resolve host(?: name)?:? ?\(?['\"]?([\w.-]{0,200})"),
    _dns("Temporary failure resolving '", r".{0,300}Temporary failure resolving '([\w.-]{1,200})"),
    _dns("Temporary failure in name resolution", ""),
    _dns("unable to resolve host address", r".{0,60}unable to resolve host address [‘'\"]?([\w.-]{1,200})"),
    _dns("Name or service not known", r"(?:.{0,300}://([\w.-]{1,200}).{0,200}|.{0,300})Name or service not known"),
    _dns("getaddrinfo EAI_AGAIN", r".{0,400}getaddrinfo EAI_AGAIN ([\w.-]{1,200})"),
    _dns("getaddrinfo ENOTFOUND", r".{0,400}getaddrinfo ENOTFOUND ([\w.-]{1,200})"),
    _dns("no such host", r".{0,400}lookup ([\w.-]{1,200})(?: on \S{1,60})?: no such host"),
    _dns("UnknownHostException", r".{0,400}UnknownHostException: ([\w.-]{1,200})"),
    _dns("dns error: failed to lookup address", ""),
)

_REFUSED_SIGNS = (
    _mention(
        "refused", "connect ECONNREFUSED", "nothing listens there", r".{0,400}connect ECONNREFUSED (\S{1,100})", _START
    ),
    _mention(
        "refused",
        "connect: connection refused",
        "nothing listens there",
        r".{0,400}dial tcp (\S{1,100}): connect: connection refused",
        _START,
    ),
    _mention(
        "refused",
        "ConnectException: Connection refused",
        "a service refuses connections",
        r"(?:Caused by: |\S{0,200} )?(?:java\.net\.)?ConnectException: Connection refused",
        _START,
    ),
    _mention("refused", "Connection refused (os error 111)", "a service refuses connections", "", _START),
    # Rust's debug form of an error of the system's; one that the code made says `Custom`.
    _mention("refused", "kind: ConnectionRefused, message: ", "a service refuses connections", "", _START),
    _mention(
        "refused",
        "Can't reach database server at",
        "the database does not answer",
        r".{0,60}Can't reach database server at [`'\"]?([\w.:-]{1,200})",
        _START,
    ),
    _mention(
        "refused",
        'connection to server at "',
        "the database does not answer",
        r".{0,300}connection to server at \"(\S{1,200})\".{0,80}, port \d{1,5} failed: "
        r"(?:Connection refused|Connection timed out|timeout|No route)",
        _START,
    ),
    _mention("refused", "ERROR 2002 (HY000)", "the database does not answer", "", _START),
    _mention("refused", "ERROR 2003 (HY000)", "the database does not answer", "", _START),
    _mention(
        "refused",
        "Could not connect to Redis at",
        "redis does not answer",
        r"Could not connect to Redis at ([\w.:-]{1,200})",
        _START,
    ),
    _mention(
        "refused",
        "MongoNetworkError: ",
        "the database does not answer",
        r".{0,60}MongoNetworkError: (?:connect ECONNREFUSED|failed to connect to server).{0,200}",
        _START,
    ),
    _mention(
        "refused",
        "ssh: connect to host ",
        "a host does not answer",
        r".{0,60}ssh: connect to host (\S{1,200}) port \d{1,5}: ",
    ),
    _mention(
        "refused",
        "kex_exchange_identification: ",
        "an ssh server hung up",
        r".{0,20}kex_exchange_identification: (?:read: )?Connection",
    ),
    _final(
        "not-ready",
        "timeout occurred after waiting",
        "a service was not ready in time",
        r"wait-for-it\.sh: timeout occurred after waiting \d{1,6} seconds for (\S{1,200})",
        _START,
    ),
    _final(
        "not-ready",
        " waiting on dependencies to become available",
        "a service was not ready in time",
        r".{0,60}Timeout after \S{1,20} waiting on dependencies",
        _START,
    ),
    _final(
        "docker-down",
        "Cannot connect to the Docker daemon",
        "the docker daemon does not answer",
        "",
        "Start docker in the job, or use a runner that has it.",
    ),
)

_TRANSPORT_SIGNS = (
    _mention(
        "curl",
        "curl: (",
        "a download failed",
        r"(?:.{0,60} )?curl: \((?:5|6|7|16|18|28|35|52|55|56|92|95)\) ?(.{0,160})",
    ),
    _mention("http-status", "returned error: ", "a service was down", r".{0,400}returned error: (429|5\d\d)\b", _LATER),
    *(
        _mention("http-status", f" ERROR {status}: ", "a service was down", rf".{{0,40}} ERROR ({status}): ", _LATER)
        for status in (429, 500, 502, 503, 504)
    ),
    *(
        _status(needle)
        for needle in (
            "429 Too Many Requests",
            "429 Client Error",
            "500 Internal Server Error",
            "500 Server Error",
            "502 Bad Gateway",
            "502 Server Error",
            "503 Service Unavailable",
            "503 Server Error",
            "504 Gateway Time",
            "504 Server Error",
        )
    ),
    _mention(
        "service-down",
        "Service Unavailable",
        "a service was down",
        r"(?:\S{0,60}Error: |E: .{0,400} 503 {1,2})Service Unavailable",
        _LATER,
    ),
    _final("git-transport", "early EOF", "the git server hung up", r"(?:fatal|error): early EOF"),
    _final("git-transport", "error: RPC failed;", "the git server hung up", r"error: RPC failed; (.{1,160})"),
    _final(
        "git-transport",
        "remote end hung up unexpectedly",
        "the git server hung up",
        r"fatal: [Tt]he remote end hung up",
    ),
    _final("git-transport", "invalid index-pack output", "the git server hung up"),
    _final("git-transport", "error: Unable to get pack file", "a fetch broke off"),
    _final(
        "git-unreachable",
        "fatal: unable to access '",
        "the git server does not answer",
        r"fatal: unable to access '([^']{1,300})': (?!.{0,60}returned error: 40[134])",
    ),
    _mention("transport", "transfer closed with", "a download broke off", r".{0,60}transfer closed with"),
    _mention("transport", "TLS handshake timeout", "a connection timed out"),
    _mention(
        "transport", "i/o timeout", "a connection timed out", r".{0,400}(?:dial|read|lookup) .{1,200}: i/o timeout"
    ),
    _mention("transport", "Client.Timeout exceeded while awaiting headers", "a service did not answer in time"),
    _mention(
        "transport",
        "connection reset by peer",
        "a connection was reset",
        r".{0,400}(?:read|write|recv|Recv failure|send).{0,200}connection reset by peer",
    ),
    _mention("transport", "Recv failure: Connection reset", "a connection was reset"),
    _mention(
        "transport",
        "SocketTimeoutException: ",
        "a connection timed out",
        r".{0,400}SocketTimeoutException: (?:Connect|Read) timed out",
    ),
    _mention("transport", "Read timed out. (read timeout=", "a download timed out"),
)

NETWORK_SIGNS: tuple[Sign, ...] = (*_DNS_SIGNS, *_REFUSED_SIGNS, *_TRANSPORT_SIGNS)
