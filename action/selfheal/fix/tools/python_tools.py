"""Python's formatters and linters that rewrite."""

from selfheal.contract.diagnosis import Failure
from selfheal.fix.tools.interface import Kind
from selfheal.fix.tools.own_tool import OwnTool

UNFORMATTED = "unformatted"
"""The code that the parsers give to a formatter's finding."""


def _is_layout(failure: Failure) -> bool:
    return failure.code == UNFORMATTED


def _is_lint(failure: Failure) -> bool:
    return failure.code != UNFORMATTED and bool(failure.file)


_RUFF_LOOKS = frozenset({"--check", "--diff", "--statistics", "--show-files", "--show-fixes", "--no-fix", "--watch"})
_RUFF_VALUED = frozenset({"--output-format", "--output-file", "-o"})
_CHECKS = frozenset({"--check", "--diff", "-c", "--check-only", "--check-diff"})

PYTHON_TOOLS: tuple[OwnTool, ...] = (
    OwnTool(
        name="ruff-fix",
        program="ruff",
        kind=Kind.LINT,
        reports=("ruff",),
        finds=_is_lint,
        subcommands=(("check", "check"),),
        write=("--fix-only",),
        looks=_RUFF_LOOKS | {"--fix", "--unsafe-fixes"},
        looks_valued=_RUFF_VALUED,
        one_rule=("--fixable", "{rule}"),
        select=("--select", "{rule}", "--fixable", "{rule}"),
        tells=("--show-fixes",),
    ),
    OwnTool(
        name="ruff-format",
        program="ruff",
        kind=Kind.LAYOUT,
        reports=("ruff",),
        finds=_is_layout,
        subcommands=(("format", "format"),),
        looks=_RUFF_LOOKS,
        looks_valued=_RUFF_VALUED,
    ),
    OwnTool(
        name="isort",
        program="isort",
        kind=Kind.IMPORTS,
        reports=("isort",),
        finds=_is_layout,
        looks=_CHECKS,
        configs=(".isort.cfg", "pyproject.toml", "setup.cfg", "tox.ini"),
    ),
    OwnTool(
        name="black",
        program="black",
        kind=Kind.LAYOUT,
        reports=("black",),
        finds=_is_layout,
        looks=_CHECKS,
        narrows=True,
        suffixes=(".py", ".pyi", ".ipynb"),
    ),
    OwnTool(
        name="autoflake",
        program="autoflake",
        kind=Kind.LINT,
        # Its diff has the heads of autopep8's.
        reports=("autoflake", "autopep8"),
        write=("--in-place",),
        looks=frozenset({"--check", "-c", "--check-diff", "-cd", "--in-place", "-i", "--stdout", "-s"}),
        narrows=True,
        suffixes=(".py", ".pyi"),
        only_own=True,
    ),
    # What it made of a file it may find outdated itself: `%` becomes `.format`, and that an f-string.
    OwnTool(name="pyupgrade", program="pyupgrade", kind=Kind.LINT, reports=("pyupgrade",), only_own=True, passes=3),
    OwnTool(
        name="yapf",
        program="yapf",
        kind=Kind.LAYOUT,
        reports=("yapf",),
        write=("--in-place",),
        looks=frozenset({"--diff", "-d", "--quiet", "-q", "--in-place", "-i"}),
        narrows=True,
        suffixes=(".py", ".pyi"),
        only_own=True,
    ),
    OwnTool(
        name="autopep8",
        program="autopep8",
        kind=Kind.LAYOUT,
        reports=("autopep8",),
        write=("--in-place",),
        looks=frozenset({"--diff", "-d", "--exit-code", "--in-place", "-i"}),
        narrows=True,
        suffixes=(".py", ".pyi"),
        only_own=True,
    ),
    OwnTool(
        name="docformatter",
        program="docformatter",
        kind=Kind.LINT,
        reports=("docformatter",),
        write=("--in-place",),
        looks=frozenset({"--check", "-c", "--diff", "-d", "--in-place", "-i"}),
        narrows=True,
        suffixes=(".py", ".pyi"),
        only_own=True,
    ),
    OwnTool(
        name="ruff-unsafe-fix",
        program="ruff",
        kind=Kind.LINT,
        reports=("ruff",),
        finds=_is_lint,
        subcommands=(("check", "check"),),
        write=("--fix-only", "--unsafe-fixes"),
        looks=_RUFF_LOOKS | {"--fix", "--no-unsafe-fixes"},
        looks_valued=_RUFF_VALUED,
        one_rule=("--fixable", "{rule}"),
        select=("--select", "{rule}", "--fixable", "{rule}"),
        tells=("--show-fixes",),
        is_unsafe=True,
        only_by_rule=True,
    ),
)
