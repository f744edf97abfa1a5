"""autoflake, pyupgrade, yapf, autopep8 and docformatter, where they only look or say what they rewrote."""

import re
from dataclasses import dataclass
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage

_AUTOFLAKE = re.compile(r"(\S.{0,1000}?): Unused imports/variables detected\.?$")
_PYUPGRADE = re.compile(r"Rewriting (\S.{0,1000}\.pyi?)$")
_YAPF_BROKEN = re.compile(r"yapf: (\S.{0,500}?):(\d{1,9}):(\d{1,9}): (.{1,300})$")
_ISORT_BROKEN = re.compile(
    r".{0,80}?isort was told to sort imports within code that contains syntax errors: (\S.{0,1000}?)\.?$"
)
_NAME = re.compile(r"(\S.{0,1000}\.pyi?)$")
_HOOK = "- hook id: "
_CHECK_FAILED = 3
"""docformatter's exit status; its `--check` prints bare names."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a tool heads its diffs: the old name and the new one, which must agree."""

    tool: str
    old: re.Pattern[str]
    new: re.Pattern[str]


_DIFFS = (
    _Way(
        "yapf",
        re.compile(r"--- (\S.{0,1000}?)\t\(original\)$"),
        re.compile(r"\+\+\+ (\S.{0,1000}?)\t\(reformatted\)$"),
    ),
    _Way("autopep8", re.compile(r"--- original/(\S.{0,1000})$"), re.compile(r"\+\+\+ fixed/(\S.{0,1000})$")),
    _Way("docformatter", re.compile(r"--- before/(\S.{0,1000})$"), re.compile(r"\+\+\+ after/(\S.{0,1000})$")),
)
_WORDS = {
    "autoflake": ("unused", "an import or a variable is not used", Category.LINT, Stage.LINT),
    "pyupgrade": ("outdated", "the file is written for an older Python", Category.LINT, Stage.LINT),
}
_LAYOUT = ("unformatted", "the file is not formatted", Category.FORMAT, Stage.FORMAT)


class RewriterParser:
    """Reads the names of the files that a tool would rewrite, or rewrote, and those that it can't parse."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Unused imports/variables detected",
        "Rewriting ",
        "\t(reformatted)",
        "+++ fixed/",
        "+++ after/",
        "yapf: ",
        "contains syntax errors",
        ".py",
        _HOOK,
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._found: dict[tuple[str, str], Finding] = {}
        self._bare: list[tuple[int, str]] = []
        self._previous = ""
        self._is_hooked = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        previous, self._previous = self._previous, line
        self._is_hooked = self._is_hooked or line.startswith(_HOOK)
        if (unused := _AUTOFLAKE.match(line)) is not None:
            self._add(number, "autoflake", unused.group(1))
        elif not self._is_hooked and (old := _PYUPGRADE.match(line)) is not None:
            self._add(number, "pyupgrade", old.group(1))
        elif line.startswith("+++ "):
            for way in _DIFFS:
                was, now = way.old.match(previous), way.new.match(line)
                if was is not None and now is not None and was.group(1) == now.group(1):
                    self._add(number, way.tool, now.group(1))
        elif (broken := _YAPF_BROKEN.match(line)) is not None:
            place = int(broken.group(2)), int(broken.group(3))
            self._broken(number, "yapf", broken.group(1), broken.group(4), place)
        elif (sorted_ := _ISORT_BROKEN.match(line)) is not None:
            self._broken(number, "isort", sorted_.group(1), "syntax error", None)
        elif (
            self._context.exit_code == _CHECK_FAILED
            and len(self._bare) < MAX_FINDINGS
            and (name := _NAME.match(line)) is not None
            and self._context.repository.name(name.group(1)) in self._context.repository.known_files
        ):
            self._bare.append((number, name.group(1)))

    def finish(self) -> Reading:
        """Say what was found."""
        if not self._found:
            for number, name in self._bare:
                self._add(number, "docformatter", name)
        return Reading(tuple(self._found.values()))

    def _add(self, number: int, tool: str, file: str) -> None:
        name = self._context.repository.name(file)
        if (tool, name) in self._found or len(self._found) >= MAX_FINDINGS:
            return
        code, message, category, stage = _WORDS.get(tool, _LAYOUT)
        failure = Failure(tool=tool, message=message, file=name, code=code, excerpt=f"{name}: {message}")
        reason = f"{tool} would rewrite the file"
        self._found[tool, name] = Finding(failure, category, stage, (number, number), reason=reason)

    def _broken(self, number: int, tool: str, file: str, why: str, place: tuple[int, int] | None) -> None:
        name = self._context.repository.name(file)
        if (tool, name) in self._found or len(self._found) >= MAX_FINDINGS:
            return
        message = f"can't parse the file: {why}"
        line, column = place or (None, None)
        failure = Failure(
            tool=tool,
            message=message,
            file=name,
            line=line,
            column=column,
            code="invalid-syntax",
            excerpt=f"{name}: {message}"[:1_500],
        )
        reason = f"{tool} can't parse the file"
        self._found[tool, name] = Finding(failure, Category.SYNTAX, Stage.SYNTAX, (number, number), reason=reason)
