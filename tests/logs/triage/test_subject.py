"""A code failure is never the world's: what triage promises of findings of any tool."""
# ruff: noqa: E501 - messages stand as they are printed

import pytest

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import Finding, LogContext, Stage
from selfheal.logs.repository import Repository
from selfheal.logs.triage.judge import judge

CONTEXT = LogContext(
    1, Repository("/repo", frozenset({"store.js", "test/store.js", "src/test/java/shop/StoreTest.java"}))
)


def a_finding(
    message: str, *, tool: str = "jest", code: str | None = None, test_id: str = "store > reads rows", **changes: object
) -> Finding:
    facts = {"category": Category.TEST, "stage": Stage.RUN, "lines": (1, 2), **changes}
    return Finding(Failure(tool=tool, message=message, code=code, test_id=test_id), **facts)


OUTAGES = (
    ("jest", "connect ECONNREFUSED 127.0.0.1:5432", Category.INFRA),
    ("mocha", "getaddrinfo ENOTFOUND search.test", Category.INFRA),
    ("go test", "open: dial tcp 127.0.0.1:5432: connect: connection refused", Category.INFRA),
    ("go test", 'Get "http://index.test/": dial tcp: lookup index.test on 127.0.0.53:53: no such host', Category.INFRA),
    ("go test", "write /data/report: no space left on device", Category.INFRA),
    ("cargo test", "called `Result::unwrap()` on an `Err` value: Connection refused (os error 111)", Category.INFRA),
    ("junit", "java.net.ConnectException: Connection refused", Category.INFRA),
    ("go test", 'exec: "ffprobe": executable file not found in $PATH', Category.ENVIRONMENT),
    ("jest", "Error: spawn ffmpeg ENOENT", Category.ENVIRONMENT),
    ("jest", "EACCES: permission denied, mkdir '/etc/shop'", Category.ENVIRONMENT),
    ("playwright", "browserType.launch: Executable doesn't exist at /home/ci/chromium", Category.ENVIRONMENT),
)


@pytest.mark.parametrize(("tool", "message", "category"), OUTAGES)
def test_the_tests_own_error_is_believed(tool: str, message: str, category: Category) -> None:
    """A test of any tool that dies of an outage is the world's, with a reason and an advice."""
    judgement = judge(a_finding(message, tool=tool), CONTEXT)

    assert judgement.category is category
    assert judgement.reason
    assert judgement.advice
    assert judgement.confidence >= 0.5


@pytest.mark.parametrize(("tool", "message", "category"), OUTAGES)
def test_a_comparison_is_a_test(tool: str, message: str, category: Category) -> None:
    """The same words beside what was wanted are an assertion's."""
    assert judge(a_finding(f"{message}, want a copy", tool=tool), CONTEXT).category is Category.TEST


@pytest.mark.parametrize(("tool", "message", "category"), OUTAGES)
@pytest.mark.parametrize(
    "code", ["AssertionError", "ERR_ASSERTION", "org.opentest4j.AssertionFailedError", "JestAssertionError"]
)
def test_an_assertion_error_is_a_test(tool: str, message: str, category: Category, code: str) -> None:
    """An assertion library's error is the test's, whatever it quotes."""
    assert judge(a_finding(message, tool=tool, code=code), CONTEXT).category is Category.TEST


@pytest.mark.parametrize(
    "name",
    ["TestRetriesThreeTimes", "store::tests::falls_back", "client > tells that the database is down", "test_connection_lost", "reconnects after a while", "circuit breaker opens"],
)  # fmt: skip
def test_a_test_of_trouble_is_a_test(name: str) -> None:
    """A name that speaks of retries, fallbacks or lost connections says what the test is about."""
    finding = a_finding("dial tcp 127.0.0.1:5432: connect: connection refused", tool="go test", test_id=name)

    assert judge(finding, CONTEXT).category is Category.TEST


@pytest.mark.parametrize("port", [1, 9, 33_065, 54_321])
def test_a_port_of_the_tests_own_is_a_test(port: int) -> None:
    """Ports that the system hands out, and those known to be dead, belong to no service."""
    finding = a_finding(f"connect ECONNREFUSED 127.0.0.1:{port}")

    assert judge(finding, CONTEXT).category is Category.TEST


@pytest.mark.parametrize(
    "line", ["server := httptest.NewServer(nil)", "http.createServer(answer)", "new ServerSocket(0)"]
)
def test_a_server_of_the_tests_own_is_a_test(line: str) -> None:
    """Where the log shows that the test starts the other end, the code may be to blame."""
    finding = a_finding("connect ECONNREFUSED 127.0.0.1:8080", block=f"> 4 | {line}")

    assert judge(finding, CONTEXT).category is Category.TEST


MADE_UP = (
    "Error: connect ECONNREFUSED 127.0.0.1:5432\n    at Object.query (test/store.js:6:25)\n    at read (store.js:2:29)",
    "java.net.ConnectException: Connection refused\n\tat shop.StoreTest.down(StoreTest.java:10)\n\tat shop.Reader.read(Reader.java:7)",
)
REAL = (
    "Error: connect ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)\n    at read (store.js:2:29)",
    "java.net.ConnectException: Connection refused\n\tat java.base/sun.nio.ch.Net.connect0(Native Method)\n\tat shop.StoreTest.reads(StoreTest.java:10)",
)  # fmt: skip


@pytest.mark.parametrize("block", MADE_UP)
@pytest.mark.parametrize("category", [Category.TEST, Category.INFRA])
def test_an_error_that_the_repository_made_is_a_test(block: str, category: Category) -> None:
    """A fake that throws such an error is seen by where the stack begins, even if the parser called it infra."""
    finding = a_finding(block.partition("\n")[0], block=block, category=category)

    assert judge(finding, CONTEXT).category is Category.TEST


@pytest.mark.parametrize("block", REAL)
def test_an_error_that_the_system_made_is_believed(block: str) -> None:
    """A stack that begins in the runtime's own network code is real."""
    assert judge(a_finding(block.partition("\n")[0], block=block), CONTEXT).category is Category.INFRA


def test_printed_words_beside_a_failure_are_not_its_cause() -> None:
    """Only the failure's own message counts, not what stands in its captured output."""
    finding = a_finding("3 is not 4", block="stderr: connect ECONNREFUSED 127.0.0.1:6379\n3 is not 4")

    assert judge(finding, CONTEXT).category is Category.TEST


@pytest.mark.parametrize("status", ["503 Service Unavailable", "429 Too Many Requests"])
def test_a_status_in_a_test_is_a_test(status: str) -> None:
    """The server that answered may well be the code under test."""
    assert judge(a_finding(f"Request failed: {status}"), CONTEXT).category is Category.TEST


@pytest.mark.parametrize("category", [Category.BUILD, Category.TYPES, Category.LINT, Category.SYNTAX])
def test_an_error_with_a_place_in_the_code_stays_what_it_is(category: Category) -> None:
    """A compiler, checker or linter that quotes such words speaks of the code."""
    failure = Failure(
        tool="tsc",
        message="Property 'ECONNREFUSED' is missing: connection refused, no space left on device",
        file="a.ts",
        line=3,
    )
    finding = Finding(failure, category, Stage.BUILD, (1, 1))

    assert judge(finding, CONTEXT).category is category
