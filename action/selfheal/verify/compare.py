"""Compare what failed before a candidate with what fails after it. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from selfheal.contract.diagnosis import Category, Diagnosis, Failure

_NUMBER = re.compile(r"0x[0-9a-f]+|\d+", re.IGNORECASE)
_HIDES_TESTS = (Category.SYNTAX, Category.DEPENDENCY)

_LINTERS = frozenset({"ruff", "flake8", "pylint"})
_ERROR = re.compile(r"(?:F[567]\d\d|F82\d|E9\d\d|[EF]\d{4}|[a-z-]+)$")
"""Codes that say that the program is wrong, not how it is written; a name without a number may be either."""
_SYNTAX_CODES = frozenset({"SyntaxError", "IndentationError", "TabError", "invalid-syntax", "E999", "E0001", "syntax"})
_REFUSED = frozenset({"config", "usage"})
_SOURCE = (".py", ".pyi", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs")
_ECHOING = frozenset({"make", "ninja", "npm", "pnpm", "yarn", "tox", "nox"})

Signature = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Counts of failures that are gone, still there, and new. A stage is one tool's part of a longer command."""

    fixed: int
    remaining: int
    new: int
    new_from_other_stages: int
    is_blocked: bool
    """True when something broke so early that it hides what would fail after it."""
    is_traded: bool = False
    """True when a linter alone found something new, and less than is gone: a mended finding often shows another, as an
    import that is no longer used."""


def signature(failure: Failure) -> Signature:
    """Name a failure so that line numbers, addresses and counts, which shift with every edit, don't matter."""
    said = f"{failure.code or ''}:{_NUMBER.sub('N', failure.message)[:300]}"
    if failure.test_id and _is_uncollected(failure) and _is_syntax(failure):
        # The next module that does not parse is another failure than the one that was mended.
        return (failure.tool, failure.file or "", f"{failure.test_id}:{said}")
    return (failure.tool, failure.file or "" if not failure.test_id else "", failure.test_id or said)


def signatures(diagnosis: Diagnosis) -> Counter[Signature]:
    """Count the failures of a diagnosis by their signature, without those that only say that something failed."""
    own = [failure for failure in diagnosis.failures if failure.tool not in _ECHOING]
    return Counter(signature(failure) for failure in own or diagnosis.failures)


def signatures_of(failures: Iterable[Failure]) -> Counter[Signature]:
    """Count failures by their signature."""
    return Counter(signature(failure) for failure in failures)


def _stood_behind(failure: Failure, before: Diagnosis, touched: frozenset[str]) -> bool:
    """Tell whether a failure was there before, behind one that stopped everything else.

    A file that nobody touched was as broken before. And what a tool finds once it can read its configuration,
    in files that nobody touched, it did not look for before.
    """
    if failure.file is None or failure.file in touched or not touched:
        return False
    if before.category is Category.SYNTAX and _is_syntax(failure):
        return True
    tools = {one.tool for one in before.failures}
    is_configuration = before.category is Category.CONFIG and not any(path.endswith(_SOURCE) for path in touched)
    return is_configuration and failure.tool in tools and failure.code not in _REFUSED and not _is_uncollected(failure)


def _is_syntax(failure: Failure) -> bool:
    return (failure.code or "").rpartition(".")[2] in _SYNTAX_CODES


def compare(before: Diagnosis, after: Diagnosis, *, touched: frozenset[str] = frozenset()) -> Comparison:
    """Compare two diagnoses of the same command. `touched` are the files that the candidate changed."""
    old, new = signatures(before), signatures(after)
    stages = {_stage(failure) for failure in before.failures}
    others = {signature(failure) for failure in after.failures if _stage(failure) not in stages}
    came_up = signatures_of(failure for failure in after.failures if _stood_behind(failure, before, touched))
    appeared = new - old - came_up
    blocked_now = after.category in _HIDES_TESTS and before.category not in _HIDES_TESTS
    gone = old - new
    uncollected = any(_is_uncollected(f) for f in after.failures if signature(f) in appeared)
    return Comparison(
        fixed=gone.total(),
        remaining=(old & new).total() + ((new - old) & came_up).total(),
        new=appeared.total(),
        new_from_other_stages=sum(count for key, count in appeared.items() if key in others),
        is_blocked=blocked_now or uncollected,
        is_traded=gone.total() > appeared.total() and _is_trade(gone, appeared),
    )


def _is_trade(gone: Counter[Signature], appeared: Counter[Signature]) -> bool:
    """Tell whether each new finding is of style, in a file in which the same linter no longer finds another."""
    places = {(tool, file) for tool, file, _ in gone}
    return all(
        tool in _LINTERS and (tool, file) in places and not _ERROR.match(what.partition(":")[0])
        for tool, file, what in appeared
    )


def _stage(failure: Failure) -> tuple[str, bool]:
    """Tell the tool, and a tool's formatting from its checking: `ruff check && ruff format --check` has two stages."""
    return failure.tool, failure.code == "unformatted"


def _is_uncollected(failure: Failure) -> bool:
    """A test file that could not be loaded is named without a test in it."""
    return failure.tool == "pytest" and failure.test_id is not None and "::" not in failure.test_id
