"""Which suspects may do the wrong thing: a search over what a program does is none over how it is written."""

from collections.abc import Iterator

from selfheal.contract.diagnosis import Category, Diagnosis, Failure
from selfheal.contract.suspects import Suspect
from selfheal.fix.interface import RepairCase

STYLE_TOOLS = frozenset(
    {
        *("ruff", "flake8", "pylint", "black", "isort", "autoflake", "pyupgrade", "yapf", "autopep8", "docformatter"),
        *("eslint", "biome", "prettier", "gofmt", "goimports", "golangci-lint", "staticcheck", "clippy", "rustfmt"),
        *("clang-format", "checkstyle", "shfmt", "terraform"),
    }
)
"""Tools, as the parsers call them, that look at the source and run nothing of it."""
_ANSWERED = frozenset({"ruff", "flake8", "pylint", "autoflake", "pyupgrade"})
"""Linters whose findings have a strategy of their own that asks, and those that mend all that they find."""
_STYLE = (Category.LINT, Category.FORMAT)


def is_style(failure: Failure, diagnosis: Diagnosis) -> bool:
    """Tell whether a finding is a linter's or a formatter's; a hook is what its failure is told to be."""
    if failure.tool in STYLE_TOOLS:
        return True
    return failure.tool == "pre-commit" and diagnosis.category in _STYLE


def misbehaving(case: RepairCase) -> Iterator[tuple[int, Suspect]]:
    """The suspects by their index, without those that only a linter or a formatter points at."""
    failures = case.diagnosis.failures
    if failures and all(is_style(failure, case.diagnosis) for failure in failures):
        return
    for index, suspect in enumerate(case.suspects):
        if not suspect.evidence or not all(_is_styles(one) for one in suspect.evidence):
            yield index, suspect


def rewritable(case: RepairCase) -> tuple[tuple[int, Suspect], ...]:
    """The same, and what a linter points at that no other strategy asks the model about."""
    found = tuple(misbehaving(case))
    is_open = case.diagnosis.category is Category.LINT and all(f.tool not in _ANSWERED for f in case.diagnosis.failures)
    return found or (tuple(enumerate(case.suspects)) if is_open else ())


def _is_styles(evidence: str) -> bool:
    tool, _, words = evidence.partition(" ")
    return tool in STYLE_TOOLS and words.startswith("reports")
