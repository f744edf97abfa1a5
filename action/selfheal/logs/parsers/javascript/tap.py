"""TAP (Test Anything Protocol, testanything.org) as Node, vitest, mocha and tape write it."""

import json
import re
from dataclasses import dataclass, field

from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext
from selfheal.logs.parsers.javascript.findings import Block, finding_of
from selfheal.logs.parsers.javascript.stack import Spot, read_spot

_POINT = re.compile(r"( {0,120})(not ok|ok) \d{1,9}( - )?(.{0,1000})$")
_DIRECTIVE = re.compile(r"(?:time=[\d.]{1,20}ms|TODO\b.{0,200}|SKIP\b.{0,200})$", re.IGNORECASE)
_SUBTEST = re.compile(r"( {0,120})# Subtest: (.{1,1000})$")
_FIELD = re.compile(r"\s{0,130}(\w{1,40}): ?(.*)$")
_FILE_TITLE = re.compile(r"\S{1,500}\.[cm]?[jt]sx?$")
_MAX_BLOCK = 120


@dataclass(slots=True)
class _Point:
    tool: str
    title: str
    parents: tuple[str, ...]
    indent: int
    first: int
    last: int
    comment: str
    lines: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    key: str = ""
    key_indent: int = 0
    is_text: bool = False
    at_indent: int = -1

    def text(self, key: str) -> str:
        """A field's text without YAML's quotes."""
        return "\n".join(self.fields.get(key, ())).strip()


class TapReader:
    """Reads each `not ok` with the YAML or the indented text under it."""

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._parents: list[tuple[int, str]] = []
        self._open: _Point | None = None
        self._points: list[_Point] = []
        self._comment = ""

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if "ok " in line and (point := _POINT.match(line)) is not None:
            self._point(number, point)
        elif "# Subtest: " in line and (subtest := _SUBTEST.match(line)) is not None:
            self._open = None
            self._push(len(subtest.group(1)), subtest.group(2))
        elif line.startswith("# "):
            # tape tells the test's name so, before its assertions.
            self._open, self._comment = None, line[2:300].strip()
        elif self._open is not None:
            self._continue(number, line)

    def findings(self, *, has_better: bool) -> list[Finding]:
        """The tests that failed, without the suites that hold them; a file's own where nothing else is known."""
        leaves = [one for one in self._points if not self._is_suite(one)]
        files = [one for one in leaves if one.text("error") in ("'test failed'", "test failed")]
        real = [one for one in leaves if one not in files]
        return [self._finding(one) for one in (real or ([] if has_better else files))]

    def _is_suite(self, one: _Point) -> bool:
        return one.text("failureType").strip("'") == "subtestsFailed" or (one.tool == "vitest" and not one.lines)

    def _push(self, indent: int, name: str) -> None:
        while self._parents and self._parents[-1][0] >= indent:
            self._parents.pop()
        self._parents.append((indent, name))

    def _point(self, number: int, point: re.Match[str]) -> None:
        self._open = None
        space, verdict, dash, text = point.groups()
        indent = len(space)
        has_children = text.endswith(" {")
        title, mark, directive = text.removesuffix(" {").strip().rpartition(" # ")
        is_directive = bool(mark) and _DIRECTIVE.match(directive) is not None
        name = title.strip() if is_directive else text.removesuffix(" {").strip().removeprefix("# ")
        took = is_directive and directive.startswith("time=")
        while self._parents and self._parents[-1][0] >= indent:
            self._parents.pop()
        parents = tuple(parent for _, parent in self._parents)
        if has_children:
            self._parents.append((indent, name))
        if verdict == "ok" or has_children or (is_directive and not took):
            return
        if len(self._points) < MAX_FINDINGS:
            tool = "vitest" if took else "tap" if dash else "mocha"
            self._open = _Point(tool, name, parents, indent, number, number, self._comment)
            self._points.append(self._open)

    def _continue(self, number: int, line: str) -> None:
        one = self._open
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        if one is None or text == "..." or (text and indent <= one.indent) or len(one.lines) >= _MAX_BLOCK:
            self._open = None
            return
        one.lines.append(line)
        one.last = number
        found = _FIELD.match(line)
        # A block text (`error: |-`) may hold what looks like a key; vitest's `error:` holds keys of its own.
        is_nested = bool(one.key) and indent > one.key_indent and one.is_text
        if text and found is not None and not is_nested:
            is_in_at = one.at_indent >= 0 and indent > one.at_indent
            one.at_indent = one.at_indent if is_in_at else indent if text == "at:" else -1
            # The values that a test compared may have keys of these names too.
            one.key, one.key_indent = f"at.{found.group(1)}" if is_in_at else found.group(1), indent
            value = found.group(2).strip()
            one.is_text = value[:1] in ("|", ">")
            one.fields[one.key] = [] if one.is_text or not value else [_unquoted(value)]
        elif one.key:
            one.fields.setdefault(one.key, []).append(text)

    def _finding(self, one: _Point) -> Finding:
        titles = [*one.parents, one.title]
        tool = "node" if "failureType" in one.fields or "duration_ms" in one.fields else one.tool
        if tool == "mocha" and "operator" in one.fields:
            tool, titles = "tape", [text for text in (one.comment, one.title) if text]
        elif tool == "mocha" and not one.lines:
            # bats and others write no dash either, and tell the rest in comments.
            tool = "tap"
        if tool == "vitest" and " > " in one.title and len(titles) == 1:
            titles = one.title.split(" > ")
        file = titles.pop(0) if len(titles) > 1 and _FILE_TITLE.match(titles[0]) else None
        spot = read_spot((one.text("location") or one.text("at")).strip("'\""))
        lines = self._lines(one, tool)
        spot = spot or _spot_of(one)
        if spot is not None and self._context.repository.relative(spot.file) is None:
            # tape's own file, where a test never ended.
            spot = None
        spot_file = spot.file if spot is not None else None
        block = Block(
            tool,
            lines,
            (one.first, one.last),
            " > ".join(titles),
            spot_file or file,
            spot.line if spot is not None else None,
        )
        return finding_of(block, self._context)

    def _lines(self, one: _Point, tool: str) -> tuple[str, ...]:
        """The point's own text in the shape of a thrown error: headline, message, stack."""
        if "error" not in one.fields and "operator" not in one.fields:
            start = next((n for n, line in enumerate(one.lines) if _is_headline(line)), -1)
            if start < 0 and ("found" in one.fields or "wanted" in one.fields):
                # tap up to 15 gives no error: the point's own words say what was asserted.
                return (one.title, *(line for line in one.lines if line.strip() != "---"))
            return tuple(one.lines[max(start, 0) :]) or (one.title,)
        message = one.text("message") or one.text("error") or one.title
        name = one.text("name").strip("'\"")
        stack = [
            f"    at {text.removeprefix('at ')}"
            for text in one.fields.get("stack", ())
            if text.startswith("at ") or read_spot(text) is not None
        ]
        at = one.text("at").strip("'\"")
        if not stack and at:
            stack = [f"    at {at}"]
        values = [f"{key}: {one.text(key)}" for key in ("expected", "actual") if one.text(key)]
        head = f"{name}: {message}" if name else message
        return (*head.split("\n"), *values, *stack)


def _spot_of(one: _Point) -> Spot | None:
    """The place that tap up to 15 tells key by key."""
    file, line, column = (one.text(f"at.{key}") for key in ("file", "line", "column"))
    if not file or not line.isdigit() or len(line) > 9:
        return None
    return Spot(file.strip("'\""), int(line), int(column) if column.isdigit() and len(column) < 9 else 1)


def _is_headline(line: str) -> bool:
    text = line.strip()
    return "Error" in text.partition(":")[0] and ":" in text


def _unquoted(value: str) -> str:
    if value.startswith('"') and value.endswith('"'):
        try:
            return str(json.loads(value))
        except ValueError:
            return value.strip('"')
    if value.startswith("'") and value.endswith("'") and len(value) > 1:
        return value[1:-1].replace("''", "'")
    return value
