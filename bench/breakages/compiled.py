"""Go's modules and Cargo's crates: what is missing, what is no version, what is behind a feature, and old locks."""

from breakages.case import Case

_GO_TEST = (
    'package ids\n\nimport "testing"\n\n'
    "func TestNew(t *testing.T) {\n\tif len(New()) != 36 {\n\t\tt.Fatal(New())\n\t}\n}\n"
)
_GO_CODE = 'package ids\n\nimport "github.com/google/uuid"\n\nfunc New() string { return uuid.NewString() }\n'
_GO_OLD = "module example.com/ids\n\ngo 1.21\n"
_GO_MOD = f"{_GO_OLD}\nrequire github.com/google/uuid v1.6.0\n"
_SERDE = 'serde = { version = "1.0", features = ["derive"] }\n'


def _go(name: str, kind: str, module: str, **facts: object) -> Case:
    files = {"go.mod": module, "ids.go": _GO_CODE, "ids_test.go": _GO_TEST}
    given = {"command": "go test ./...", "day": "2026-06-01", "ecosystem": "go", "guilty": ("github.com/google/uuid",)}
    return Case(name=name, kind=kind, files=files, **(given | facts))  # type: ignore[arg-type]


def _crate(name: str, kind: str, wishes: str, code: str, **facts: object) -> Case:
    manifest = f'[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n{wishes}'
    files = {"Cargo.toml": manifest, "src/lib.rs": code, ".gitignore": "target\n"}
    given = {"command": "cargo test --quiet", "day": "2026-06-01", "ecosystem": "cargo"}
    return Case(name=name, kind=kind, files=files, **(given | facts))  # type: ignore[arg-type]


def _tested(body: str) -> str:
    return f"#[cfg(test)]\nmod tests {{\n    use super::*;\n\n    #[test]\n    fn it() {{\n        {body}\n    }}\n}}\n"


_ITOA = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nitoa = "1"\n'
_NUMBER = (
    "pub fn hex(n: u64) -> String {\n    let mut buffer = itoa::Buffer::new();\n    buffer.format(n).to_string()\n}\n\n"
)
_TEXT = 'pub fn text() -> String {\n    serde_json::json!({"a": 1}).to_string()\n}\n\n'
_DERIVED = "#[derive(serde::Serialize)]\npub struct Item {\n    pub a: u8,\n}\n\n"
CASES = (
    _go("go-missing-module", "missing module", _GO_OLD, forward=True),
    _go("go-missing-sum", "stale lock", _GO_MOD, guilty=("go.sum",), forward=True),
    _go("go-version-that-never-was", "version", _GO_MOD.replace("1.6.0", "1.99.0")),
    _crate(
        "cargo-missing-crate",
        "missing module",
        'itoa = "1"\n',
        _TEXT + _tested("assert!(text().contains('1'));"),
        guilty=("serde-json",),
        forward=True,
    ),
    _crate(
        "cargo-version-that-never-was",
        "version",
        'itoa = "1.99"\n',
        _NUMBER + _tested('assert_eq!(hex(7), "7");'),
        guilty=("itoa",),
    ),
    _crate(
        "cargo-missing-feature",
        "missing module",
        'serde = "1.0"\n',
        _DERIVED + _tested("let _ = Item { a: 1 };"),
        guilty=("serde",),
        forward=True,
    ),
    _crate(
        "cargo-stale-lock",
        "stale lock",
        'itoa = "1"\nryu = "1"\n',
        _NUMBER + _tested('assert_eq!(ryu::Buffer::new().format(1.5), "1.5");'),
        command="cargo test --quiet --locked",
        tool="cargo",
        locked_as={"Cargo.toml": _ITOA},
        guilty=("cargo.lock",),
        forward=True,
    ),
)
