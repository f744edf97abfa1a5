"""uv: resolution, the lock file, pyproject.toml, builds and interpreters."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.python.build_failure import Build, build_finding
from selfheal.logs.parsers.python.uv_rules import UV_RULES

_HEAD = re.compile(r"(?:error: |  × )(\S.*)$")
_MORE = ("  ", "Caused by", "hint: ")
_TOML = re.compile(r"TOML parse error at line (\d{1,9}), column (\d{1,9})")
_FILE = re.compile(r"(?:Failed to parse:?|Invalid) `?(\S{1,300}?\.(?:toml|lock))`?(?=\s|:|$)")
_TOML_SAID = re.compile(r"\^\s{1,40}(\S.{0,300})$")
_TYPED = re.compile(r"invalid type|unknown (?:field|variant)|missing field|expected an? |Expected one of|must be")
_POSITION = re.compile(r"`([^`]{1,300})` at (?:position \d{1,9}|(\d{1,9}):(\d{1,9}))")
_BUILD = re.compile(
    r"(?:Failed to build(?: `([^`]{1,300})`)?|The build backend returned an error|Call to\s+`[\w.:]{1,200}` failed)"
)
_OUR_WORDS = (
    "Failed to parse",
    "Failed to build",
    "No solution found",
    "lockfile at `",
    "uv ",
    "cause:",
    "uv.lock",
)
_KEPT = 1_500
_MAX = 20


class UvParser:
    """Collects each `error:` with its causes; only messages that uv alone writes are taken."""

    anchors: ClassVar[tuple[str, ...]] = (
        "No solution found when resolving",
        "lockfile at `",
        "Failed to build",
        "The build backend returned an error",
        "TOML parse error at line",
        "No interpreter found",
        "No download found for request",
        "Invalid version request",
        "project's Python requirement",
        "is not defined in the project",
        "parse requirement in `",
        "Hash mismatch for `",
        "No virtual environment found",
        "No `pyproject.toml` found",
        "File not found: `",
        "workspace member",
        "was not found in the package registry",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._claimed: list[tuple[int, int]] = []
        self._lines: list[str] = []
        self._first = self._blanks = 0
        self._is_output = False
        self._built: tuple[int, list[str]] | None = None

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._is_output:
            if line.startswith(("hint: ", "error: ", "Process completed")) or len(self._lines) >= _KEPT:
                self._is_output = False
                self._end(number - 1)
            else:
                self._lines.append(line)
                return
        if self._lines:
            if line in ("[stderr]", "[stdout]"):
                # Until 0.8 uv did not indent what the build backend printed.
                self._is_output = True
                self._lines.append(line)
                return
            if line.startswith(_MORE) and _HEAD.match(line) is None:
                self._blanks = 0
                if len(self._lines) < _KEPT:
                    self._lines.append(line)
                return
            if not line.strip() and not self._blanks:
                self._blanks = 1
                self._lines.append("")
                return
            self._end(number - 1)
        if line.startswith(("error: ", "  × ")) and _HEAD.match(line) is not None:
            self._lines, self._first, self._blanks = [line], number, 0
        elif line.startswith("Building ") and line.endswith("..."):
            self._built = (number, [])
        elif self._built is not None and len(self._built[1]) < _KEPT:
            self._built[1].append(line)

    def finish(self) -> Reading:
        """Say what was found."""
        if self._lines:
            self._end(self._first + len(self._lines) - 1)
        return Reading(tuple(self._findings), tuple(self._claimed))

    def _end(self, last: int) -> None:
        lines, self._lines = self._lines, []
        if len(self._findings) >= _MAX:
            return
        joined = " ".join(" ".join(line.strip(" │╰─▶×|").split()) for line in lines)[:8_000]
        span = (self._first, last)
        finding = (
            self._toml(lines, joined, span) or self._build(lines, joined, span) or self._ruled(lines, joined, span)
        )
        if finding is not None:
            self._findings.append(finding)
            self._claimed.append(finding.lines)

    def _toml(self, lines: list[str], joined: str, span: tuple[int, int]) -> Finding | None:
        place, file = _TOML.search(joined), _FILE.search(joined)
        if file is None or (place is None and "Failed to parse" not in joined):
            return None
        said = next((line.strip() for line in reversed(lines) if line.strip() and "|" not in line), "")
        is_shape = _TYPED.search(said) is not None or place is None
        name = self._context.repository.name(file.group(1))
        is_lock = name.endswith(".lock")
        failure = Failure(
            tool="uv",
            message=f"{name} can't be read: {said}"[:500],
            file=name,
            line=int(place.group(1)) if place is not None else None,
            column=int(place.group(2)) if place is not None else None,
            code="lock-invalid" if is_lock else "toml",
            excerpt="\n".join(lines)[:MAX_EXCERPT],
        )
        category = Category.DEPENDENCY if is_lock else Category.CONFIG if is_shape else Category.SYNTAX
        reason = "the file holds what uv does not take" if is_shape else "the file is no valid TOML"
        stage = Stage.BUILD if category is not Category.SYNTAX else Stage.SYNTAX
        return Finding(failure, category, stage, span, reason=reason)

    def _build(self, lines: list[str], joined: str, span: tuple[int, int]) -> Finding | None:
        found = _BUILD.search(joined)
        # What the build itself requires is resolved before anything is built.
        if found is None or "Failed to resolve requirements from" in joined:
            return None
        what = found.group(1) or ""
        is_own = not what or what.startswith(("/", ".", "file:")) or " @ file:" in what
        output = [line.removeprefix("         ") for line in lines[1:]]
        has_output = "[stderr]" in joined or "[stdout]" in joined
        if not has_output and self._built is not None:
            # `uv build` lets the backend print as it goes.
            span, output, has_output = (self._built[0], span[1]), self._built[1], True
        self._built = None
        message = f"{what} could not be built" if what else "the project could not be built"
        return build_finding(self._context, Build("uv", "build", message, is_own, span, output, has_output))

    def _ruled(self, lines: list[str], joined: str, span: tuple[int, int]) -> Finding | None:
        for rule in UV_RULES:
            found = rule.pattern.search(joined)
            if found is None:
                continue
            file, line = self._place(rule.file, found, joined)
            failure = Failure(
                tool="uv",
                message=joined.removeprefix("error: ")[:1_000],
                file=file,
                line=line,
                code=rule.code,
                excerpt="\n".join(lines).strip()[:MAX_EXCERPT],
            )
            return Finding(failure, rule.category, Stage.BUILD, span, reason=rule.reason, advice=rule.advice)
        return None

    def _place(self, file: str | None, found: re.Match[str], joined: str) -> tuple[str | None, int | None]:
        detail = found.group(1) if found.re.groups else None
        if file is None and detail is not None:
            placed = _POSITION.search(joined)
            line = int(placed.group(2)) if placed is not None and placed.group(2) else None
            return self._context.repository.name(detail), line
        return (self._context.repository.name(file), None) if file is not None else (None, None)
