"""biome: diagnostics with a ruled headline, and the GitHub reporter's lines."""

import re
from typing import ClassVar

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import MAX_EXCERPT, MAX_FINDINGS, Finding, LogContext, Reading, Stage

_HEADLINE = re.compile(
    r"([^\s:][^:]{0,500}?)(?::(\d{1,9}):(\d{1,9}))? "
    r"(parse|format|organizeImports|syntax|deserialize|(?:lint|assist|suppressions|[a-z]{3,30})/[\w/]{1,120})"
    r"(?:\s{1,3}(?:FIXABLE|INTERNAL|DEPRECATED))*\s{1,3}━{3,400}$"
)
_GITHUB = re.compile(
    r"::error title=([^,]{1,200}),file=([^,]{1,500}),line=(\d{1,9}),[^:]{0,200}?col=(\d{1,9})[^:]{0,200}"
    r"::(.{1,2000})$"
)
_RULED = "━━━━"
_MAX_BLOCK = 30


class BiomeParser:
    """Reads errors; a diagnostic marked as a warning or a hint fails no run and is left out."""

    anchors: ClassVar[tuple[str, ...]] = (_RULED, "title=lint/", "title=format", "title=parse", "title=assist/")

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._findings: list[Finding] = []
        self._headline: re.Match[str] | None = None
        self._first = 0
        self._block: list[str] = []

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if _RULED in line:
            self._close(number - 1)
            self._headline = _HEADLINE.match(line.rstrip())
            self._first, self._block = number, []
        elif self._headline is not None:
            if line[:1] not in ("", " ") or len(self._block) >= _MAX_BLOCK:
                self._close(number - 1)
            else:
                self._block.append(line.rstrip())
        elif line.startswith("::error title=") and (found := _GITHUB.match(line)) is not None:
            code, file, at, column, message = found.groups()
            self._add(code, file, (int(at), int(column)), message, message, (number, number))

    def finish(self) -> Reading:
        """Say what was found."""
        self._close(self._first + len(self._block))
        return Reading(tuple(self._findings))

    def _close(self, last: int) -> None:
        headline, self._headline = self._headline, None
        if headline is None:
            return
        first = next((line.strip() for line in self._block if line.strip()), "")
        # × and ✖ mark errors; ! and ⚠ warnings; i and ℹ hints.
        if first[:1] not in ("×", "✖"):
            return
        file, at, column, code = headline.groups()
        place = (int(at), int(column)) if at is not None and column is not None else (None, None)
        text = "\n".join(line for line in self._block if line.strip())
        self._add(code, file, place, first[1:].strip(), text, (self._first, last))

    def _add(
        self,
        code: str,
        file: str,
        place: tuple[int | None, int | None],
        message: str,
        text: str,
        lines: tuple[int, int],
    ) -> None:
        if len(self._findings) >= MAX_FINDINGS:
            return
        name = self._context.repository.name(file)
        failure = Failure(
            tool="biome",
            message=message,
            file=name,
            line=place[0],
            column=place[1],
            code=code,
            excerpt=f"{name}:{place[0] or ''} {code}\n{text}"[:MAX_EXCERPT],
        )
        if code in ("parse", "syntax"):
            finding = Finding(failure, Category.SYNTAX, Stage.SYNTAX, lines, reason="biome can't parse the file")
        elif code == "deserialize":
            finding = Finding(failure, Category.CONFIG, Stage.COLLECTION, lines, reason="biome refuses its settings")
        elif code == "format":
            finding = Finding(failure, Category.FORMAT, Stage.FORMAT, lines, reason="biome would rewrite the file")
        else:
            finding = Finding(failure, Category.LINT, Stage.LINT, lines, reason=f"biome reports {code}")
        self._findings.append(finding)
