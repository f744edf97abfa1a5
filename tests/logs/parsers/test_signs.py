"""Lines that CI systems and tools print about trouble that no patch can mend, each known by its sign."""
# ruff: noqa: E501 - the lines stand as they are printed

import re

import pytest

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.interface import LogContext
from selfheal.logs.parsers.system.sign_table import NEEDLES, SIGNS, signs_in
from selfheal.logs.parsers.system.signs import SignParser

INFRA, ENVIRONMENT, CONFIG, DEPENDENCY = Category.INFRA, Category.ENVIRONMENT, Category.CONFIG, Category.DEPENDENCY

# Runners and services whose words nothing here can provoke.
TOLD = (
    ("The self-hosted runner: build-7 lost communication with the server. Verify the machine.", "runner-lost", INFRA),
    ("The hosted runner encountered an error while running your job. (Error Type: Disconnect).", "runner-lost", INFRA),
    ("An error occurred while provisioning resources (Error Type: Failure).", "runner-lost", INFRA),
    ("Received request to deprovision: The request was cancelled by the remote provider.", "runner-lost", INFRA),
    ("GitHub Actions has encountered an internal error when running your job.", "runner-lost", INFRA),
    ("ERROR: Job failed (system failure): prepare environment: waiting for pod", "runner-lost", INFRA),
    ("Backing channel 'agent-3' is disconnected.", "runner-lost", INFRA),
    ("Cannot contact agent-3: java.lang.InterruptedException", "runner-lost", INFRA),
    ("The runner has received a shutdown signal. This can happen when the service is stopped.", "runner-stopped", INFRA),
    ("Error: The operation was canceled.", "canceled", INFRA),
    ("The job running on runner Hosted Agent has exceeded the maximum execution time of 360 minutes.", "time-limit", INFRA),
    ("The job has exceeded the maximum execution time of 6h0m0s", "time-limit", INFRA),
    ("Error: The action 'Run tests' has timed out after 30 minutes.", "time-limit", INFRA),
    ("ERROR: Job failed: execution took longer than 1h0m0s seconds", "time-limit", INFRA),
    ("Too long with no output (exceeded 10m0s): context deadline exceeded", "time-limit", INFRA),
    ("No output has been received in the last 10m0s, this potentially indicates a stalled build", "time-limit", INFRA),
    ("HttpError: API rate limit exceeded for installation ID 12345.", "rate-limit", INFRA),
    ("You have exceeded a secondary rate limit. Please wait a few minutes.", "rate-limit", INFRA),
    ("Error: Service Unavailable", "service-down", INFRA),
    ("Error: Failed to download archive 'https://api.test/repos/a/b/tarball' after 3 attempts.", "actions-service", INFRA),
    ("Failed to resolve action download info. Error: Service Unavailable", "actions-service", INFRA),
    ("Error: Failed to CreateArtifact: Unable to make request: ENOTFOUND", "artifact-service", INFRA),
    ("Error: Create Artifact Container failed: Artifact storage quota has been hit.", "artifact-service", INFRA),
    ("Failed to restore: Cache service responded with 503", "cache-service", INFRA),
    ("Failed to initialize, postgres service is unhealthy.", "service-container", INFRA),
    ("One or more containers failed to start.", "service-container", INFRA),
    ("Error response from daemon: toomanyrequests: You have reached your pull rate limit.", "image-limit", INFRA),
    ('Error response from daemon: Get "https://images.test/v2/": net/http: TLS handshake timeout', "image-network", INFRA),
    ("ERROR: failed to do request: Head \"https://images.test/v2/a\": dial tcp 10.0.0.9:443: i/o timeout", "image-network", INFRA),
    ("received unexpected HTTP status: 503 Service Unavailable", "image-network", INFRA),
    ("> Could not GET 'https://repo.test/a.pom'. Received status code 502 from server: Bad Gateway", "gradle-network", INFRA),
    ("   > Could not GET 'https://repo.test/a.pom'.", "gradle-network", INFRA),
    ("Dependency verification failed for configuration ':compileClasspath'", "checksum", INFRA),
    ("error: failed to verify the checksum of `left-pad v1.0.0`", "checksum", INFRA),
    ("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (apt-get)", "apt-lock", INFRA),
    ("E: Failed to fetch http://mirror.test/a.deb  Hash Sum mismatch", "checksum", INFRA),
    ("warning: spurious network error (2 tries remaining): [28] Timeout was reached", "cargo-network", INFRA),
    ("fatal: early EOF", "git-transport", INFRA),
    ("error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)", "git-transport", INFRA),
    ("fatal: the remote end hung up unexpectedly", "git-transport", INFRA),
    ("ssh: Could not resolve hostname git.test: Name or service not known", "dns", INFRA),
    ("ssh: connect to host git.test port 22: Connection timed out", "refused", INFRA),
    ("java.net.UnknownHostException: services.test", "dns", INFRA),
    ("Error: P1001: Can't reach database server at `localhost:5432`", "refused", INFRA),
    ("Could not connect to Redis at 127.0.0.1:6379: Connection refused", "refused", INFRA),
    ("ERROR 2002 (HY000): Can't connect to local MySQL server through socket", "refused", INFRA),
    ("wait-for-it.sh: timeout occurred after waiting 30 seconds for db:5432", "not-ready", INFRA),
    ("collect2: fatal error: ld terminated with signal 9 [Killed]", "killed", INFRA),
    ("c++: fatal error: Killed signal terminated program cc1plus", "killed", INFRA),
    ("Gradle build daemon disappeared unexpectedly (it may have been killed or may have crashed)", "killed", INFRA),
    ("OpenJDK: There is insufficient memory for the Java Runtime Environment to continue.", "ENOMEM", INFRA),
    ("fatal error: runtime: out of memory", "ENOMEM", INFRA),
    ("Error: ENOSPC: System limit for number of file watchers reached, watch '/app'", "ENOSPC", INFRA),
    ("Error: EMFILE: too many open files, watch", "EMFILE", INFRA),
    ("Error: Input required and not supplied: token", "no-secret", ENVIRONMENT),
    ("Error: Username and password required", "no-secret", ENVIRONMENT),
    ("HttpError: Bad credentials", "no-login", ENVIRONMENT),
    ("RequestError [HttpError]: Resource not accessible by integration", "no-right", ENVIRONMENT),
    ("remote: Permission to org/shop.git denied to github-actions[bot].", "no-right", ENVIRONMENT),
    ("denied: requested access to the resource is denied", "no-login", ENVIRONMENT),
    ("denied: permission_denied: write_package", "no-right", ENVIRONMENT),
    ("Error: Cannot perform an interactive login from a non TTY device", "no-login", ENVIRONMENT),
    ("git@git.test: Permission denied (publickey).", "no-login", ENVIRONMENT),
    ("Unable to locate credentials. You can configure credentials by running \"aws configure\".", "no-cloud-login", ENVIRONMENT),
    ("Error: Could not load credentials from any providers", "no-cloud-login", ENVIRONMENT),
    ("Error: google-github-actions/auth failed with: the workflow must specify exactly one", "no-cloud-login", ENVIRONMENT),
    ("error: Environment variable not found: DATABASE_URL.", "env-unset", ENVIRONMENT),
    ("Error: Missing required environment variable: SHOP_TOKEN", "env-unset", ENVIRONMENT),
    ("panic: required key SHOP_TOKEN missing value", "env-unset", ENVIRONMENT),
    ("./app: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./app)", "no-library", ENVIRONMENT),
    ("dyld[812]: Library not loaded: /usr/local/lib/libpq.5.dylib", "no-library", ENVIRONMENT),
    ("Error: Unable to locate executable file: docker. Please verify either the file path exists", "no-tool", ENVIRONMENT),
    ("Error: Could not find Chrome (ver. 131.0.6778.85).", "no-browser", ENVIRONMENT),
    ("SessionNotCreatedException: Chrome failed to start: DevToolsActivePort file doesn't exist", "no-browser", INFRA),
    ("Error: The version '3.15' with architecture 'x64' was not found in the local cache", "no-version", CONFIG),
    ("Error: Unable to find Node version '99.x' for platform linux and architecture x64.", "no-version", CONFIG),
    ("E: Unable to locate package libleftpad-dev", "apt-missing", DEPENDENCY),
)  # fmt: skip

# Code failures, and tests that only speak of trouble.
QUIET = (
    "src/net.ts(3,7): error TS2322: Type '429' is not assignable to type 'string'.",
    "connection_refused.go:4:9: cannot use 111 as string value in return statement",
    "    assert 'No space left on device' == 'disk full', expected 'disk full'",
    'store_test.go:9: error = "write /data: no space left on device", want "disk full"',
    "##[warning]Failed to save: Unable to reserve cache with key linux-1, another job may be creating this cache.",
    "Error: Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict",
    "def test_operation_was_canceled():",
    "checking whether the environment variable handling works... ok",
    "Failed to resolve action download info. Error: Not Found",
    "spawn is deprecated, use fork",
    "ok 3 - retries after 503",
)


@pytest.mark.parametrize(("line", "code", "category"), TOLD, ids=lambda value: str(value)[:40])
def test_line_is_known(line: str, code: str, category: Category) -> None:
    """The parser, given this line alone, tells its sign, and what a person should do."""
    parser = SignParser(LogContext())
    parser.feed(1, line)

    findings = parser.finish().findings

    assert (code, category) in {(found.failure.code, found.category) for found in findings}
    assert all(found.advice and found.reason for found in findings)


@pytest.mark.parametrize("line", QUIET)
def test_line_is_no_sign(line: str) -> None:
    """What code failures and ordinary output say tells no outage."""
    assert [sign.code for sign, _ in signs_in(line) if not sign.category.is_repairable] == []


def test_a_mention_far_from_the_end_explains_nothing() -> None:
    """An attempt that failed a thousand lines before the end was not the last."""
    parser = SignParser(LogContext())
    parser.feed(1, "curl: (7) Failed to connect to cdn.test port 443")
    for number in range(2, 1_000):
        parser.feed(number, "compiling")

    assert parser.finish().findings == ()


def test_a_tools_last_word_counts_wherever_it_stands() -> None:
    """A download that a tool gave up on is kept though other jobs print on."""
    parser = SignParser(LogContext())
    parser.feed(1, "fatal: early EOF")
    for number in range(2, 1_000):
        parser.feed(number, "compiling")

    assert [found.failure.code for found in parser.finish().findings] == ["git-transport"]


@pytest.mark.parametrize("failed", ["--- FAIL: TestRetry (0.0s)", "  3 failing", "not ok 4 - full disk", "  ✗ retries"])
@pytest.mark.parametrize(
    "line", ["Error: No space left on device", "dial tcp 127.0.0.1:5432: connect: connection refused"]
)
def test_failed_tests_of_an_unknown_runner_silence_all_but_the_runner(failed: str, line: str) -> None:
    """What tests print may be what they test; that the runner went away no test prints."""
    parser = SignParser(LogContext())
    for number, one in enumerate((line, failed, "The runner has received a shutdown signal."), start=1):
        parser.feed(number, one)

    assert [found.failure.code for found in parser.finish().findings] == ["runner-stopped"]


@pytest.mark.parametrize(
    "error",
    [
        "Program.cs(5,13): error CS0103: The name 'total' does not exist in the current context",
        "/repo/Sources/shop.swift:3:5: error: cannot find 'total' in scope",
        "lib/shop.rb:7: syntax error, unexpected end-of-input",
        "main.zig:4:9: error: unused local constant",
    ],
)
def test_an_error_of_an_unknown_compiler_silences_outages(error: str) -> None:
    """A download that failed beside an error with a place in the code is no verdict: better none than a wrong one."""
    parser = SignParser(LogContext())
    parser.feed(1, "curl: (6) Could not resolve host: cdn.test")
    parser.feed(2, "Error: Input required and not supplied: token")
    parser.feed(3, error)

    assert parser.finish().findings == ()


@pytest.mark.parametrize(
    "count", ["3 examples, 1 failure", "5 tests, 2 failures", "Failed!  - Failed:     1, Passed:     4"]
)
def test_failed_tests_of_other_languages_silence_outages(count: str) -> None:
    """RSpec, ExUnit and dotnet say in their last line that tests failed."""
    parser = SignParser(LogContext())
    parser.feed(1, "connect ECONNREFUSED 127.0.0.1:5432")
    parser.feed(2, count)

    assert parser.finish().findings == ()


def test_flaky_needs_that_nothing_else_failed() -> None:
    """One flaky test beside a failed one does not make the run flaky."""
    alone, beside = SignParser(LogContext()), SignParser(LogContext())
    alone.feed(1, "  1 flaky")
    beside.feed(1, "  1 failed")
    beside.feed(2, "  1 flaky")

    assert [found.category for found in alone.finish().findings] == [Category.FLAKY]
    assert beside.finish().findings == ()


@pytest.mark.parametrize(
    "line",
    [
        "======== 4 passed, 1 rerun in 0.30s ========",
        "[WARNING] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Flakes: 1",
        "     Summary [   0.038s] 4 tests run: 4 passed (1 flaky), 0 skipped",
        "DONE 2 runs, 5 tests, 1 failure in 1.204s",
    ],
)
def test_each_runners_flaky_summary_is_known(line: str) -> None:
    """pytest-rerunfailures, Surefire, cargo-nextest and gotestsum say it in their summaries."""
    assert [sign.category for sign, _ in signs_in(line)] == [Category.FLAKY]


@pytest.mark.parametrize(
    "line",
    [
        "==== 1 failed, 3 passed, 2 rerun in 0.30s ====",
        "[ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0, Flakes: 1",
        "     Summary [   0.038s] 4 tests run: 3 passed (1 flaky), 1 failed, 0 skipped",
    ],
)
def test_a_summary_with_failures_is_not_flaky(line: str) -> None:
    """A test that failed for good outweighs those that were flaky."""
    assert [sign for sign, _ in signs_in(line) if sign.category is Category.FLAKY] == []


def test_needles_are_fit_to_be_anchors() -> None:
    """Each is 4 to 60 characters long, and none is a bare number or a word that any log holds."""
    assert all(4 <= len(needle) <= 60 for needle in NEEDLES)
    assert not {"429", "50", "error", "failed", "ERROR", "timeout"} & set(NEEDLES)
    assert all(len(needle.strip()) >= 5 for needle in NEEDLES)


@pytest.mark.parametrize("pattern", sorted({sign.pattern for sign in SIGNS}))
def test_patterns_are_bounded(pattern: str) -> None:
    """No repetition without an end, and no group repeated: time grows with the line alone."""
    bare = re.sub(r"\\.|\[(?:\\.|[^\]])*\]", "x", pattern)

    assert not re.search(r"[*+]", bare), pattern
    assert not re.search(r"\)\{", bare), pattern
    re.compile(pattern)


def test_an_endless_line_costs_little() -> None:
    """Lines of a needle repeated, as long as cleaning lets them be, are read without harm."""
    parser = SignParser(LogContext())
    for number, needle in enumerate(NEEDLES, start=1):
        parser.feed(number, (needle * 8_000)[:8_000])

    assert len(parser.finish().findings) <= 60
