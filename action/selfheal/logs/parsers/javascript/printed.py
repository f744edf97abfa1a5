"""An error that a program printed itself before it gave up: `console.error(error)` and a bad exit."""

from selfheal.logs.parsers.interface import Stage
from selfheal.logs.parsers.javascript.findings import Block
from selfheal.logs.parsers.javascript.stack import is_frame, split_error

_MAX_BLOCK = 120
_HEAD = 8
# A runner's own report is better than what its tests print.
_RUNNERS = ("Test Suites: ", " Test Files ", " FAIL ", "FAIL ", "\u2139 tests ", "TAP version", "not ok ")


class PrintedReader:
    """Keeps the last error that stands at the start of a line with a stack under it."""

    def __init__(self) -> None:
        self._first = 0
        self._block: list[str] = []
        self._is_stack = False
        self._last: Block | None = None
        self._has_runner = False

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._block and self._take(number, line):
            return
        if not line or line[0].isspace():
            self._has_runner = self._has_runner or line.startswith(_RUNNERS) or line.endswith(" failing")
        elif line.startswith(_RUNNERS):
            self._has_runner = True
        elif "Error" in line[:80] and split_error(line)[0]:
            self._first, self._block, self._is_stack = number, [line], False

    def block(self) -> Block | None:
        """The last such error, where no test runner reports anything."""
        self._end(self._first + len(self._block))
        return None if self._has_runner else self._last

    def _take(self, number: int, line: str) -> bool:
        is_more = is_frame(line) and line[:1].isspace()
        if is_more or (self._is_stack and line[:1] in (" ", "}")) or (not self._is_stack and len(self._block) < _HEAD):
            self._is_stack = self._is_stack or is_more
            if len(self._block) < _MAX_BLOCK:
                self._block.append(line)
            return True
        self._end(number - 1)
        return False

    def _end(self, last: int) -> None:
        lines, self._block = tuple(self._block), []
        if not lines or not self._is_stack:
            return
        tool = "mocha" if any("/mocha/lib/" in line for line in lines) else "node"
        stage = Stage.COLLECTION if tool == "mocha" else Stage.ENDING
        self._last = Block(tool, lines, (self._first, last), stage=stage)
