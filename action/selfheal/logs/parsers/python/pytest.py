"""pytest: failures, errors, collection, doctest, time limits, usage and internal errors."""

import re
from collections import deque
from dataclasses import dataclass, field
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.contract.test_paths import is_test_path
from selfheal.logs.exceptions import SYNTAX_ERRORS, final, locate, split_exception
from selfheal.logs.native_traceback import read_chain
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.python import pytest_extras
from selfheal.logs.parsers.python.pytest_blocks import LOCATION, Block, read_block
from selfheal.logs.parsers.python.pytest_checkers import is_status_of_checker, read_checker
from selfheal.logs.parsers.python.pytest_names import Named, node_id_of, read_progress, read_result, read_summary

_HEAD_LINES, _TAIL_LINES = 1_500, 1_500
_SECTION = re.compile(r"=+ (.{1,300}?) =+$")
_ENDING = re.compile(
    r"(?:=+ )?(?:\d+ (?:failed|passed|skipped|deselected|xfailed|xpassed|warnings?|errors?|rerun)[, ].{0,300}|"
    r"no tests (?:ran|collected|run).{0,300})in \d+(?:\.\d+)?s.{0,60}$"
)
_BLOCK_MAX = 6_000
_CRASHED = re.compile(r"worker 'gw\d{1,4}' crashed while running '(.{1,1000})'$")
_BAR = "\u2015"
"""What pytest-sugar draws the titles of its blocks with, which stand in no section."""


@dataclass(slots=True)
class _Collected:
    """The lines of one block: the head and the tail where it is very long."""

    title: str
    first: int
    last: int = 0
    head: list[str] = field(default_factory=list)
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=_TAIL_LINES))

    def add(self, number: int, line: str) -> None:
        self.last = number
        if len(self.head) < _HEAD_LINES:
            self.head.append(line)
        else:
            self.tail.append(line)

    @property
    def lines(self) -> list[str]:
        return [*self.head, *self.tail]


class PytestParser:
    """Reads pytest's sections and matches each block to its node id."""

    anchors: ClassVar[tuple[str, ...]] = (
        "= FAILURES =",
        "= ERRORS =",
        "short test summary info",
        "INTERNALERROR>",
        "while loading conftest",
        "+ Timeout +",
        "pytest",
        "FAILED ",
        "ERROR",
        "failed",
        "error",
        "no tests ",
        ".py:",
        "deselected",
    )

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._blocks: list[_Collected] = []
        self._untitled: list[_Collected] = []
        self._named: list[Named] = []
        self._results: list[str] = []
        self._files: list[str] = []
        self._section = ""
        self._started = 0
        self._claimed: list[tuple[int, int]] = []
        self._extras = pytest_extras.Extras(context)
        self._last = 0

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        self._last = number
        if self._extras.feed(number, line, is_idle=not self._section):
            return
        if line.startswith(_BAR) and not self._section and _title(line) is not None:
            self._open_section(number, "FAILURES")
        if line.startswith("=") and (section := _SECTION.match(line)) is not None:
            self._open_section(number, section.group(1))
        elif self._section in ("FAILURES", "ERRORS"):
            self._in_failures(number, line)
        elif self._section == "short test summary info":
            named = read_summary(line)
            if named is not None and len(self._named) < MAX_FINDINGS:
                self._named.append(named)
        elif (result := read_result(line)) is not None and len(self._results) < MAX_FINDINGS:
            self._results.append(result)
        elif (file := read_progress(line)) is not None and len(self._files) < MAX_FINDINGS:
            self._files.append(file)
        if (line[:1].isdigit() or line.startswith(("no tests", "="))) and _ENDING.match(line):
            self._extras.ended(number, line)
            self._close(number)

    def finish(self) -> Reading:
        """Put blocks, summary and results together."""
        if self._started:
            self._close(self._last)
        known = list(dict.fromkeys([*(named.node_id for named in self._named), *self._results]))
        findings: list[Finding] = []
        covered: set[str | None] = set()
        for block in self._blocks:
            if is_status_of_checker(block.title, block.lines):
                continue
            checked = read_checker(self._context, block.title, block.first, block.lines)
            findings += checked or [self._finding(block, known)]
            if checked:
                covered |= {
                    one for one in known if one.endswith(("::mypy", "::mypy-status", "::ruff", "::ruff::format"))
                }
        findings += self._lines_style(known)
        covered |= {finding.failure.test_id for finding in findings}
        findings += [self._unexplained(named) for named in self._named if self._node_id(named) not in covered]
        if not self._named and not findings:
            names = self._results or self._files
            findings += [self._unexplained(Named(name, "", False)) for name in dict.fromkeys(names)]
        extra = self._extras.finish(has_findings=bool(findings))
        return Reading((*extra.findings, *findings), (*self._claimed, *extra.claimed))

    def _open_section(self, number: int, title: str) -> None:
        if not self._started:
            self._started = number
        self._section = title.strip()

    def _in_failures(self, number: int, line: str) -> None:
        title = _title(line)
        if title is not None:
            if len(self._blocks) < MAX_FINDINGS:
                self._blocks.append(_Collected(title, number))
            return
        if self._blocks and self._blocks[-1].first >= self._started:
            self._blocks[-1].add(number, line)
            return
        # --tb=line has no headers.
        if not self._untitled or LOCATION.match(self._untitled[-1].lines[-1]):
            if len(self._untitled) >= MAX_FINDINGS:
                return
            self._untitled.append(_Collected("", number))
        self._untitled[-1].add(number, line)

    def _close(self, number: int) -> None:
        if self._started:
            self._claimed.append((self._started, number))
        self._section, self._started = "", 0

    def _finding(self, collected: _Collected, known: list[str]) -> Finding:
        block = read_block(collected.lines)
        files = [frame.file for raised in block.chain for frame in raised.frames]
        # The test's own frame comes first; a fixture's error starts in the fixture.
        file = next((self._context.repository.name(name) for name in files if is_test_path(name)), None)
        node_id = node_id_of(collected.title, file, known)
        crashed = _CRASHED.match(block.message.strip().split("\n")[-1])
        node_id = crashed.group(1) if crashed is not None else node_id
        return self._make(block, node_id, collected, is_collection="ERROR collecting" in collected.title)

    def _lines_style(self, known: list[str]) -> list[Finding]:
        found = [one for one in self._untitled if any(LOCATION.match(line) for line in one.lines)]
        ids = known if len(known) == len(found) else []
        return [
            self._make(read_block(one.lines), ids[number] if ids else None, one, is_collection=False)
            for number, one in enumerate(found)
        ]

    def _make(self, block: Block, node_id: str | None, collected: _Collected, *, is_collection: bool) -> Finding:
        place = locate(block.chain, self._context.repository)
        file, line = place.file, place.line
        if file is None and node_id is not None and (crash := self._extras.crashed_in(node_id)) is not None:
            file, line = self._context.repository.name(crash.file), crash.line
        if file is None and block.ends_at is not None:
            file, line = self._context.repository.name(block.ends_at.file), block.ends_at.line
        if file is not None and self._context.repository.relative(file) is None:
            # A library's line: the test file is nearer to whoever mends it.
            file = line = None
        if file is None and node_id is not None:
            file = self._context.repository.name(node_id.partition("::")[0])
        top = final(block.chain)
        code = block.doctest if block.doctest == "DocTestFailure" else (top.type_name if top is not None else "")
        if not code and node_id is not None:
            code = self._summarised(node_id)
        if not code and "fixture '" in block.message and "not found" in block.message:
            code = "FixtureLookupError"
        is_syntax = top is not None and top.short_name in SYNTAX_ERRORS and top.syntax is not None
        failure = Failure(
            tool="pytest",
            message=block.message or f"{node_id or collected.title} failed",
            file=file,
            line=line,
            column=place.column,
            test_id=self._relative_id(node_id) if node_id is not None else None,
            code=code or None,
            frames=place.frames,
            excerpt=block.excerpt,
        )
        stage = Stage.SYNTAX if is_syntax else Stage.COLLECTION if is_collection else Stage.RUN
        category = Category.SYNTAX if is_syntax else Category.TEST
        text = "\n".join(collected.lines)[:_BLOCK_MAX]
        if block.message.startswith("import file mismatch"):
            category = Category.CONFIG
        if "markers` configuration option" in block.message:
            category, failure = Category.CONFIG, failure.model_copy(update={"code": "Failed"})
        return Finding(failure, category, stage, (collected.first, collected.last), block.chain, text)

    def _summarised(self, node_id: str) -> str:
        """The type of the exception, where only the short summary tells it."""
        message = next((named.message for named in self._named if named.node_id == node_id), "")
        return split_exception(message)[0] if ": " in message else ""

    def _unexplained(self, named: Named) -> Finding:
        """A failure of which only the name is told, as with --tb=no or a cut log."""
        chain = read_chain(("Traceback (most recent call last):", named.message)) if named.message else ()
        code = chain[0].type_name if chain else None
        if not code and named.message.startswith("assert "):
            code = "AssertionError"
        failure = Failure(
            tool="pytest",
            message=named.message or f"{named.node_id} failed",
            file=self._context.repository.name(named.file),
            test_id=self._node_id(named),
            code=code or None,
            excerpt=named.message,
        )
        stage = Stage.COLLECTION if named.is_error and "::" not in named.node_id else Stage.RUN
        return Finding(failure, Category.TEST, stage, (0, 0), chain)

    def _node_id(self, named: Named) -> str:
        return self._relative_id(named.node_id)

    def _relative_id(self, node_id: str) -> str:
        file, separator, rest = node_id.partition("::")
        return f"{self._context.repository.name(file)}{separator}{rest}" if file.startswith("/") else node_id


def _title(line: str) -> str | None:
    """The title of a block's header, `____ title ____`."""
    mark = line[:1]
    if mark not in ("_", _BAR) or not line.endswith(mark) or line.startswith("_ _"):
        return None
    inner = line.strip(mark)
    return inner.strip() if len(inner) > 2 and inner[0] == " " and inner[-1] == " " else None
