"""Go's older words, cut logs, hostile logs, and services that tests can't reach."""

import random

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.logs import diagnose
from selfheal.logs.parsers.golang.gotest import GoTestParser
from selfheal.logs.parsers.golang.network import read_outage
from selfheal.logs.parsers.golang.sources import GoSources
from selfheal.logs.parsers.interface import MAX_FINDINGS, LogContext
from selfheal.logs.parsers.registry import PARSERS
from selfheal.logs.repository import Repository

FILES = frozenset({"go.mod", "main.go", "cart/cart.go", "cart/cart_test.go", "store/cart.go", "store/cart_test.go"})


def _diagnose(log: str) -> Diagnosis:
    return diagnose(log, exit_code=1, root="/repo", known_files=FILES)


def test_vet_under_a_section_of_its_own_is_no_compile_error() -> None:
    """Up to Go 1.24 vet's findings stand below the package's name in brackets."""
    log = (
        "# example.com/shop/cart\n# [example.com/shop/cart]\n"
        "cart/cart.go:6:2: fmt.Println call has possible Printf formatting directive %d\n"
    )

    diagnosis = _diagnose(log)

    assert diagnosis.category is Category.LINT
    assert (diagnosis.failures[0].tool, diagnosis.failures[0].line) == ("go vet", 6)


def test_type_error_that_vet_reports_is_a_build_error() -> None:
    """vet can't go on where the code does not compile."""
    diagnosis = _diagnose("# example.com/shop/cart\nvet: cart/cart.go:9:5: undefined: sum\n")

    assert diagnosis.category is Category.BUILD
    assert (diagnosis.failures[0].tool, diagnosis.failures[0].message) == ("go build", "undefined: sum")


def test_stack_of_a_hosted_toolchain_points_into_the_repository() -> None:
    """Go's own files are never the place, wherever the runner keeps them and with nothing known beside the log."""
    log = (
        "--- FAIL: TestLast (0.00s)\npanic: boom [recovered]\n\tpanic: boom\n\n"
        "goroutine 7 [running]:\n"
        "testing.tRunner.func1.2({0x52e0a0, 0x566a38})\n"
        "\t/opt/hostedtoolcache/go/1.21.5/x64/src/testing/testing.go:1545 +0x238\n"
        "panic({0x52e0a0?, 0x566a38?})\n"
        "\t/opt/hostedtoolcache/go/1.21.5/x64/src/runtime/panic.go:914 +0x21f\n"
        "example.com/shop/cart.Last(...)\n\t/home/runner/work/shop/shop/cart/cart.go:13\n"
        "example.com/shop/cart.TestLast(0xc0000b4b60)\n\t/home/runner/work/shop/shop/cart/cart_test.go:8 +0x1d\n"
        "testing.tRunner(0xc0000b4b60, 0x54d8d8)\n"
        "\t/opt/hostedtoolcache/go/1.21.5/x64/src/testing/testing.go:1595 +0xff\n"
    )

    diagnosis = diagnose(log, exit_code=None)

    failure = diagnosis.failures[0]
    assert (failure.file, failure.line, failure.test_id) == ("cart/cart.go", 13, "TestLast")
    assert [frame.file for frame in failure.frames[:2]] == ["cart/cart_test.go", "cart/cart.go"]


def test_file_of_one_name_in_two_packages_is_told_by_the_package() -> None:
    """go test prints bare names; the package's line comes after them."""
    log = (
        "--- FAIL: TestA (0.00s)\n    cart_test.go:7: got 1, want 2\nFAIL\nFAIL\texample.com/shop/store\t0.01s\nFAIL\n"
    )

    assert _diagnose(log).failures[0].file == "store/cart_test.go"


def test_import_path_of_a_forge_tells_the_folder_where_no_file_is_known() -> None:
    """Host, owner, repository and a major version are no folders."""
    sources = GoSources(Repository())

    assert sources.path("a_test.go", "github.com/org/repo/v2/pkg/cart") == "pkg/cart/a_test.go"
    assert sources.path("a_test.go", "github.com/org/repo") == "a_test.go"


def test_module_proxy_that_does_not_answer_is_no_dependency_failure() -> None:
    """What the network refused is not go.mod's fault."""
    log = (
        'go: github.com/gorilla/mux@v1.8.1: Get "https://proxy.golang.org/github.com/gorilla/mux/@v/v1.8.1.mod": '
        "dial tcp: lookup proxy.golang.org on 10.0.0.2:53: read udp 10.0.0.9:45000->10.0.0.2:53: i/o timeout\n"
    )

    assert all(failure.tool != "go mod" for failure in _diagnose(log).failures)


def test_module_that_does_not_compile_is_a_dependency_failure() -> None:
    """A file in the module cache is never the place."""
    log = "# github.com/org/old\n../go/pkg/mod/github.com/org/old@v1.0.0/a.go:5:2: undefined: syscall.Gone\n"

    diagnosis = _diagnose(log)

    assert diagnosis.category is Category.DEPENDENCY
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == ("go.mod", None)


@pytest.mark.parametrize(
    ("text", "is_outage"),
    [
        ("opening: dial tcp 127.0.0.1:5432: connect: connection refused", True),
        ("dial tcp: lookup db on 127.0.0.53:53: no such host", True),
        ("dial tcp 10.1.2.3:443: i/o timeout", True),
        ("dial tcp [::1]:6379: connect: connection refused", True),
        ("Get http://127.0.0.1:41233/x: dial tcp 127.0.0.1:41233: connect: connection refused", False),
        ('got "dial tcp 127.0.0.1:5432: connect: connection refused", want nil', False),
        ("expected an error, dial tcp 127.0.0.1:5432: connect: connection refused", False),
        ("connection refused", False),
    ],
)
def test_only_a_service_of_someone_else_is_an_outage(text: str, *, is_outage: bool) -> None:
    """A port of the test's own choosing, and an assertion on the error, are the code's."""
    assert (read_outage(text) is not None) is is_outage


def test_recovered_panic_in_the_output_of_a_passing_test_is_no_failure() -> None:
    """Servers print the stacks that they recover from."""
    log = (
        "=== RUN   TestServer\n2026/01/01 http: panic serving 127.0.0.1:1: boom\ngoroutine 9 [running]:\n"
        "net/http.(*conn).serve.func1()\n\t/usr/local/go/src/net/http/server.go:1947 +0xbe\n"
        "--- PASS: TestServer (0.00s)\n=== RUN   TestB\n    cart_test.go:9: got 1, want 2\n--- FAIL: TestB (0.00s)\n"
        "FAIL\nFAIL\texample.com/shop/cart\t0.01s\n"
    )

    diagnosis = _diagnose(log)

    assert [failure.test_id for failure in diagnosis.failures] == ["TestB"]


def test_names_of_go_files_alone_are_gofmts_list_and_among_other_lines_are_nothing() -> None:
    """`gofmt -l` prints nothing but names."""
    assert _diagnose("main.go\ncart/cart.go\n").category is Category.FORMAT
    assert all(failure.tool != "gofmt" for failure in _diagnose("compiling\nmain.go\n+ rm x\n").failures)


def test_staticcheck_by_itself_is_told_by_its_code() -> None:
    """Its lines look like golangci-lint's."""
    failure = _diagnose("cart/cart.go:5:2: this value of err is never used (SA4006)\n").failures[0]

    assert (failure.tool, failure.code, failure.line) == ("staticcheck", "SA4006", 5)


def test_findings_are_bounded() -> None:
    """A log of a hundred thousand failing tests costs no more than its findings."""
    parser = GoTestParser(LogContext())

    for number in range(1, 100_000):
        parser.feed(number, f"--- FAIL: Test{number} (0.00s)")
    reading = parser.finish()

    assert len(reading.findings) <= MAX_FINDINGS


PIECES = (
    "# example.com/shop/cart",
    "# [example.com/shop/cart]",
    "cart/cart.go:4:9: undefined: sum",
    "\thave (int)",
    "vet: ./main.go:1:1: x",
    "=== RUN   TestA",
    "=== CONT  TestA/b",
    "--- FAIL: TestA (0.00s)",
    "    --- FAIL: TestA/b (0.00s)",
    "        cart_test.go:9: Error Trace:",
    "panic: boom [recovered]",
    "goroutine 7 [running]:",
    "example.com/shop/cart.Last(...)",
    "\t/repo/cart/cart.go:13 +0x1",
    "created by testing.(*T).Run in goroutine 1",
    "==================",
    "WARNING: DATA RACE",
    "Previous write at 0x0 by goroutine 7:",
    "FAIL\texample.com/shop/cart\t0.1s",
    "FAIL\texample.com/shop/cart [build failed]",
    '{"Action":"output","Package":"p","Test":"TestA","Output":"--- FAIL: TestA (0s)\\n"}',
    '{"Action":"fail","Package":"p","Test":',
    '{"Action":"fail","Package":7,"Test":null}',
    '{"Issues":[{"FromLinter":"errcheck","Text":"x","Pos":{"Filename":"main.go","Line":"a"}}]}',
    "go: errors parsing go.mod:",
    "go.mod:5: unknown directive: x",
    "package example.com/shop/a",
    "\timports example.com/shop/b from a.go",
    "diff cart/cart.go.orig cart/cart.go",
    "@@ -x +y @@",
    "-a",
    "=== FAIL: cart TestA (0.00s)",
    "DONE 1 tests",
    "got:",
    "flag provided but not defined: -x",
    "Usage of /tmp/b001/cart.test:",
    "main.go:1: : # example.com/shop",
    "main.go:2:1: x (typecheck)",
    "^",
    "",
)


@pytest.mark.parametrize("seed", range(40))
def test_pieces_in_any_order_never_raise(seed: int) -> None:
    """Interleaved and truncated output is ordinary input: every Go parser survives it, and names lines that exist."""
    chosen = random.Random(seed)
    lines = [chosen.choice(PIECES) for _ in range(300)]
    for factory in PARSERS:
        if ".golang." not in factory.__module__:
            continue
        parser = factory(LogContext(repository=Repository("/repo", FILES)))
        for number, line in enumerate(lines, start=1):
            parser.feed(number, line)
        for finding in parser.finish().findings:
            assert 1 <= finding.lines[0] <= finding.lines[1] <= len(lines) + 1
            assert len(finding.failure.excerpt) <= 1_500


def test_a_timeout_lies_in_the_test_that_did_not_end() -> None:
    """Tests that wait for their turn in parallel stand before it in the dump, its parent too."""
    log = (
        "panic: test timed out after 20s\n\trunning tests:\n\t\tTestCart/full (20s)\n\n"
        "goroutine 160 [running]:\ntesting.(*M).startAlarm.func1()\n\t/usr/local/go/src/testing/testing.go:2802\n\n"
        "goroutine 20 [chan receive]:\ntesting.(*T).Parallel(0xc0)\n\t/usr/local/go/src/testing/testing.go:1709 +0x1f\n"
        "example.com/shop/store.TestStore(0xc0)\n\t/repo/store/cart_test.go:12 +0x2d\n\n"
        "goroutine 30 [chan receive]:\n"
        "testing.(*T).Run(0xc0, {0x1, 0x2}, 0x3)\n\t/usr/local/go/src/testing/testing.go:2109\n"
        "example.com/shop/cart.TestCart(0xc0)\n\t/repo/cart/cart_test.go:30 +0x2d\n\n"
        "goroutine 31 [select (no cases)]:\n"
        "example.com/shop/cart.TestCart.func1(0xc0)\n\t/repo/cart/cart_test.go:18 +0x1f\n"
        "FAIL\texample.com/shop/cart\t20.107s\nFAIL\n"
    )

    failure = _diagnose(log).failures[0]

    assert (failure.test_id, failure.file, failure.line) == ("TestCart/full", "cart/cart_test.go", 18)
    assert failure.frames[0].function == "example.com/shop/cart.TestCart.func1"


def test_a_version_that_can_not_be_had_is_a_dependency_failure() -> None:
    """The compiler's column names the import, but the fault is the version in go.mod."""
    log = (
        "# example.com/shop/cart\ncart/cart.go:7:2: github.com/a/b@v1.88.4: reading "
        "https://modules.example.com/github.com/a/b/@v/v1.88.4.zip: 404 Not Found\n"
        "\tserver response: not found\nFAIL\texample.com/shop/cart [setup failed]\nFAIL\n"
    )

    diagnosis = _diagnose(log)

    assert diagnosis.category is Category.DEPENDENCY
    assert (diagnosis.failures[0].tool, diagnosis.failures[0].file) == ("go mod", "go.mod")


def test_a_download_that_the_proxy_refuses_is_a_dependency_failure() -> None:
    """`go mod download` names no import: the version in go.mod is all there is."""
    log = (
        "go: github.com/a/b@v1.99.1: reading https://modules.example.com/github.com/a/b/@v/v1.99.1.info: "
        "403 Forbidden\n"
        "\tserver response: This module version is not available.\n"
    )

    diagnosis = _diagnose(log)

    assert (diagnosis.category, diagnosis.failures[0].file) == (Category.DEPENDENCY, "go.mod")
