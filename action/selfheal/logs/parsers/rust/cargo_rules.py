"""The headlines of cargo's own errors: a table that grows by one entry a kind."""

import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category


@dataclass(frozen=True, slots=True)
class Rule:
    """A headline of cargo's. `file` is the one to look at where the block names none."""

    pattern: re.Pattern[str]
    category: Category
    reason: str
    file: str | None = None
    advice: str = ""


def rule_of(pattern: str, category: Category, reason: str, file: str | None = None, advice: str = "") -> Rule:
    """A rule of its parts."""
    return Rule(re.compile(pattern), category, reason, file, advice)


_MANIFEST = "Cargo.toml"
# Programs that parse their arguments as cargo does say the same.
OPTION = "unexpected argument|unrecognized|invalid value .{1,200} for|the argument '|Found argument"
RULES: tuple[Rule, ...] = (
    rule_of("no matching package|no matching version", Category.DEPENDENCY, "no registry has the crate", _MANIFEST),
    rule_of("failed to select a version for", Category.DEPENDENCY, "no version of a crate fits", _MANIFEST),
    rule_of(
        "failed to (?:get|load source for|download|resolve)",
        Category.DEPENDENCY,
        "a dependency can't be had",
        _MANIFEST,
    ),
    rule_of(
        "package `.{1,200}` .{0,100}cannot be (?:built|depended)",
        Category.DEPENDENCY,
        "a crate does not fit",
        _MANIFEST,
    ),
    rule_of("package collision|cyclic package dependency|duplicate", Category.DEPENDENCY, "packages clash", _MANIFEST),
    rule_of("two packages named|multiple packages", Category.CONFIG, "packages clash", _MANIFEST),
    rule_of(
        "cannot update the lock|the lock ?file .{1,300} needs to be updated|lock file",
        Category.DEPENDENCY,
        "Cargo.lock does not fit the manifests",
        "Cargo.lock",
    ),
    rule_of("failed to parse lock file", Category.DEPENDENCY, "Cargo.lock can't be read", "Cargo.lock"),
    rule_of(
        "rustc .{1,60} is not supported by|package `.{1,200}` requires rustc|.{0,200}requires rustc ",
        Category.DEPENDENCY,
        "a package asks for a newer Rust than runs here",
        _MANIFEST,
        "Install a newer toolchain in the job, or choose an older version of the package.",
    ),
    rule_of(
        "failed to parse manifest|failed to (?:read|load) manifest",
        Category.CONFIG,
        "the manifest is refused",
        _MANIFEST,
    ),
    rule_of(
        "the package '.{1,200}' does not contain|.{0,200}does not contain (?:this|these) feature",
        Category.CONFIG,
        "no such feature",
        _MANIFEST,
    ),
    rule_of("no (?:bin|example|test|bench|library|default-run) target", Category.CONFIG, "no such target", _MANIFEST),
    rule_of(
        "package ID specification|a bin target must be available|`cargo run` could not determine",
        Category.CONFIG,
        "the command names no target",
        _MANIFEST,
    ),
    rule_of(
        "current package believes it's in a workspace",
        Category.CONFIG,
        "the workspace lacks the package",
        _MANIFEST,
    ),
    rule_of(
        "manifest path `.{1,300}` does not exist|could not find `Cargo.toml`",
        Category.CONFIG,
        "there is no manifest",
    ),
    rule_of("feature `.{1,100}` is required", Category.CONFIG, "the manifest needs a newer cargo", _MANIFEST),
    rule_of(
        "no such (?:sub)?command: `",
        Category.ENVIRONMENT,
        "the subcommand is not installed",
        advice="Install the subcommand in the job (`cargo install cargo-NAME`), or correct its name.",
    ),
    rule_of(
        "toolchain '.{1,200}' is not installed|'.{1,60}' is not installed for the toolchain"
        "|component .{1,200} unavailable",
        Category.ENVIRONMENT,
        "the toolchain lacks something",
        advice="Install the toolchain or component in the job with rustup.",
    ),
    rule_of("failed to run custom build command for", Category.BUILD, "a build script failed"),
    # Other programs that parse their arguments as cargo does say the same: its usage must follow.
    rule_of(OPTION, Category.CONFIG, "cargo refuses an option"),
)
