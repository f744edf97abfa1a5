"""pyright and basedpyright: text output; messages go on over indented lines."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_FINDINGS, Finding, LogContext, Reading, Stage

_LINE = re.compile(r" {0,4}((?:[A-Za-z]:)?[^:\s][^:]{0,500}):(\d{1,9}):(\d{1,9}) - error: (.*)$")
_RULE = re.compile(r" \((report\w{1,60})\)$")
_MISSING = re.compile(r'Import "([\w.]+)" could not be resolved')


class PyrightParser:
    """Reads errors; warnings don't fail a run and are passed over."""

    anchors: ClassVar[tuple[str, ...]] = (" - error", "error: ")

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._open: tuple[int, re.Match[str]] | None = None
        self._message: list[str] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
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
        name = self._context.repository.name(match.group(1))
        missing = _MISSING.match(message)
        is_foreign = missing is not None and not self._context.repository.has_module(missing.group(1).partition(".")[0])
        category = Category.DEPENDENCY if is_foreign else Category.TYPES
        failure = Failure(
            tool="pyright",
            message=message,
            file=name,
            line=int(match.group(2)),
            column=int(match.group(3)),
            code=code,
            excerpt=f"{name}:{match.group(2)}: {message}  [{code}]"[:1_500],
        )
        if len(self._findings) < MAX_FINDINGS:
            reason = "pyright finds no such module" if is_foreign else "pyright reports a type error"
            self._findings.append(Finding(failure, category, Stage.TYPES, (number, last), reason=reason))
