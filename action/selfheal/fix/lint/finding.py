"""A linter's finding, and what a repair of it is."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from selfheal.contract.diagnosis import Failure
from selfheal.fix.lint.project import Project
from selfheal.fix.lint.rule_names import CODE_OF
from selfheal.fix.lint.source import Source, Splice

_QUOTED = re.compile(r"`([^`]{1,300})`|'([^']{1,300})'|\"([^\"]{1,300})\"")
_SYMBOL = re.compile(r" \(([a-z0-9][a-z0-9-]{2,60})\)$")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding at one place. `line` and `column` count from 1; without a column it is the line's start."""

    tool: str
    code: str
    message: str
    file: str
    line: int
    column: int | None = None

    @property
    def quoted(self) -> tuple[str, ...]:
        """What the message puts into quotes of any kind, in order."""
        return tuple(next(part for part in match.groups() if part) for match in _QUOTED.finditer(self.message))

    @property
    def name(self) -> str:
        """The first quoted text, mostly the name that the finding is about; empty where there is none."""
        return self.quoted[0] if self.quoted else ""


def finding_of(failure: Failure) -> Finding | None:
    """Read a failure as a finding; None where it has no place or no code."""
    if not failure.file or not failure.code or not failure.line or failure.line < 1:
        return None
    code = CODE_OF.get(failure.code, failure.code)
    message = _SYMBOL.sub("", failure.message)
    return Finding(failure.tool, code, message, failure.file, failure.line, failure.column)


@dataclass(frozen=True, slots=True)
class Spot:
    """All that a repair may look at. `fellows` are the file's findings of the same rule, this one among them."""

    finding: Finding
    source: Source
    project: Project
    fellows: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One way to mend a finding. `is_sure` is False where what the program does may change, and `why` says how."""

    splices: tuple[Splice, ...]
    why: str
    is_sure: bool = True


Repair = Callable[[Spot], tuple[Rewrite, ...]]
"""Gives the ways to mend a finding, the likeliest first; none where it has no exact one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that linters find, under all the codes that they have for it."""

    codes: frozenset[str]
    repair: Repair


def rule(codes: str, repair: Repair) -> Rule:
    """Make a rule of codes that stand in one text, blanks between them."""
    return Rule(frozenset(codes.split()), repair)
