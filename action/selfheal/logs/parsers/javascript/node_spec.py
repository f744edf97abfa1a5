"""The spec and dot reports of `node --test`: crosses under triangles, told again at the end."""

import re
from dataclasses import dataclass, field

from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext
from selfheal.logs.parsers.javascript.findings import Block, finding_of
from selfheal.logs.parsers.javascript.stack import Spot, read_spot

_RESULT = re.compile(r"( {0,80})([▶✖✔﹣⚠]) (.{1,1000}?)(?: \((\d{1,12}(?:\.\d{1,9})?)ms\))?(?: # .{0,200})?$")
_AT = re.compile(r"test at (.{1,1000}:\d{1,9}:\d{1,9})$")
_TOLD_AGAIN = ("✖ failing tests:", "Failed tests:")
_SUITES = re.compile(r"'?\d{1,9} subtests? failed'?$")
_QUOTED = re.compile(r"'(.{0,2000})'$")
_ACTIVITY = re.compile(
    r'ℹ Error: Test "(.{1,500})" at (\S{1,500}:\d{1,9}:\d{1,9}) generated asynchronous activity (.{1,1000})$'
)
_MAX_BLOCK = 200


@dataclass(slots=True)
class _Result:
    title: str
    parents: tuple[str, ...]
    first: int
    last: int = 0
    lines: list[str] = field(default_factory=list)
    spot: Spot | None = None
    is_matched: bool = False

    @property
    def words(self) -> list[str]:
        return [line.strip() for line in self.lines if line.strip()]


class SpecReader:
    """Joins what is told twice: titles come from the tree, places from the list at the end."""

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._results: list[_Result] = []
        self._parents: list[tuple[int, str]] = []
        self._open: _Result | None = None
        self._indent = 0
        self._is_again = False
        self._spot: Spot | None = None
        self.has_files_only = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if line.startswith(_TOLD_AGAIN):
            self._open, self._is_again, self._parents = None, True, []
            return
        text = line.lstrip(" ")
        if text[:1] in "▶✖✔﹣⚠ℹ" and text:
            if text[0] == "ℹ":
                self._activity(number, line)
                return
            result = _RESULT.match(line)
            if result is not None:
                self._result(number, result)
                return
        if self._open is not None:
            if line and len(line) - len(text) < self._indent and text:
                self._open = None
            elif len(self._open.lines) < _MAX_BLOCK:
                self._open.lines.append(line)
                self._open.last = number
                return
        if line.startswith("test at ") and (at := _AT.match(line)) is not None:
            self._spot = read_spot(at.group(1))

    def findings(self) -> list[Finding]:
        """The tests that failed; a file's own cross only where nothing else is known."""
        real = [one for one in self._results if one.words and not _is_echo(one)]
        files = [one for one in self._results if _is_file(one)]
        self.has_files_only = not real
        return [self._finding(one) for one in (real or files)]

    def _result(self, number: int, found: re.Match[str]) -> None:
        indent, mark, title, took = found.groups()
        depth = len(indent)
        self._open = None
        while self._parents and self._parents[-1][0] >= depth:
            self._parents.pop()
        if mark == "▶":
            self._parents.append((depth, title))
        if mark not in "▶✖" or (mark == "✖" and took is None) or len(self._results) >= MAX_FINDINGS:
            return
        parents = tuple(name for _, name in self._parents if name != title or mark == "✖")
        known = self._known(title) if self._is_again else None
        if known is not None:
            known.is_matched, known.spot = True, known.spot or self._spot
            self._spot = None
            return
        if mark == "✖":
            one = _Result(title, parents, number, number, spot=self._spot)
            self._spot = None
            self._results.append(one)
            self._open, self._indent = one, depth + 1

    def _known(self, title: str) -> _Result | None:
        """The same failure in the tree above, told for the first time again."""
        return next((one for one in self._results if one.title == title and not one.is_matched and one.words), None)

    def _activity(self, number: int, line: str) -> None:
        self._open = None
        found = _ACTIVITY.match(line)
        if found is not None and len(self._results) < MAX_FINDINGS:
            title, place, text = found.groups()
            self._results.append(_Result(title, (), number, number, [text], read_spot(place), is_matched=True))

    def _finding(self, one: _Result) -> Finding:
        lines = tuple(one.lines)
        quoted = _QUOTED.match(" ".join(one.words))
        if quoted is not None:
            lines = (quoted.group(1),)
        test_id = None if _is_file(one) else " > ".join((*one.parents, one.title))
        spot = one.spot
        file = one.title if _is_file(one) else spot.file if spot is not None else None
        line = spot.line if spot is not None and not _is_file(one) else None
        return finding_of(Block("node", lines, (one.first, one.last), test_id, file, line), self._context)


def _is_file(one: _Result) -> bool:
    return one.words[:1] == ["'test failed'"]


def _is_echo(one: _Result) -> bool:
    return _is_file(one) or (len(one.words) == 1 and _SUITES.match(one.words[0]) is not None)
