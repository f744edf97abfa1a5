"""What eslint says when it could not lint at all: its configuration, its plugins, its patterns."""

import re

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import Finding, LogContext, Stage
from selfheal.logs.parsers.javascript.findings import Block, finding_of
from selfheal.logs.parsers.javascript.stack import is_frame

_PLUGIN = re.compile(r'ESLint couldn\'t find the plugin "([^"]{1,200})"')
_SHARED = re.compile(r'ESLint couldn\'t find the config "([^"]{1,200})" to extend from')
_VERSION = re.compile(r"ESLint: \d{1,3}\.")
_ALONE = ("Invalid option '", "No ESLint configuration found", "No files matching the pattern")
_MAX_BLOCK = 60


class StartupReader:
    """Keeps the block after `Oops! Something went wrong!`."""

    def __init__(self) -> None:
        self._first = 0
        self._block: list[str] = []
        self._is_open = False
        self._last = 0

    @property
    def claimed(self) -> tuple[tuple[int, int], ...]:
        """The block's lines, so that its stack is not read as a program's."""
        return ((self._first, self._last),) if self._block else ()

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._is_open:
            is_over = len(self._block) >= _MAX_BLOCK or line.startswith(("npm ", "##", "> ", "error Command"))
            has_stack = any(is_frame(text) for text in self._block[-1:])
            if is_over or (has_stack and line and not line[0].isspace() and line[0] not in "}"):
                self._is_open = False
                return
            self._block.append(line)
            self._last = number
        elif not self._block and (line.startswith("Oops! Something went wrong!") or line.startswith(_ALONE)):
            self._is_open, self._first, self._last = True, number, number
            self._block = [] if line.startswith("Oops") else [line]

    def finding(self, context: LogContext) -> Finding | None:
        """The reason why eslint did not start, if it told one."""
        lines = [line for line in self._block if _VERSION.match(line) is None]
        while lines and not lines[0].strip():
            lines.pop(0)
        if not lines:
            return None
        text = "\n".join(lines)
        span = (self._first, self._last)
        missing = _PLUGIN.search(text) or _SHARED.search(text)
        if missing is not None:
            failure = Failure(tool="eslint", message=missing.group(), excerpt=text.strip()[:1_500])
            reason = f"eslint's configuration names {missing.group(1)}, which is not installed"
            advice = f"Add {missing.group(1)} to the project's development dependencies."
            return Finding(failure, Category.DEPENDENCY, Stage.COLLECTION, span, reason=reason, advice=advice)
        finding = finding_of(Block("eslint", tuple(lines), span, stage=Stage.COLLECTION), context)
        if finding.category is not Category.TEST:
            return finding
        reason = "eslint refuses its options or configuration"
        return Finding(finding.failure, Category.CONFIG, Stage.COLLECTION, span, reason=reason)
