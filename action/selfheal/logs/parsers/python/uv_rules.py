"""What uv says when it gives up: a table that grows by one entry a message."""

import re
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category


@dataclass(frozen=True, slots=True)
class UvRule:
    """`pattern` is searched in uv's whole message, joined into one line; group 1 is the detail, if any."""

    code: str
    pattern: re.Pattern[str]
    category: Category
    reason: str
    advice: str = ""
    file: str | None = None


def _rule(
    code: str, pattern: str, category: Category, reason: str, advice: str = "", *, file: str | None = None
) -> UvRule:
    return UvRule(code, re.compile(pattern), category, reason, advice, file)


UV_RULES: tuple[UvRule, ...] = (
    _rule(
        "network",
        r"error sending request for url|Could not connect, are you offline|dns error|[Cc]onnection refused|timed out",
        Category.INFRA,
        "the package index can't be reached",
        "Run the job again; check the runner's network.",
    ),
    _rule(
        "credentials",
        r"lack of valid authentication credentials|\b40[13] (?:Unauthorized|Forbidden)",
        Category.ENVIRONMENT,
        "the package index asks for credentials that the job does not have",
        "Give the job the index's credentials; pull requests from forks don't get secrets.",
    ),
    _rule(
        "no-solution",
        r"No solution found when resolving",
        Category.DEPENDENCY,
        "uv can't satisfy the requirements together",
        "Loosen or align the conflicting version constraints.",
    ),
    _rule(
        "lock-outdated",
        r"lockfile at `([^`]{1,300})` needs to be updated",
        Category.DEPENDENCY,
        "the lock file does not belong to pyproject.toml any more",
        "Run `uv lock` and commit uv.lock.",
        file="uv.lock",
    ),
    _rule(
        "lock-missing",
        r"Unable to find lockfile",
        Category.DEPENDENCY,
        "there is no lock file",
        "Run `uv lock` and commit uv.lock.",
        file="uv.lock",
    ),
    _rule(
        "lock-invalid",
        r"Failed to parse `?(?:\S{0,300}/)?uv\.lock`?",
        Category.DEPENDENCY,
        "the lock file can't be read",
        "Run `uv lock` and commit uv.lock.",
        file="uv.lock",
    ),
    _rule("hash-mismatch", r"Hash mismatch for", Category.DEPENDENCY, "a package is not the one that its hash pins"),
    _rule(
        "python-not-found",
        r"No interpreter found|No download found for request|Invalid version request|does not satisfy Python"
        r"|incompatible with the project(?:'s)? Python requirement",
        Category.ENVIRONMENT,
        "the Python that is asked for is not installed",
        "Install that Python in the job, or change requires-python or .python-version.",
    ),
    _rule(
        "no-such-group",
        r"(?:Group|Extra) `[^`]{1,200}` is not defined",
        Category.CONFIG,
        "pyproject.toml has no such group or extra",
        file="pyproject.toml",
    ),
    _rule(
        "invalid-requirement",
        r"Couldn't parse requirement in `([^`]{1,300})`",
        Category.CONFIG,
        "a requirement can't be parsed",
    ),
    _rule("file-missing", r"File not found: `([^`]{1,300})`", Category.CONFIG, "a file is missing"),
    _rule(
        "no-project",
        r"No `(pyproject\.toml)` found",
        Category.CONFIG,
        "the folder holds no pyproject.toml",
        "Call uv in the folder that holds pyproject.toml.",
    ),
    _rule(
        "no-environment",
        r"No virtual environment found|is externally managed",
        Category.ENVIRONMENT,
        "there is no virtual environment to install into",
        "Create one with `uv venv`, or pass --system.",
    ),
    _rule(
        "workspace",
        r"(?:references a workspace|is not a workspace member|Workspace member)",
        Category.CONFIG,
        "the workspace is not set up as pyproject.toml says",
        file="pyproject.toml",
    ),
    _rule(
        "usage",
        r"unexpected argument|invalid value '|required arguments were not provided|unrecognized subcommand",
        Category.CONFIG,
        "uv refused its command line",
    ),
    _rule(
        "not-found",
        r"was not found in the (?:package registry|cache|provided package locations)",
        Category.DEPENDENCY,
        "a package is not in the index",
    ),
)
"""In the order in which they are tried."""
