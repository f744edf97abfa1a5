"""What cargo, rustc, clippy, rustfmt and Rust's test runners print."""
# ruff: noqa: E501 - the projects' sources stand on one line each

from collections.abc import Mapping, Sequence
from typing import Any

from recordings.case import Case

CARGO = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
# What the author of a terminal's log sees.
COLOUR = {"CARGO_TERM_COLOR": "always"}


def _case(
    tool: str, name: str, command: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any
) -> Case:
    category = changes.pop("category")
    count = changes.pop("count", len(failures))
    expected = {
        "category": category,
        "failures": list(failures),
        **({"count": count} if count is not None else {}),
        **changes.pop("expected", {}),
    }
    return Case(tool, name, command, {"Cargo.toml": CARGO, **files}, expected, **changes)


BROKEN = {
    "src/lib.rs": 'mod cart;\n\npub fn total() -> i32 {\n    cart::sum(&[1, 2])\n}\n\npub fn name() -> String {\n    "shop"\n}\n',
    "src/cart.rs": "pub fn sum(prices: &[u64]) -> u64 {\n    let all = prices.iter().sum();\n    al\n}\n\npub fn take(prices: Vec<u64>) -> usize {\n    drop(prices);\n    prices.len()\n}\n",
}
BROKEN_AT = [
    {"tool": "rustc", "file": "src/cart.rs", "line": 3, "column": 5, "code": "E0425"},
    {"tool": "rustc", "file": "src/lib.rs", "line": 4, "column": 5, "code": "E0308"},
    {"tool": "rustc", "file": "src/lib.rs", "line": 8, "column": 5, "code": "E0308"},
    {"tool": "rustc", "file": "src/cart.rs", "line": 8, "column": 5, "code": "E0382"},
]


def _rustc(name: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any) -> Case:
    command = changes.pop("command", "cargo build")
    return _case("cargo-build", name, command, files, failures, **{"category": "build", **changes})


BUILD_CASES = (
    _rustc("several", BROKEN, BROKEN_AT),
    _rustc("several-github", BROKEN, BROKEN_AT, wrap="github"),
    _rustc("colour", BROKEN, BROKEN_AT, environment=COLOUR),
    _rustc("short", BROKEN, BROKEN_AT, command="cargo check --message-format short"),
    _rustc("json", BROKEN, BROKEN_AT, command="cargo check --message-format json"),
    _rustc("all-targets", BROKEN, BROKEN_AT, command="cargo check --all-targets"),
    _rustc(
        "borrow",
        {
            "src/lib.rs": "pub fn longest(names: &mut Vec<String>) -> &String {\n    let first = &names[0];\n    names.push(String::new());\n    first\n}\n\n"
            'pub fn moved(name: String) -> usize {\n    drop(name);\n    name.len()\n}\n\npub fn local() -> &str {\n    "x"\n}\n',
        },
        [{"file": "src/lib.rs", "line": 12, "column": 19, "code": "E0106"}],
        count=None,
    ),
    _rustc(
        "moved",
        {
            "src/main.rs": 'fn take(name: String) {\n    println!("{name}");\n}\n\nfn main() {\n    let name = String::from("x");\n    take(name);\n    println!("{}", name);\n}\n'
        },
        [{"file": "src/main.rs", "line": 8, "column": 20, "code": "E0382"}],
    ),
    _rustc(
        "trait",
        {
            "src/lib.rs": "pub trait Price {\n    fn price(&self) -> u64;\n    fn name(&self) -> String;\n}\n\npub struct Bread;\n\nimpl Price for Bread {\n    fn price(&self) -> u64 {\n        3\n    }\n}\n\npub fn show<T: std::fmt::Display>(_: T) {}\n\npub fn all() {\n    show(Bread);\n    Bread.weight();\n}\n",
        },
        [
            {"file": "src/lib.rs", "line": 8, "column": 1, "code": "E0046"},
            {"file": "src/lib.rs", "line": 17, "column": 10, "code": "E0277"},
            {"file": "src/lib.rs", "line": 18, "column": 11, "code": "E0599"},
        ],
    ),
    _rustc(
        "syntax-semicolon",
        {"src/lib.rs": "pub fn a() -> i32 {\n    let x = 1\n    x\n}\n"},
        [{"file": "src/lib.rs", "line": 2, "column": 14}],
        category="syntax",
    ),
    _rustc(
        "syntax-delimiter",
        {"src/lib.rs": "pub fn a() -> i32 {\n    if true {\n        1\n    else {\n        2\n    }\n}\n"},
        [{"file": "src/lib.rs"}],
        category="syntax",
        count=None,
    ),
    _rustc(
        "syntax-string",
        {"src/lib.rs": "pub fn a() -> &'static str {\n    \"open\n}\n"},
        [{"file": "src/lib.rs", "line": 2, "code": "E0765"}],
        category="syntax",
    ),
    _rustc(
        "missing-crate",
        {"src/lib.rs": "use serde::Serialize;\n\npub fn id() -> String {\n    uuid::Uuid::new_v4().to_string()\n}\n"},
        [
            {"tool": "rustc", "file": "src/lib.rs", "line": 1, "column": 5, "code": "E0432"},
            {"tool": "rustc", "file": "src/lib.rs", "line": 4, "column": 5, "code": "E0433"},
        ],
        category="dependency",
    ),
    _rustc(
        "missing-own-module",
        {"src/lib.rs": "use crate::cart::sum;\n\npub fn total() -> u64 {\n    sum(&[1])\n}\n"},
        [{"tool": "rustc", "file": "src/lib.rs", "line": 1, "column": 12, "code": "E0432"}],
    ),
    _rustc(
        "module-not-declared",
        {
            "src/lib.rs": "use cart::sum;\n\npub fn total() -> u64 {\n    sum(&[1])\n}\n",
            "src/cart.rs": "pub fn sum(all: &[u64]) -> u64 {\n    all.iter().sum()\n}\n",
        },
        [{"tool": "rustc", "file": "src/lib.rs", "line": 1, "column": 5, "code": "E0432"}],
    ),
    _rustc(
        "module-file-missing",
        {"src/lib.rs": "pub mod cart;\n"},
        [{"tool": "rustc", "file": "src/lib.rs", "line": 1, "column": 1, "code": "E0583"}],
    ),
    _rustc(
        "macros",
        {
            "src/lib.rs": 'macro_rules! price {\n    ($name:ident) => {\n        pub fn $name() -> u64 {\n            "free"\n        }\n    };\n}\n\nprice!(bread);\nprice!(3);\n\npub fn show() {\n    printn!("x");\n    println!("{} {}", 1);\n}\n',
        },
        [
            {"file": "src/lib.rs", "line": 10, "column": 8},
            {"file": "src/lib.rs", "line": 14, "column": 15},
        ],
    ),
    _rustc(
        "macro-inside",
        {
            "src/lib.rs": 'macro_rules! price {\n    ($name:ident) => {\n        pub fn $name() -> u64 {\n            "free"\n        }\n    };\n}\n\nprice!(bread);\n'
        },
        [{"file": "src/lib.rs", "line": 4, "column": 13, "code": "E0308"}],
    ),
    _rustc(
        "deny-warnings",
        {
            "src/lib.rs": "#![deny(warnings)]\n\nuse std::fmt;\n\npub fn a() {\n    let unused = 1;\n}\n\nfn never() {}\n"
        },
        [
            {"tool": "rustc", "file": "src/lib.rs", "line": 3, "column": 5, "code": "unused_imports"},
            {"tool": "rustc", "file": "src/lib.rs", "line": 6, "column": 9, "code": "unused_variables"},
            {"tool": "rustc", "file": "src/lib.rs", "line": 9, "column": 4, "code": "dead_code"},
        ],
        category="lint",
    ),
    _rustc(
        "rustflags-warnings",
        {"src/lib.rs": "pub fn a() {\n    let first = 1;\n    let second = 2;\n}\n"},
        [
            {"tool": "rustc", "file": "src/lib.rs", "line": 2, "column": 9, "code": "unused_variables"},
            {"tool": "rustc", "file": "src/lib.rs", "line": 3, "column": 9, "code": "unused_variables"},
        ],
        category="lint",
        environment={"RUSTFLAGS": "-D warnings"},
    ),
    _rustc(
        "warnings-beside",
        {"src/lib.rs": "pub fn a() {\n    let unused = 1;\n}\n\npub fn b() -> u8 {\n    256\n}\n"},
        [{"tool": "rustc", "file": "src/lib.rs", "line": 6, "column": 5, "code": "overflowing_literals"}],
        category="lint",
    ),
    _rustc(
        "linker",
        {
            "src/main.rs": 'unsafe extern "C" {\n    fn nowhere() -> i32;\n}\n\nfn main() {\n    println!("{}", unsafe { nowhere() });\n}\n'
        },
        [{"tool": "rustc", "file": None}],
    ),
    _rustc(
        "no-main",
        {"src/main.rs": "fn start() {}\n"},
        [{"tool": "rustc", "file": "src/main.rs", "line": 1, "column": 14, "code": "E0601"}],
    ),
    _rustc(
        "build-script",
        {
            "src/lib.rs": "",
            "build.rs": 'fn main() {\n    let version = std::fs::read_to_string("VERSION").expect("no VERSION file");\n    println!("cargo::rustc-env=SHOP_VERSION={version}");\n}\n',
        },
        [{"tool": "cargo", "file": "build.rs", "line": 2}],
    ),
    _rustc(
        "workspace",
        {
            "Cargo.toml": '[workspace]\nmembers = ["core", "cli"]\nresolver = "2"\n',
            "core/Cargo.toml": '[package]\nname = "core-lib"\nversion = "0.1.0"\nedition = "2021"\n',
            "core/src/lib.rs": "pub fn n() -> u8 {\n    1\n}\n",
            "cli/Cargo.toml": '[package]\nname = "cli"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\ncore-lib = { path = "../core" }\n',
            "cli/src/main.rs": 'fn main() {\n    println!("{}", core_lib::m());\n}\n',
        },
        [{"tool": "rustc", "file": "cli/src/main.rs", "line": 2, "column": 30, "code": "E0425"}],
    ),
)

TESTED = {
    "src/lib.rs": "pub fn total(prices: &[u64]) -> u64 {\n    prices.iter().sum::<u64>() + 1\n}\n\npub fn last(prices: &[u64]) -> u64 {\n    prices[prices.len()]\n}\n\n"
    '#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn adds_up() {\n        assert_eq!(total(&[1, 2]), 3, "the total of {}", 2);\n    }\n\n'
    "    #[test]\n    fn takes_the_last() {\n        assert_eq!(last(&[4]), 4);\n    }\n\n    #[test]\n    fn is_fine() {\n        println!(\"thread 'x' is no panic\");\n    }\n}\n",
}
TESTED_AT = [
    {"tool": "cargo test", "file": "src/lib.rs", "line": 15, "column": 9, "test_id": "tests::adds_up"},
    {"tool": "cargo test", "file": "src/lib.rs", "line": 6, "column": 5, "test_id": "tests::takes_the_last"},
]


def _test(name: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any) -> Case:
    command = changes.pop("command", "cargo test")
    # Side by side, tests end in another order every time.
    changes["environment"] = {"RUST_TEST_THREADS": "1", **changes.get("environment", {})}
    return _case("cargo-test", name, command, files, failures, **{"category": "test", **changes})


TEST_CASES = (
    _test("default", TESTED, TESTED_AT),
    _test("default-github", TESTED, TESTED_AT, wrap="github"),
    _test("quiet", TESTED, TESTED_AT, command="cargo test -q"),
    _test("backtrace", TESTED, TESTED_AT, environment={"RUST_BACKTRACE": "1"}),
    _test("nocapture", TESTED, TESTED_AT, command="cargo test -- --nocapture"),
    _test("colour", TESTED, TESTED_AT, command="cargo test -- --color always", environment=COLOUR),
    _test("nextest", TESTED, TESTED_AT, command="cargo nextest run --no-fail-fast -j 1"),
    _test(
        "nextest-colour",
        TESTED,
        TESTED_AT,
        command="cargo nextest run --no-fail-fast -j 1 --color always",
        environment=COLOUR,
    ),
    _test(
        "nextest-retries",
        {
            "src/lib.rs": '#[cfg(test)]\nmod tests {\n    #[test]\n    fn fails_once() {\n        let again = std::fs::exists("target/again").unwrap();\n        std::fs::write("target/again", "").unwrap();\n        assert!(again, "not yet");\n    }\n\n    #[test]\n    fn never_passes() {\n        assert_eq!(1 + 1, 3);\n    }\n}\n',
        },
        [{"tool": "cargo test", "file": "src/lib.rs", "line": 12, "test_id": "tests::never_passes"}],
        command="cargo nextest run --no-fail-fast -j 1 --retries 1",
    ),
    _test(
        "kinds",
        {
            "src/lib.rs": '#[cfg(test)]\nmod tests {\n    #[test]\n    #[should_panic]\n    fn should() {}\n\n    #[test]\n    #[should_panic(expected = "empty")]\n    fn should_say() {\n        panic!("full");\n    }\n\n    #[test]\n    fn gives_an_error() -> Result<(), String> {\n        Err("no bread".into())\n    }\n\n    #[test]\n    fn unwraps() {\n        let price: Result<u8, _> = "x".parse::<u8>();\n        price.unwrap();\n    }\n}\n',
        },
        [
            {"tool": "cargo test", "file": "src/lib.rs", "test_id": "tests::gives_an_error"},
            {"tool": "cargo test", "file": "src/lib.rs", "test_id": "tests::should", "line": 5},
            {"tool": "cargo test", "file": "src/lib.rs", "test_id": "tests::should_say", "line": 10},
            {"tool": "cargo test", "file": "src/lib.rs", "test_id": "tests::unwraps", "line": 21, "column": 15},
        ],
    ),
    _test(
        "integration",
        {
            "src/lib.rs": "pub fn half(n: i32) -> i32 {\n    n / 2\n}\n",
            "tests/halves.rs": "mod helper;\n\n#[test]\nfn halves() {\n    helper::check(shop::half(5), 3);\n}\n\n#[test]\nfn panics() {\n    let empty: Vec<i32> = Vec::new();\n    let _ = empty[0];\n}\n",
            "tests/helper/mod.rs": '#[track_caller]\npub fn check(got: i32, want: i32) {\n    assert!(got == want, "got {got}, want {want}");\n}\n',
        },
        [
            {"tool": "cargo test", "file": "tests/halves.rs", "line": 5, "test_id": "halves"},
            {"tool": "cargo test", "file": "tests/halves.rs", "line": 11, "test_id": "panics"},
        ],
    ),
    _test(
        "doctest",
        {
            "src/lib.rs": "/// Halves.\n///\n/// ```\n/// assert_eq!(shop::half(5), 3);\n/// ```\npub fn half(n: i32) -> i32 {\n    n / 2\n}\n\n/// Doubles.\n///\n/// ```\n/// let n: i32 = shop::twice(2);\n/// ```\npub fn double(n: i32) -> i32 {\n    n * 2\n}\n",
        },
        [
            # Where the doc tests begin: rustdoc's own count inside them is off by one.
            {"tool": "cargo test", "file": "src/lib.rs", "line": 12},
            {"tool": "cargo test", "file": "src/lib.rs", "line": 3},
        ],
    ),
    _test(
        "does-not-compile",
        {
            "src/lib.rs": "pub fn half(n: i32) -> i32 {\n    n / 2\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn halves() {\n        assert_eq!(super::halve(4), 2);\n    }\n}\n",
        },
        [{"tool": "rustc", "file": "src/lib.rs", "line": 9, "column": 27, "code": "E0425"}],
        category="build",
    ),
    _test(
        "stack-overflow",
        {
            "src/lib.rs": "pub fn down(n: u64) -> u64 {\n    down(n + 1) + 1\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn goes_down() {\n        assert_eq!(super::down(0), 0);\n    }\n}\n",
        },
        [{"tool": "cargo test", "test_id": "tests::goes_down"}],
    ),
    _test(
        "aborts",
        {
            "src/lib.rs": "#[cfg(test)]\nmod tests {\n    #[test]\n    fn aborts() {\n        std::process::abort();\n    }\n}\n",
        },
        [{"tool": "cargo test"}],
    ),
    _test(
        "module",
        {
            "src/lib.rs": "pub mod cart;\n",
            "src/cart.rs": 'pub fn sum(all: &[u64]) -> Option<u64> {\n    all.iter().copied().reduce(|a, b| a - b)\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn sums() {\n        assert_eq!(super::sum(&[1, 2]), Some(3));\n    }\n\n    #[test]\n    fn refuses() -> Result<(), Box<dyn std::error::Error>> {\n        "x".parse::<u8>()?;\n        Ok(())\n    }\n}\n',
        },
        [
            {"file": "src/cart.rs", "test_id": "cart::tests::refuses"},
            {"file": "src/cart.rs", "line": 2, "test_id": "cart::tests::sums"},
        ],
    ),
    _test(
        "run-panics",
        {
            "src/main.rs": 'fn main() {\n    let name: Option<&str> = None;\n    println!("{}", name.expect("no name"));\n}\n'
        },
        [{"tool": "cargo run", "file": "src/main.rs", "line": 3, "column": 25}],
        command="cargo run",
    ),
    _test(
        "library-panics",
        {
            "src/lib.rs": "pub fn pick(n: u32) -> u32 {\n    let mut all = vec![1, 2];\n    all.swap_remove(n as usize)\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn picks() {\n        assert_eq!(super::pick(3), 2);\n    }\n\n    #[test]\n    fn copies() {\n        let mut one = [0; 2];\n        one.copy_from_slice(&[1, 2, 3]);\n    }\n}\n",
        },
        [
            {"file": "src/lib.rs", "line": 16, "test_id": "tests::copies"},
            {"file": "src/lib.rs", "line": 3, "test_id": "tests::picks"},
        ],
        environment={"RUST_BACKTRACE": "1"},
    ),
)

UGLY_CLIPPY = {
    "src/lib.rs": "pub fn first(names: &Vec<String>) -> usize {\n    let unused = 3;\n    return names.len();\n}\n\npub fn is_open(hour: u8) -> bool {\n    if hour > 8 { true } else { false }\n}\n\npub fn last(names: &[String]) -> usize {\n    return names.len();\n}\n",
}
CLIPPY_AT = [
    {"file": "src/lib.rs", "line": 2, "column": 9, "code": "unused_variables"},
    {"tool": "clippy", "file": "src/lib.rs", "line": 3, "column": 5, "code": "clippy::needless_return"},
    {"tool": "clippy", "file": "src/lib.rs", "line": 1, "column": 21, "code": "clippy::ptr_arg"},
    {"tool": "clippy", "file": "src/lib.rs", "line": 7, "column": 5, "code": "clippy::needless_bool"},
    {"tool": "clippy", "file": "src/lib.rs", "line": 11, "column": 5, "code": "clippy::needless_return"},
]


def _clippy(name: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any) -> Case:
    command = changes.pop("command", "cargo clippy -- -D warnings")
    return _case("clippy", name, command, files, failures, **{"category": "lint", **changes})


CLIPPY_CASES = (
    _clippy("denied", UGLY_CLIPPY, CLIPPY_AT),
    _clippy("denied-github", UGLY_CLIPPY, CLIPPY_AT, wrap="github"),
    _clippy("colour", UGLY_CLIPPY, CLIPPY_AT, environment=COLOUR),
    _clippy("all-targets", UGLY_CLIPPY, CLIPPY_AT, command="cargo clippy --all-targets -- -D warnings"),
    _clippy("json", UGLY_CLIPPY, CLIPPY_AT, command="cargo clippy --message-format json -- -D warnings"),
    _clippy(
        "deny-by-default",
        {"src/lib.rs": "pub fn area(r: f64) -> f64 {\n    3.14 * r * r\n}\n\npub fn warned() {\n    let a = 1;\n}\n"},
        [{"tool": "clippy", "file": "src/lib.rs", "line": 2, "column": 5, "code": "clippy::approx_constant"}],
        command="cargo clippy",
    ),
    _clippy(
        "short",
        UGLY_CLIPPY,
        [{"file": one["file"], "line": one["line"], "column": one["column"]} for one in CLIPPY_AT],
        command="cargo clippy --message-format short -- -D warnings",
    ),
    _clippy(
        "manifest-lints",
        {
            "Cargo.toml": CARGO + '\n[lints.rust]\nunsafe_code = "forbid"\n\n[lints.clippy]\nunwrap_used = "deny"\n',
            "src/lib.rs": "pub fn price(text: &str) -> u64 {\n    text.parse().unwrap()\n}\n\npub fn peek(p: *const u8) -> u8 {\n    unsafe { *p }\n}\n",
        },
        [
            {"tool": "rustc", "file": "src/lib.rs", "line": 6, "column": 5, "code": "unsafe_code"},
            {"tool": "clippy", "file": "src/lib.rs", "line": 2, "column": 5, "code": "clippy::unwrap_used"},
        ],
        command="cargo clippy",
        count=None,
    ),
)

UGLY = {
    "src/lib.rs": "mod cart;\n\npub fn a()->u8{\n    1\n}\n\n\n\npub fn b() -> u8 {\n    2\n}\n",
    "src/cart.rs": "pub fn sum( a: u8 ) -> u8 {\n    a\n}\n",
}
UGLY_AT = [
    {"tool": "rustfmt", "file": "src/cart.rs", "line": 1},
    {"tool": "rustfmt", "file": "src/lib.rs", "line": 3},
]


def _fmt(name: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any) -> Case:
    command = changes.pop("command", "cargo fmt --check")
    return _case("rustfmt", name, command, files, failures, **{"category": "format", **changes})


FMT_CASES = (
    _fmt("check", UGLY, UGLY_AT),
    _fmt("check-github", UGLY, UGLY_AT, wrap="github"),
    _fmt("all", UGLY, UGLY_AT, command="cargo fmt --all -- --check"),
    _fmt("colour", UGLY, UGLY_AT, command="cargo fmt --all -- --check --color always"),
    _fmt(
        "names",
        UGLY,
        [{"tool": "rustfmt", "file": "src/cart.rs"}, {"tool": "rustfmt", "file": "src/lib.rs"}],
        command="cargo fmt --check -- -l",
    ),
    _fmt(
        "syntax",
        {"src/lib.rs": "pub fn a( {\n}\n"},
        [{"file": "src/lib.rs", "line": 2}],
        category="syntax",
        count=None,
    ),
)


def _cargo(name: str, files: Mapping[str, str], failures: Sequence[Mapping[str, Any]], **changes: Any) -> Case:
    command = changes.pop("command", "cargo build")
    return _case("cargo", name, command, {"src/lib.rs": "", **files}, failures, **{"category": "dependency", **changes})


LOCAL = '[package]\nname = "lib"\nversion = "1.2.0"\nedition = "2021"\n'
CARGO_CASES = (
    _cargo(
        "no-such-crate",
        {"Cargo.toml": CARGO + '\n[dependencies]\nserde-of-the-shop-example = "1"\n'},
        [{"tool": "cargo", "file": "Cargo.toml"}],
    ),
    _cargo(
        "no-such-version",
        {"Cargo.toml": CARGO + '\n[dependencies]\nitoa = "99"\n'},
        [{"tool": "cargo", "file": "Cargo.toml"}],
    ),
    _cargo(
        "no-such-version-github",
        {
            "Cargo.toml": CARGO + '\n[dependencies]\nlib = { path = "lib", version = "2" }\n',
            "lib/Cargo.toml": LOCAL,
            "lib/src/lib.rs": "",
        },
        [{"tool": "cargo", "file": "Cargo.toml"}],
        wrap="github",
    ),
    _cargo(
        "no-such-feature",
        {
            "Cargo.toml": CARGO + '\n[dependencies]\nlib = { path = "lib", features = ["fast"] }\n',
            "lib/Cargo.toml": LOCAL,
            "lib/src/lib.rs": "",
        },
        [{"tool": "cargo", "file": "Cargo.toml"}],
    ),
    _cargo(
        "links-conflict",
        {
            "Cargo.toml": CARGO + '\n[dependencies]\na = { path = "a" }\nb = { path = "b" }\n',
            "a/Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\nedition = "2021"\nlinks = "z"\nbuild = "build.rs"\n',
            "a/src/lib.rs": "",
            "a/build.rs": "fn main() {}\n",
            "b/Cargo.toml": '[package]\nname = "b"\nversion = "1.0.0"\nedition = "2021"\nlinks = "z"\nbuild = "build.rs"\n',
            "b/src/lib.rs": "",
            "b/build.rs": "fn main() {}\n",
        },
        [{"tool": "cargo", "file": "Cargo.toml"}],
    ),
    _cargo(
        "locked",
        {
            "Cargo.toml": CARGO + '\n[dependencies]\nlib = { path = "lib" }\n',
            "Cargo.lock": 'version = 4\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\n',
            "lib/Cargo.toml": LOCAL,
            "lib/src/lib.rs": "",
        },
        [{"tool": "cargo", "file": "Cargo.lock"}],
        command="cargo build --locked",
    ),
    _cargo(
        "manifest-syntax",
        {"Cargo.toml": CARGO + "\n[dependencies\nlib = 1\n"},
        [{"tool": "cargo", "file": "Cargo.toml", "line": 6}],
        category="config",
    ),
    _cargo(
        "manifest-edition",
        {"Cargo.toml": CARGO.replace("2021", "2042")},
        [{"tool": "cargo", "file": "Cargo.toml"}],
        category="config",
    ),
    _cargo(
        "manifest-type",
        {"Cargo.toml": CARGO + "\n[dependencies]\nlib = 1\n"},
        [{"tool": "cargo", "file": "Cargo.toml", "line": 7}],
        category="config",
    ),
    _cargo(
        "no-target",
        {"Cargo.toml": CARGO, "src/lib.rs": "", "src/other.rs": ""},
        [{"tool": "cargo"}],
        command="cargo run --bin nothing",
        category="config",
    ),
    _cargo(
        "rust-version",
        {
            "Cargo.toml": CARGO + '\n[dependencies]\nlib = { path = "lib" }\n',
            "lib/Cargo.toml": LOCAL + 'rust-version = "1.999"\n',
            "lib/src/lib.rs": "",
        },
        [{"tool": "cargo"}],
    ),
    _cargo(
        "path-missing",
        {"Cargo.toml": CARGO + '\n[dependencies]\nlib = { path = "../lib" }\n'},
        [{"tool": "cargo", "file": "Cargo.toml"}],
    ),
    _cargo(
        "no-manifest",
        {"Cargo.toml": CARGO},
        [{"tool": "cargo"}],
        command="cargo build --manifest-path other/Cargo.toml",
        category="config",
    ),
    _cargo(
        "no-such-command",
        {},
        [{"tool": "cargo"}],
        command="cargo shopping",
        category="environment",
    ),
    _cargo(
        "unknown-option",
        {},
        [{"tool": "cargo"}],
        command="cargo build --colour",
        category="config",
    ),
    _cargo(
        "unknown-feature",
        {},
        [{"tool": "cargo"}],
        command="cargo build --features fast",
        category="config",
    ),
)

RUST_CASES = (*BUILD_CASES, *TEST_CASES, *CLIPPY_CASES, *FMT_CASES, *CARGO_CASES)
RUST_VERSIONS = {
    **dict.fromkeys(("cargo", "cargo-build", "cargo-test"), "cargo --version"),
    "clippy": "cargo-clippy --version",
    "rustfmt": "rustfmt --version",
}
