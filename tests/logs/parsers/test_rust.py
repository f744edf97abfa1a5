"""Rust's older words, cut logs, hostile logs, and what a machine lacks."""

import random

import pytest

from selfheal.contract.diagnosis import Category, Diagnosis
from selfheal.logs import diagnose
from selfheal.logs.parsers.interface import LogContext
from selfheal.logs.parsers.registry import PARSERS
from selfheal.logs.parsers.rust.panics import locate, read_panics
from selfheal.logs.repository import Repository

FILES = frozenset({"Cargo.toml", "src/lib.rs", "src/cart.rs", "src/store/mod.rs", "tests/halves.rs"})


def _diagnose(log: str) -> Diagnosis:
    return diagnose(log, exit_code=101, root="/repo", known_files=FILES)


def test_panic_of_older_toolchains_is_read() -> None:
    """Up to Rust 1.72 the message stood in quotes before the place, over several lines."""
    one = read_panics(["thread 'main' panicked at 'no name', src/main.rs:3:25"])[0]
    many = read_panics(
        [
            "thread 'tests::adds' panicked at 'assertion failed: `(left == right)`",
            "  left: `4`,",
            " right: `3`', src/lib.rs:15:9",
            "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
        ]
    )[0]

    assert (one.message, one.file, one.line, one.column) == ("no name", "src/main.rs", 3, 25)
    assert (many.thread, many.line) == ("tests::adds", 15)
    assert many.message.split("\n")[1:] == ["  left: `4`,", " right: `3`"]


def test_panic_inside_a_library_is_at_the_innermost_own_frame() -> None:
    """Frames of the registry and the standard library are never the place."""
    lines = [
        "thread 'tests::picks' panicked at /home/ci/.cargo/registry/src/index/hex-0.4.3/src/lib.rs:7:1:",
        "boom",
        "stack backtrace:",
        "   0: rust_begin_unwind",
        "             at /rustc/abc/library/std/src/panicking.rs:689:5",
        "   1: hex::decode",
        "             at /home/ci/.cargo/registry/src/index/hex-0.4.3/src/lib.rs:7:1",
        "   2: shop::cart::pick",
        "             at ./src/cart.rs:4:5",
        "   3: shop::tests::picks",
        "             at ./src/lib.rs:9:9",
    ]

    place = locate(read_panics(lines)[0], Repository("/repo", FILES))

    assert (place.file, place.line) == ("src/cart.rs", 4)
    assert [frame.file for frame in place.frames[:2]] == ["src/lib.rs", "src/cart.rs"]


def test_test_that_returns_an_error_is_found_by_its_module() -> None:
    """Such a test prints no place; its name tells the file."""
    log = (
        "     Running unittests src/lib.rs (target/debug/deps/shop-0)\n\nrunning 1 test\n"
        "test store::tests::opens ... FAILED\n\nfailures:\n\n---- store::tests::opens stdout ----\n"
        'Error: "closed"\n\n\nfailures:\n    store::tests::opens\n\ntest result: FAILED. 0 passed; 1 failed\n'
    )

    failure = _diagnose(log).failures[0]

    assert (failure.file, failure.line, failure.test_id) == ("src/store/mod.rs", None, "store::tests::opens")


def test_missing_linker_and_missing_target_are_the_environments() -> None:
    """No patch installs a linker or a standard library."""
    linker = _diagnose("error: linker `aarch64-linux-gnu-gcc` not found\n  |\n  = note: No such file or directory\n\n")
    target = _diagnose(
        "error[E0463]: can't find crate for `core`\n --> src/lib.rs:1:1\n  |\n"
        "  = note: the `thumbv7m-none-eabi` target may not be installed\n\n"
    )

    assert linker.category is target.category is Category.ENVIRONMENT
    assert "aarch64-linux-gnu-gcc" in linker.advice


def test_system_library_that_a_crate_needs_is_the_environments_and_an_own_build_script_is_not() -> None:
    """The difference is whose build script fails."""
    stderr = (
        "\n\nCaused by:\n  process didn't exit successfully: `/repo/target/debug/build/x/build-script-build`\n"
        "  --- stderr\n  thread 'main' panicked at {}:5:9:\n  Could not find directory of OpenSSL installation\n\n"
    )
    foreign = "error: failed to run custom build command for `openssl-sys v0.9.102`" + stderr.format(
        "/home/ci/.cargo/registry/src/index/openssl-sys-0.9.102/build/main.rs"
    )
    own = "error: failed to run custom build command for `shop v0.1.0 (/repo)`" + stderr.format("build.rs")

    assert _diagnose(foreign).category is Category.ENVIRONMENT
    assert _diagnose(own).category is Category.BUILD


def test_warnings_alone_are_no_failure() -> None:
    """The build went on."""
    log = (
        "warning: unused variable: `a`\n --> src/lib.rs:2:9\n  |\n2 |     let a = 1;\n  |         ^\n  |\n"
        "  = note: `#[warn(unused_variables)]` on by default\n\nwarning: `shop` (lib) generated 1 warning\n"
    )

    assert all(failure.tool not in ("rustc", "clippy", "cargo") for failure in _diagnose(log).failures)


def test_registry_that_does_not_answer_is_no_dependency_failure() -> None:
    """What the network refused is not the manifest's fault."""
    log = (
        "error: failed to get `serde` as a dependency of package `shop v0.1.0 (/repo)`\n\nCaused by:\n"
        "  failed to query replaced source registry `crates-io`\n\nCaused by:\n"
        "  download of config.json failed\n\nCaused by:\n  [6] Could not resolve hostname (index.crates.io)\n"
    )

    assert all(failure.tool != "cargo" for failure in _diagnose(log).failures)


def test_crate_that_does_not_compile_is_a_dependency_failure() -> None:
    """A file in the registry is never the place."""
    log = (
        "   Compiling time v0.3.20\nerror[E0282]: type annotations needed for `Box<_>`\n"
        "  --> /home/ci/.cargo/registry/src/index.crates.io-6f17d22bba15001f/time-0.3.20/src/parse.rs:83:9\n   |\n"
        "83 |     let items = x\n   |         ^^^^^\n\nerror: could not compile `time` (lib) due to 1 previous error\n"
    )

    diagnosis = _diagnose(log)

    assert diagnosis.category is Category.DEPENDENCY
    assert (diagnosis.failures[0].file, diagnosis.failures[0].line) == ("Cargo.toml", None)
    assert "time-0.3.20 does not compile" in diagnosis.summary


def test_error_inside_a_macro_of_a_library_is_at_its_call() -> None:
    """The first place lies in the registry; the call is ours."""
    log = (
        "error[E0308]: mismatched types\n"
        " --> /home/ci/.cargo/registry/src/index/log-0.4.0/src/macros.rs:10:5\n  |\n"
        " ::: src/cart.rs:7:3\n  |\n7 |   log!(1);\n  |   ------- in this macro invocation\n\n"
    )

    failure = _diagnose(log).failures[0]

    assert (failure.file, failure.line) == ("src/cart.rs", 7)


def test_cut_json_still_tells_its_error() -> None:
    """Cleaning cuts long lines in the middle; what the compiler rendered stands in front."""
    rendered = "error[E0425]: cannot find value `al` in this scope\\n --> src/cart.rs:3:5\\n  |\\n3 |     al\\n"
    log = f'{{"reason":"compiler-message","message":{{"rendered":"{rendered}","children":[{"1," * 9_000}'

    failure = _diagnose(log).failures[0]

    assert (failure.file, failure.line, failure.code) == ("src/cart.rs", 3, "E0425")


def test_older_rustfmt_names_its_line_in_words() -> None:
    """Up to 1.6 it printed `at line N`."""
    failure = _diagnose("Diff in /repo/src/lib.rs at line 10:\n fn a() {\n-  b()\n+    b()\n }\n").failures[0]

    assert (failure.tool, failure.file, failure.line) == ("rustfmt", "src/lib.rs", 11)


PIECES = (
    "error[E0308]: mismatched types",
    "error: expected `;`, found `x`",
    "error: unused variable: `x`",
    "warning: unused import",
    " --> src/lib.rs:2:9",
    "  ::: src/cart.rs:7:3",
    "2 |     let a = 1;",
    "  = note: `-D unused-variables` implied by `-D warnings`",
    "note: the lint level is defined here",
    "1 | #![deny(unused)]",
    "  |         ^^^^^^",
    "error: could not compile `shop` (lib) due to 1 previous error",
    "error: linking with `cc` failed: exit status: 1",
    "error: failed to select a version for `lib`.",
    "error: failed to run custom build command for `shop v0.1.0 (/repo)`",
    "  --- stderr",
    "Caused by:",
    "test a::b ... FAILED",
    "test a::b ... ",
    "FAILED",
    "failures:",
    "    a::b",
    "---- a::b stdout ----",
    "---- src/lib.rs - half (line 3) stdout ----",
    "thread 'a::b' (7) panicked at src/lib.rs:6:5:",
    "thread 'main' panicked at 'x",
    "thread '",
    "stack backtrace:",
    "   3: shop::last",
    "             at ./src/lib.rs:6:5",
    "test result: FAILED. 1 passed",
    "error: test failed, to rerun pass `--lib`",
    "  process didn't exit successfully: `/repo/target/x` (signal: 6, SIGABRT: process abort signal)",
    "        FAIL [   0.003s] (1/3) shop a::b",
    "  stderr ───",
    "────────────",
    "Diff in /repo/src/lib.rs:1:",
    "-a",
    '{"reason":"compiler-message","message":{"rendered":"error: x\\n',
    "     Running unittests src/lib.rs (target/debug/deps/shop-0)",
    "",
)


@pytest.mark.parametrize("seed", range(40))
def test_pieces_in_any_order_never_raise(seed: int) -> None:
    """Interleaved and truncated output is ordinary input: every Rust parser survives it, and names lines that exist."""
    chosen = random.Random(seed)
    lines = [chosen.choice(PIECES) for _ in range(300)]
    for factory in PARSERS:
        if ".rust." not in factory.__module__:
            continue
        parser = factory(LogContext(repository=Repository("/repo", FILES)))
        for number, line in enumerate(lines, start=1):
            parser.feed(number, line)
        for finding in parser.finish().findings:
            assert 1 <= finding.lines[0] <= finding.lines[1] <= len(lines) + 1
            assert len(finding.failure.excerpt) <= 1_500
