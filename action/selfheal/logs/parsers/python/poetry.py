"""poetry: solving, the lock file, pyproject.toml, and commands that it can't run."""

import re
from collections import deque
from dataclasses import dataclass
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Reading, Stage


@dataclass(frozen=True, slots=True)
class _Rule:
    """`pattern` matches a line; `file` is what it is about. `before` lines above belong to it, and `after` below."""

    code: str
    pattern: re.Pattern[str]
    category: Category
    reason: str
    advice: str = ""
    file: str | None = None
    before: int = 0
    after: int = 0


def _rule(
    code: str,
    pattern: str,
    category: Category,
    reason: str,
    advice: str = "",
    *,
    file: str | None = None,
    before: int = 0,
    after: int = 0,
) -> _Rule:
    return _Rule(code, re.compile(pattern), category, reason, advice, file, before, after)


_PROJECT, _LOCK = "pyproject.toml", "poetry.lock"
_RULES = (
    _rule(
        "SolverProblemError",
        r".{0,2000}version solving failed\.$",
        Category.DEPENDENCY,
        "poetry can't satisfy the requirements together",
        "Loosen or align the conflicting version constraints.",
        file=_PROJECT,
        before=8,
    ),
    _rule(
        "lock-outdated",
        r"(?:Error: )?(?:pyproject\.toml changed significantly since poetry\.lock|poetry\.lock is not up to date)",
        Category.DEPENDENCY,
        "the lock file does not belong to pyproject.toml any more",
        "Run `poetry lock` and commit poetry.lock.",
        file=_LOCK,
        after=1,
    ),
    _rule(
        "lock-missing",
        r"(?:Error: )?poetry\.lock was not found|.{0,60}The lock file does not exist",
        Category.DEPENDENCY,
        "there is no lock file",
        "Run `poetry lock` and commit poetry.lock.",
        file=_LOCK,
    ),
    _rule(
        "lock-invalid",
        r".{0,40}(?:The lock file is not compatible with the current version of Poetry|Unable to read the lock file)",
        Category.DEPENDENCY,
        "this poetry can't read the lock file",
        "Lock again with the poetry that the job installs, or pin that one.",
        file=_LOCK,
    ),
    _rule(
        "pyproject-invalid",
        r"The Poetry configuration is invalid:?$|Error: The fields? .{1,200} (?:is|are) required",
        Category.CONFIG,
        "poetry refuses pyproject.toml",
        file=_PROJECT,
        after=6,
    ),
    _rule(
        "python-not-found",
        r"Current Python version \(.{1,20}\) is not allowed by the project"
        r"|The currently activated Python version .{1,60} is not supported"
        r"|Poetry was unable to find a compatible version",
        Category.ENVIRONMENT,
        "the job's Python is not one that the project takes",
        "Install a Python that the project takes, or widen its range.",
    ),
    _rule(
        "command-not-found",
        r"Command not found: (\S{1,200})$",
        Category.ENVIRONMENT,
        "the environment has no such program",
        "Add it to the project's dependencies or install it in the job.",
    ),
    _rule(
        "no-such-group", r"Group\(s\) not found: ", Category.CONFIG, "pyproject.toml has no such group", file=_PROJECT
    ),
    _rule(
        "no-such-extra",
        r"Extra\(s\)? ?\[.{1,200}\] (?:is|are) not specified",
        Category.CONFIG,
        "pyproject.toml has no such extra",
        file=_PROJECT,
    ),
    _rule(
        "path-missing",
        r"(?:Path|Directory) (\S{1,300}) for \S{1,200} does not exist$",
        Category.DEPENDENCY,
        "a dependency's folder is missing",
        file=_PROJECT,
    ),
    _rule(
        "package-not-found",
        r"Could not find a matching version of package \S{1,200}|Package (?:.{1,200}) not found\.?$",
        Category.DEPENDENCY,
        "the index has no such package",
        file=_PROJECT,
    ),
    _rule(
        "no-project",
        r"Poetry could not find a pyproject\.toml file in ",
        Category.CONFIG,
        "the folder holds no pyproject.toml",
        "Call poetry in the folder that holds pyproject.toml.",
    ),
    _rule(
        "hash-mismatch",
        r"Hash for .{1,300} from archive .{1,300} not found in known hashes",
        Category.DEPENDENCY,
        "a package is not the one that its hash pins",
    ),
    _rule(
        "readme-missing",
        r"Error: Readme path `?\S{1,200}?`? does not exist|Error: The current project could not be installed: ",
        Category.CONFIG,
        "the project's own metadata does not fit its files",
        file=_PROJECT,
        after=3,
    ),
)
_TOML = re.compile(r"Invalid TOML file (\S{1,300}): (.{1,300}?)(?: at line (\d{1,9}) col (\d{1,9}))?$")
_NEEDLES = (
    "failed.",
    "poetry.lock",
    "oetry",
    "ot found",
    "not ",
    "Group(s)",
    "xtra",
    "xist",
    "nvalid",
    "lock file",
    "Error: ",
    "TOML",
)
_MAX = 20


class PoetryParser:
    """Reads poetry's messages line by line, with what stands around them."""

    anchors: ClassVar[tuple[str, ...]] = (
        "version solving failed",
        "poetry.lock",
        "The Poetry configuration is invalid",
        "is not allowed by the project",
        "The currently activated Python version",
        "Command not found: ",
        "Group(s) not found",
        "Poetry was unable",
        "Poetry could not find",
        "] is not specified",
        " does not exist",
        "matching version of package",
        "not found in known hashes",
        "Invalid TOML file",
        "The lock file",
        "current project could not be installed",
        "Readme path",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._found: dict[tuple[str, str], Finding] = {}
        self._before: deque[str] = deque(maxlen=12)
        self._open: tuple[_Rule, int, list[str]] | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._open is not None:
            if len(self._open[2]) <= self._open[0].after and line.strip():
                self._open[2].append(line)
                return
            self._close()
        if any(needle in line for needle in _NEEDLES):
            self._match(number, line)
        if line.startswith("Resolving "):
            self._before.clear()
        else:
            self._before.append(line)

    def finish(self) -> Reading:
        """Say what was found."""
        self._close()
        return Reading(tuple(self._found.values()))

    def _match(self, number: int, line: str) -> None:
        bare = line.strip()
        toml = _TOML.match(bare)
        if toml is not None:
            self._toml(number, bare, toml)
            return
        rule = next((rule for rule in _RULES if rule.pattern.match(bare) is not None), None)
        if rule is None:
            return
        if rule.before:
            above = [one for one in self._before if one.strip()][-rule.before :]
            self._open = (rule, number, [*above, line])
            self._close()
        else:
            self._open = (rule, number, [line])
            if not rule.after:
                self._close()

    def _close(self) -> None:
        if self._open is None:
            return
        (rule, number, lines), self._open = self._open, None
        message = " ".join(line.strip() for line in lines)[:1_000]
        self._add(rule.code, message, number, rule.category, rule.reason, lines, advice=rule.advice, file=rule.file)

    def _toml(self, number: int, bare: str, toml: re.Match[str]) -> None:
        name = self._context.repository.name(toml.group(1))
        failure = Failure(
            tool="poetry",
            message=toml.group(2),
            file=name,
            line=int(toml.group(3)) if toml.group(3) else None,
            column=int(toml.group(4)) if toml.group(4) else None,
            code="TOMLDecodeError",
            excerpt=bare,
        )
        finding = Finding(failure, Category.SYNTAX, Stage.SYNTAX, (number, number), reason="the file is no valid TOML")
        self._found.setdefault(("TOMLDecodeError", bare), finding)

    def _add(
        self,
        code: str,
        message: str,
        number: int,
        category: Category,
        reason: str,
        lines: list[str],
        *,
        advice: str,
        file: str | None,
    ) -> None:
        if (code, message) in self._found or len(self._found) >= _MAX:
            return
        failure = Failure(
            tool="poetry", message=message, file=file, code=code, excerpt="\n".join(lines).strip()[:MAX_EXCERPT]
        )
        self._found[code, message] = Finding(
            failure, category, Stage.BUILD, (number, number), reason=reason, advice=advice
        )
