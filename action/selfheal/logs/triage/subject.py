"""Is an outage's error what the test itself is about: asserted on, made up, or served by the test?"""

import re

from selfheal.logs.exceptions import final
from selfheal.logs.parsers.interface import Finding, LogContext

PYTHON_TOOLS = frozenset({"pytest", "unittest", "python"})
"""Their findings hold whole chains of exceptions with every frame's source."""
_ASSERTION = re.compile(r"(?i)assert|ComparisonFailure|MultipleFailuresError|DocTestFailure|^Failed$|TestFailure$")
_COMPARES = re.compile(
    r"(?i)\b(?:want(?:ed)?|expect(?:ed|s)?|assert\w*|should|to (?:be|equal|throw|match|contain)|but was|mismatch|"
    r"actual|does not (?:equal|match|contain))\b|[!=]==?|\bNot equal\b|^ {0,4}(?:left|right): "
)
_NAMES = re.compile(
    r"retr(?:y|ies)|attempt|timeout|timedout|refus|unavailable|unreachable|backoff|circuit|reconnect|offline|"
    r"isdown|whendown|goesdown|down$|fall(?:s)?back|disconnect|outage|network(?:is)?(?:err|fail)|"
    r"connection(?:err|fail|lost|reset|closed|drop)|resilien|degrad|failover|nospace|disk(?:is)?full|enospc|"
    r"outofmemory|memoryerror|ratelimit|throttl"
)
_LACKS_NAMES = re.compile(
    r"missing|without|absent|unset|notset|notfound|notinstalled|denied|forbidden|unauthori|invalid"
)
_RAISES = re.compile(
    r"(?:pytest\.raises|assertRaises\w{0,8})\(\s{0,20}\(?[^)\n]{0,200}"
    r"(?:Connect|Timeout|OSError|Refused|Network|Unavailable|HTTP|Http|URLError|Memory|Permission|FileNotFound|Exception\b)"
)
_SERVES = re.compile(
    r"httptest\.New|createServer\(|ServerSocket\(|TcpListener::bind|HTTPServer\(|live_server|TestServer\(|"
    r"MockWebServer|WireMock|aioresponses|requests_mock|httpserver|\bPopen\(|start_server\("
)
_JS_FRAME = re.compile(r"(?:\(|^|\s)((?:file://)?[^\s():]{1,300}|node:[\w/]{1,100}):\d{1,9}:\d{1,9}\)?$")
_JVM_FRAME = re.compile(
    r"\s{0,12}at ([\w.$/@-]{1,300})\.[\w$<>]{1,100}\((?:([\w$]{1,100}\.\w{1,10}):\d{1,9}|[^)]{0,100})\)"
)
_JVM_LIBRARIES = (
    "java.",
    "java.base/",
    "javax.",
    "jdk.",
    "sun.",
    "com.sun.",
    "com.mysql.",
    "com.mongodb.",
    "com.rabbitmq.",
    "com.zaxxer.",
    "io.grpc.",
    "io.lettuce.",
    "io.netty.",
    "kotlin.",
    "okhttp3.",
    "org.apache.",
    "org.elasticsearch.",
    "org.mariadb.",
    "org.postgresql.",
    "org.springframework.",
    "org.testcontainers.",
    "reactor.",
    "redis.clients.",
)
_MOST = 8_000


def is_own_subject(finding: Finding, context: LogContext, *, is_lack: bool = False) -> bool:
    """True where a patch could still help: the test asserts on the error, made it up, or serves the other end.

    `is_lack` asks about a missing tool, login or right instead of a service that does not answer.
    """
    return is_asserted(finding) or is_named_for_it(finding, is_lack=is_lack) or is_made_up(finding, context)


def is_asserted(finding: Finding) -> bool:
    """True where the failure is a comparison of what came with what should have come."""
    top = final(finding.chain)
    code = (top.short_name if top is not None else finding.failure.code or "").rpartition(".")[2]
    if _ASSERTION.search(code) is not None or _RAISES.search(finding.block[:_MOST]) is not None:
        return True
    return finding.failure.tool not in PYTHON_TOOLS and _COMPARES.search(finding.failure.message[:_MOST]) is not None


def is_named_for_it(finding: Finding, *, is_lack: bool = False) -> bool:
    """True where the test's name says that trouble is what it tests."""
    name = re.sub(r"[^a-z]", "", (finding.failure.test_id or "").rpartition("::")[2].lower()[-300:])
    return _NAMES.search(name) is not None or (is_lack and _LACKS_NAMES.search(name) is not None)


def is_served_by_the_test(finding: Finding) -> bool:
    """True where the code that the log shows starts a server itself."""
    return _SERVES.search(finding.block[:_MOST]) is not None or _SERVES.search(finding.failure.excerpt) is not None


def is_made_up(finding: Finding, context: LogContext) -> bool:
    """True where the repository's own code, not the system or a library, made the error."""
    if finding.failure.tool in PYTHON_TOOLS:
        return False
    text = finding.block or finding.failure.excerpt
    section = text[:_MOST].rpartition("Caused by: ")[2]
    for line in section.rpartition("stack: |-")[2].split("\n")[:200]:
        jvm = _JVM_FRAME.match(line)
        if jvm is not None:
            if jvm.group(1).startswith(_JVM_LIBRARIES) or jvm.group(2) is None:
                return False
            return context.repository.relative(jvm.group(2)) is not None
        frame = _JS_FRAME.search(line[:600])
        if frame is not None and not line.lstrip().startswith(("location:", ">")):
            path = frame.group(1).removeprefix("file://")
            return not path.startswith("node:") and context.repository.relative(path) is not None
    return False
