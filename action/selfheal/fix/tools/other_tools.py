"""Formatters and linters of JavaScript, Go, Rust, C, shell and Terraform that rewrite."""

from selfheal.contract.diagnosis import Failure
from selfheal.fix.tools.interface import Kind
from selfheal.fix.tools.own_tool import OwnTool

_GO_FORMATTERS = frozenset({"gofmt", "gofumpt", "goimports", "gci", "golines", "swaggo"})
_PRETTIER_LOOKS = frozenset({"--check", "-c", "--list-different", "-l", "--write", "-w"})


def _is_biome_lint(failure: Failure) -> bool:
    return (failure.code or "").startswith("lint/")


def _is_go_layout(failure: Failure) -> bool:
    return failure.code in _GO_FORMATTERS


def _is_rust_lint(failure: Failure) -> bool:
    """A lint has a name, a compiler's error a number."""
    code = failure.code or ""
    return bool(code) and not (code[0] == "E" and code[1:].isdigit())


JAVASCRIPT_TOOLS: tuple[OwnTool, ...] = (
    OwnTool(
        name="eslint",
        program="eslint",
        kind=Kind.LINT,
        reports=("eslint",),
        write=("--fix",),
        looks=frozenset({"--fix", "--fix-dry-run"}),
        looks_valued=frozenset({"-f", "--format", "-o", "--output-file"}),
        # With --quiet only errors are fixed; warnings fail a run where --max-warnings says so.
        unless=("--max-warnings", "--quiet"),
        narrows=True,
        roots=("package.json",),
    ),
    OwnTool(
        name="biome",
        program="biome",
        kind=Kind.LINT,
        reports=("biome",),
        subcommands=(("check", "check"), ("ci", "check"), ("lint", "lint"), ("format", "format")),
        write=("--write",),
        looks=frozenset({"--write", "--fix", "--apply"}),
        roots=("biome.json", "biome.jsonc", "package.json"),
    ),
    OwnTool(
        name="prettier",
        program="prettier",
        kind=Kind.LAYOUT,
        reports=("prettier",),
        write=("--write",),
        looks=_PRETTIER_LOOKS,
        narrows=True,
        roots=("package.json",),
    ),
    OwnTool(
        name="biome-unsafe",
        program="biome",
        kind=Kind.LINT,
        reports=("biome",),
        finds=_is_biome_lint,
        subcommands=(("check", "lint"), ("ci", "lint"), ("lint", "lint")),
        write=("--write", "--unsafe"),
        looks=frozenset({"--write", "--fix", "--apply", "--linter-enabled", "--formatter-enabled"}),
        one_rule=("--only={rule}",),
        select=("--only={rule}",),
        is_unsafe=True,
        only_by_rule=True,
        roots=("biome.json", "biome.jsonc", "package.json"),
    ),
)

GO_TOOLS: tuple[OwnTool, ...] = (
    OwnTool(
        name="golangci-lint",
        program="golangci-lint",
        kind=Kind.LINT,
        reports=("golangci-lint", "staticcheck"),
        finds=lambda failure: failure.code != "typecheck",
        subcommands=(("run", "run"),),
        write=("--fix",),
        looks=frozenset({"--fix"}),
        takes_files=False,
        roots=("go.mod",),
    ),
    OwnTool(
        name="golangci-lint-fmt",
        program="golangci-lint",
        kind=Kind.LAYOUT,
        reports=("golangci-lint",),
        finds=_is_go_layout,
        subcommands=(("fmt", "fmt"),),
        looks=frozenset({"--diff", "-d", "--diff-colored"}),
        roots=("go.mod",),
    ),
    OwnTool(
        name="golangci-lint-rule",
        program="golangci-lint",
        kind=Kind.LINT,
        reports=("golangci-lint",),
        finds=lambda failure: failure.code != "typecheck" and not _is_go_layout(failure),
        subcommands=(("run", "run"),),
        write=("--fix",),
        looks=frozenset({"--fix"}),
        looks_valued=frozenset({"-E", "--enable", "-D", "--disable", "--default", "--enable-only"}),
        one_rule=("--enable-only", "{rule}"),
        select=("--enable-only", "{rule}"),
        only_by_rule=True,
        takes_files=False,
        roots=("go.mod",),
    ),
    OwnTool(
        name="goimports",
        program="goimports",
        kind=Kind.IMPORTS,
        reports=("gofmt", "goimports"),
        write=("-w",),
        looks=frozenset({"-l", "-d", "-w"}),
        only_own=True,
    ),
    OwnTool(
        name="gofmt",
        program="gofmt",
        kind=Kind.LAYOUT,
        reports=("gofmt",),
        write=("-w",),
        looks=frozenset({"-l", "-d", "-w", "-e"}),
    ),
    OwnTool(
        name="gofumpt",
        program="gofumpt",
        kind=Kind.LAYOUT,
        reports=("gofmt", "gofumpt"),
        write=("-w",),
        looks=frozenset({"-l", "-d", "-w", "-e"}),
        only_own=True,
    ),
)

_CARGO_FIX = ("--fix", "--allow-dirty", "--allow-staged", "--allow-no-vcs")
RUST_TOOLS: tuple[OwnTool, ...] = (
    OwnTool(
        name="cargo-fix",
        program="cargo",
        kind=Kind.LINT,
        reports=("rustc",),
        finds=_is_rust_lint,
        subcommands=(("check", "fix"), ("build", "fix")),
        write=("--all-targets", "--broken-code", "--allow-dirty", "--allow-staged", "--allow-no-vcs"),
        looks=frozenset({"--all-targets"}),
        looks_valued=frozenset({"--message-format"}),
        takes_files=False,
        roots=("Cargo.toml",),
    ),
    OwnTool(
        name="clippy",
        program="cargo",
        kind=Kind.LINT,
        reports=("clippy", "rustc"),
        finds=_is_rust_lint,
        subcommands=(("clippy", "clippy"),),
        write=_CARGO_FIX,
        looks=frozenset({"--fix", "--allow-dirty", "--allow-staged", "--allow-no-vcs"}),
        looks_valued=frozenset({"--message-format"}),
        one_rule=("--", "-A", "clippy::all", "-W", "{rule}"),
        rules_last=True,
        takes_files=False,
        roots=("Cargo.toml",),
    ),
    OwnTool(
        name="rustfmt",
        program="rustfmt",
        kind=Kind.LAYOUT,
        reports=("rustfmt",),
        looks=frozenset({"--check", "-l", "--files-with-diff"}),
        looks_valued=frozenset({"--emit"}),
        only_own=True,
    ),
    OwnTool(
        name="cargo-fmt",
        program="cargo",
        kind=Kind.LAYOUT,
        reports=("rustfmt",),
        subcommands=(("fmt", "fmt"),),
        looks=frozenset({"--check", "-l", "--files-with-diff"}),
        looks_valued=frozenset({"--emit", "--message-format"}),
        takes_files=False,
        roots=("Cargo.toml",),
    ),
)

OTHER_TOOLS: tuple[OwnTool, ...] = (
    OwnTool(
        name="clang-format",
        program="clang-format",
        kind=Kind.LAYOUT,
        reports=("clang-format",),
        write=("-i",),
        looks=frozenset({"--dry-run", "-n", "-Werror", "--Werror", "-i", "--output-replacements-xml"}),
    ),
    OwnTool(
        name="shfmt",
        program="shfmt",
        kind=Kind.LAYOUT,
        reports=("shfmt",),
        write=("-w",),
        looks=frozenset({"-d", "--diff", "-l", "--list", "-w", "--write"}),
        only_own=True,
    ),
    OwnTool(
        name="terraform-fmt",
        program="terraform",
        kind=Kind.LAYOUT,
        reports=("terraform",),
        subcommands=(("fmt", "fmt"),),
        looks=frozenset({"-check", "--check", "-diff", "--diff", "-write"}),
        only_own=True,
    ),
)
