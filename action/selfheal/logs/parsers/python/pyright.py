"""pyright and basedpyright: text, whose messages go on over indented lines, and --outputjson."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage
from selfheal.logs.parsers.python.json_blocks import JsonBlocks

_LINE = re.compile(r" {0,4}((?:[A-Za-z]:)?[^:\s][^:]{0,500}):(\d{1,9}):(\d{1,9}) - error: (.*)$")
_RULE = re.compile(r" \((report\w{1,60})\)$")
_MISSING = re.compile(r'Import "([\w.]+)" could not be resolved')


class PyrightParser:
    """Reads errors; warnings don't fail a run and are passed over."""

    anchors: ClassVar[tuple[str, ...]] = (" - error", "error: ", '"generalDiagnostics"')

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._open: tuple[int, re.Match[str]] | None = None
        self._message: list[str] = []
        self._json = JsonBlocks()

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        document = self._json.feed(line)
        if isinstance(document, dict):
            self._document(number, document.get("generalDiagnostics"))
        match = _LINE.match(line)
        if self._open is not None:
            bare = line.replace("\xa0", " ")
            if match is None and bare.startswith("    ") and len(self._message) < 20:
                self._message.append(bare.strip())
                return
            self._close(number - 1)
        if match is not None:
            self._open, self._message = (number, match), [match.group(4)]

    def finish(self) -> Reading:
        """Say what was found."""
        if self._open is not None:
            self._close(self._open[0] + len(self._message) - 1)
        return Reading(tuple(self._findings))

    def _close(self, last: int) -> None:
        if self._open is None:
            return
        (number, match), self._open = self._open, None
        text = "\n".join(self._message)
        rule = _RULE.search(text)
        code = rule.group(1) if rule is not None else None
        message = text[: rule.start()] if rule is not None else text
        place = match.group(1), int(match.group(2)), int(match.group(3))
        self._add((number, last), place, message, code)

    def _document(self, number: int, entries: object) -> None:
        """The errors of --outputjson, whose lines and columns count from 0."""
        for one in entries if isinstance(entries, list) else ():
            try:
                start = one["range"]["start"]
                place = str(one["file"]), int(start["line"]) + 1, int(start["character"]) + 1
                if one["severity"] == "error":
                    message = str(one["message"]).replace("\xa0", " ")
                    self._add((number, number), place, message, str(one.get("rule") or "") or None)
            except (KeyError, TypeError, ValueError, AttributeError):
                continue

    def _add(self, lines: tuple[int, int], place: tuple[str, int, int], message: str, code: str | None) -> None:
        name = self._context.repository.name(place[0])
        missing = _MISSING.match(message)
        is_foreign = missing is not None and not self._context.repository.has_module(missing.group(1).partition(".")[0])
        category = Category.DEPENDENCY if is_foreign else Category.TYPES
        failure = Failure(
            tool="pyright",
            message=message,
            file=name,
            line=place[1],
            column=place[2],
            code=code,
            excerpt=f"{name}:{place[1]}: {message}  [{code}]"[:1_500],
        )
        if len(self._findings) < MAX_FINDINGS:
            reason = "pyright finds no such module" if is_foreign else "pyright reports a type error"
            self._findings.append(Finding(failure, category, Stage.TYPES, lines, reason=reason))
