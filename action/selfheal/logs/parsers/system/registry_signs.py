"""Package indexes, mirrors and image registries, by the words of the tools that ask them."""

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.system.sign import Sign, Weight

_ADVICE = "Run the job again; if it stays, check the registry's status page and the runner's network."
_LIMIT = "Wait, log in to the registry for a higher limit, or pull through a mirror."
_CHECKSUM = (
    "Run the job again. If it stays, find out what changed the package before anyone updates the recorded checksum: "
    "it may have been tampered with."
)
_ALIGN = "Loosen or align the conflicting version constraints."


def _mention(code: str, needle: str, summary: str, pattern: str = "") -> Sign:
    return Sign(code, needle, Category.INFRA, summary, _ADVICE, Weight.MENTION, pattern)


def _final(code: str, needle: str, summary: str, pattern: str = "", *, advice: str = _ADVICE) -> Sign:
    return Sign(code, needle, Category.INFRA, summary, advice, Weight.GAVE_UP, pattern)


def _checksum(needle: str, pattern: str = "") -> Sign:
    return _final("checksum", needle, "a download does not have the recorded checksum", pattern, advice=_CHECKSUM)


def _dependency(
    code: str, needle: str, summary: str, advice: str, pattern: str = "", weight: Weight = Weight.GAVE_UP
) -> Sign:
    return Sign(code, needle, Category.DEPENDENCY, summary, advice, weight, pattern)


_PIP = (
    _mention(
        "index-connection",
        "after connection broken by",
        "the package index can't be reached",
        r".{0,200}connection broken by ['\"](\w{1,60})",
    ),
    _mention(
        "index-connection",
        "Could not fetch URL ",
        "the package index can't be reached",
        r".{0,40}Could not fetch URL (\S{1,200}): "
        r"(?:connection error|There was a problem|5\d\d|429|HTTPS?ConnectionPool|timed out)",
    ),
    _final("index-fetch", "due to an OSError: HTTP", "the package index can't be reached"),
    _final(
        "index-fetch",
        "ERROR: HTTP error ",
        "a download from the package index failed",
        r"\s{0,4}ERROR: HTTP error (429|5\d\d) while getting",
    ),
    _final("index-fetch", "error: incomplete-download", "a download broke off"),
    _final("index-fetch", "IncompleteRead(", "a download broke off", r".{0,200}IncompleteRead\(\d"),
    _final(
        "index-fetch",
        "Failed to fetch: `",
        "a download from the package index failed",
        r".{0,100}Failed to fetch: `([^`]{1,200})`",
    ),
    _final("index-fetch", "error: Failed to fetch:", "a download from the package index failed"),
    _final("index-fetch", "error: Request failed after ", "a download from the package index failed"),
    _final("index-request", "error sending request for url", "a download failed", r".{0,200}for url \(([^)]{1,200})\)"),
    _final(
        "index-request",
        "HTTP status server error (",
        "a registry was down",
        r".{0,100}HTTP status server error \((\d{3})",
    ),
    _final("index-request", "HTTP status client error (429", "a registry refused further requests"),
    _final(
        "index-request",
        "All attempts to connect to ",
        "the package index can't be reached",
        r"\s{0,4}All attempts to connect to (\S{1,200}) failed",
    ),
    _dependency(
        "pip-conflict",
        "conflicting dependencies",
        "pip can't satisfy the requirements together",
        _ALIGN,
        r"(?:ERROR: )?Cannot install (.{1,300}?) because",
    ),
    _dependency(
        "pip-missing",
        "No matching distribution found",
        "no such release for this Python and platform",
        "Correct the requirement's name or version.",
        r".{0,60}No matching distribution found for (\S{1,200})",
        Weight.SYMPTOM,
    ),
    _dependency("pip-resolution", "ResolutionImpossible", "pip can't satisfy the requirements together", _ALIGN),
    _dependency(
        "pip-build",
        "Failed to build",
        "a dependency could not be built",
        "Choose a release with a wheel for this Python, or install its build tools.",
        r"(?:ERROR: |error: )?.{0,60}Failed to build `?(\S{1,200})",
        Weight.SYMPTOM,
    ),
    _dependency(
        "uv-resolution", "No solution found when resolving", "uv can't satisfy the requirements together", _ALIGN
    ),
)

_NPM = (
    *(
        _final(
            "npm-network", f" code {code}", "the npm registry can't be reached", rf"npm (?:error|ERR!) code ({code})$"
        )
        for code in (
            "ECONNREFUSED",
            "ECONNRESET",
            "ECONNABORTED",
            "ETIMEDOUT",
            "ENOTFOUND",
            "EAI_AGAIN",
            "ENETUNREACH",
            "ERR_SOCKET_TIMEOUT",
            "FETCH_ERROR",
            "E429",
            "E500",
            "E502",
            "E503",
            "E504",
        )
    ),
    _checksum(" code EINTEGRITY", r"npm (?:error|ERR!) code EINTEGRITY"),
    _final("npm-network", "ERR_PNPM_META_FETCH_FAIL", "the npm registry can't be reached"),
    _final("npm-network", "ERR_PNPM_FETCH_5", "the npm registry was down", r".{0,20}ERR_PNPM_FETCH_(5\d\d)"),
    _final("npm-network", "ERR_PNPM_FETCH_429", "the npm registry refused further requests"),
    _checksum("ERR_PNPM_TARBALL_INTEGRITY"),
    _mention(
        "npm-network", "There appears to be trouble with your network connection", "the npm registry can't be reached"
    ),
    _checksum('Integrity check failed for "', r"error Integrity check failed for \"([^\"]{1,200})\""),
    _final(
        "npm-network", "YN0001: ", "the npm registry can't be reached", r".{0,20}YN0001:.{0,40}RequestError: (.{1,160})"
    ),
)

_CARGO_AND_GO = (
    _mention("cargo-network", "spurious network error", "the crate registry can't be reached"),
    _final(
        "cargo-network",
        "failed to download from `",
        "the crate registry can't be reached",
        r".{0,40}failed to download from `([^`]{1,200})`",
    ),
    _final(
        "cargo-network",
        "failed to get successful HTTP response from `",
        "the crate registry was down",
        r".{0,40}failed to get successful HTTP response from `[^`]{1,200}`.{0,80} got (429|5\d\d)",
    ),
    _dependency(
        "go-module-missing",
        ": reading http",
        "the module proxy has no such version",
        "Correct the module's path or version.",
        r"(?:go: |\S{1,300}:\d{1,9}:\d{1,9}: )(\S{1,200}@\S{1,100}): reading https?://\S{1,300}: (?:404|410) ",
    ),
    _checksum("failed to verify the checksum of"),
    _final(
        "go-proxy", ": reading http", "the module proxy was down", r".{0,300}: reading https?://\S{1,300}: (429|5\d\d) "
    ),
    _checksum(": checksum mismatch", r"(?:go: )?verifying (\S{1,200}): checksum mismatch"),
    _checksum("SECURITY ERROR", r"SECURITY ERROR$"),
    _checksum("This download does NOT match"),
)

_JVM = (
    _final(
        "maven-network",
        "Could not transfer ",
        "the artifact repository can't be reached",
        r".{0,2000}Could not transfer (?:artifact|metadata) \S{1,300} (?:from/to|to/from) "
        r"(?!.{0,600}(?:status(?: code)?: 40|Unauthorized|Forbidden|[Nn]ot authorized))",
    ),
    _final(
        "gradle-network",
        "Received status code ",
        "the artifact repository was down",
        r".{0,400}Received status code (429|5\d\d) from server",
    ),
    _final(
        "gradle-network",
        "Could not GET '",
        "the artifact repository can't be reached",
        r".{0,40}Could not GET '([^']{1,300})'\.$",
    ),
    _final(
        "gradle-network",
        "Could not HEAD '",
        "the artifact repository can't be reached",
        r".{0,40}Could not HEAD '([^']{1,300})'\.$",
    ),
    _final(
        "gradle-network",
        "gradle.org/distributions/",
        "Gradle itself can't be downloaded",
        r"(?:Exception in thread .{0,60}|Downloading from )?.{0,120}"
        r"gradle\.org/distributions/\S{1,100} failed: (?:timeout|reason)",
    ),
    _checksum("Dependency verification failed for configuration"),
)

_SYSTEM = (
    _final(
        "apt-network",
        "E: Failed to fetch ",
        "the package mirror does not answer",
        r"E: Failed to fetch (\S{1,300}) (?!.{0,20}40[134] )",
    ),
    _mention("apt-network", "Some index files failed to download", "the package mirror does not answer"),
    _checksum("Hash Sum mismatch"),
    _final(
        "apt-lock",
        "Could not get lock /var/lib/",
        "another process holds the package manager's lock",
        advice="Wait for the other process (often unattended upgrades), then run the job again.",
    ),
    _mention("apk-network", "temporary error (try again later)", "the package mirror does not answer"),
    _mention("dnf-network", "Cannot download repomd.xml", "the package mirror does not answer"),
    _dependency(
        "apt-missing",
        "E: Unable to locate package",
        "apt knows no such package",
        "Correct the package's name, or run apt-get update first.",
        r"E: Unable to locate package (\S{1,200})",
    ),
    _dependency(
        "apt-missing",
        "has no installation candidate",
        "apt has no such package",
        "Correct the package's name, or run apt-get update first.",
        r"E: Package '(\S{1,200})' has no installation candidate",
    ),
    _final("image-limit", "toomanyrequests", "the image registry refuses further pulls", advice=_LIMIT),
    _final("image-limit", "TOOMANYREQUESTS", "the image registry refuses further pulls", advice=_LIMIT),
    _final("image-network", "error pulling image configuration", "the image registry does not answer"),
    _final("image-network", "received unexpected HTTP status: 5", "the image registry was down"),
    _final(
        "image-network",
        'Error response from daemon: Get "',
        "the image registry does not answer",
        r".{0,60}Error response from daemon: Get \"([^\"]{1,200})\": (?!.{0,60}(?:unauthorized|denied))",
    ),
    _final(
        "image-network",
        "failed to do request: ",
        "the image registry does not answer",
        r".{0,600}failed to do request: (?:Head|Get) \"?([^\s\"]{1,200})",
    ),
)

REGISTRY_SIGNS: tuple[Sign, ...] = (*_PIP, *_NPM, *_CARGO_AND_GO, *_JVM, *_SYSTEM)
