"""The run of one Go package's tests, collected line by line."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

_EVENT = re.compile(r"=== (RUN|PAUSE|CONT|NAME) {1,3}(\S{1,400})$")
_RESULT = re.compile(r"\s{0,60}--- (FAIL|PASS|SKIP|BENCH): (\S{1,400})(?: \(\d{1,9}(?:\.\d{1,9})?s\))?$")
_OF_GOTESTSUM = re.compile(
    r"=== (FAIL|SKIP|PASS): (\S{1,400}) (\S{1,400})(?: \(re-run (\d{1,3})\))? \(\d{1,9}\.\d{1,9}s\)"
)
CRASHES = ("panic: ", "fatal error: ", "SIGQUIT: quit", "SIGSEGV: ", "unexpected fault address")
_RULE = "=" * 18
_MAX_TESTS, _MAX_LINES, _MAX_DUMP, _MAX_RACES = 2_000, 400, 4_000, 20


@dataclass(slots=True)
class Block:
    """The output of one test."""

    first: int
    lines: list[str] = field(default_factory=list)


class Run:
    """What a package's tests printed so far. Tests that passed are forgotten."""

    def __init__(self) -> None:
        self.blocks: dict[str, Block] = {}
        self.failed: dict[str, int] = {}
        self.reruns: dict[str, int] = {}
        self.loose: deque[str] = deque(maxlen=40)
        self.races: list[tuple[int, list[str]]] = []
        self.dump: list[str] = []
        self.dump_first = 0
        self.dump_test = ""
        self.package = ""
        self.current = ""
        self.is_begun = False
        self.is_unbuilt = False
        self._is_race = False
        self._is_dumping = False

    def feed(self, number: int, line: str, test: str = "") -> None:
        """Take a line; `test` is the one that printed it, where the log tells."""
        if self._is_race:
            self._race(line)
            return
        if line.startswith("=== ") and (event := _EVENT.match(line)) is not None:
            self._interrupt()
            self.is_begun = True
            self.current = "" if event.group(1) == "PAUSE" else event.group(2)
            if event.group(1) == "RUN" and event.group(2) not in self.failed:
                self.blocks.pop(event.group(2), None)
            return
        if "--- " in line and (result := _RESULT.match(line)) is not None:
            self._interrupt()
            self._result(number, result.group(1), result.group(2))
            return
        if line.startswith("=== ") and (summed := _OF_GOTESTSUM.match(line)) is not None:
            self._summed(number, summed)
            return
        if line == _RULE:
            self._is_race = True
            self.races.append((number, []))
            return
        if not self._is_dumping and line.startswith(CRASHES):
            self._is_dumping = True
            if not self.has_crashed:
                self.dump, self.dump_first, self.dump_test = [], number, test or self.current
        if self._is_dumping:
            if len(self.dump) < _MAX_DUMP:
                self.dump.append(line)
            return
        self._keep(number, line, test or self.current)

    @property
    def has_crashed(self) -> bool:
        """True where what looked like a crash has goroutines below it."""
        return any(line.startswith("goroutine ") for line in self.dump)

    @property
    def has_failed(self) -> bool:
        """True where a test failed or the program crashed."""
        return bool(self.failed) or self.has_crashed

    def own_failures(self) -> Sequence[str]:
        """The failed tests, without those that failed only because a subtest did, or passed when run again."""
        last = max(self.reruns.values(), default=0)
        return [name for name in self.failed if not self._is_parent(name) and self.reruns.get(name, 0) == last]

    def end(self) -> None:
        """Close what is open: races that were no races, crashes that were none."""
        self.races = [race for race in self.races if any("DATA RACE" in line for line in race[1][:2])][:_MAX_RACES]
        if self.dump and not self.has_crashed:
            self.loose.extend(self.dump[-20:])
            self.dump = []

    def _result(self, number: int, result: str, name: str) -> None:
        self.is_begun = True
        if result == "FAIL":
            if len(self.failed) < _MAX_TESTS:
                self.failed.setdefault(name, number)
            self.current = name
            return
        if name not in self.failed:
            self.blocks.pop(name, None)
        if self.current == name:
            self.current = ""

    def _summed(self, number: int, match: re.Match[str]) -> None:
        """gotestsum repeats each failure at the end, with its package."""
        self._interrupt()
        self.is_begun = True
        self.package, self.current = match.group(2), match.group(3)
        if match.group(1) == "FAIL" and len(self.failed) < _MAX_TESTS:
            self.failed.setdefault(match.group(3), number)
            self.reruns[match.group(3)] = int(match.group(4) or 0)

    def _keep(self, number: int, line: str, test: str) -> None:
        if not test:
            if line.strip():
                self.loose.append(line)
            return
        if test not in self.blocks and len(self.blocks) >= _MAX_TESTS:
            return
        block = self.blocks.setdefault(test, Block(number))
        if len(block.lines) < _MAX_LINES:
            block.lines.append(line)

    def _race(self, line: str) -> None:
        lines = self.races[-1][1]
        is_other = len(lines) == 1 and "DATA RACE" not in lines[0]
        if line == _RULE or is_other or len(lines) > _MAX_LINES:
            self._is_race = False
        elif len(lines) <= _MAX_LINES:
            lines.append(line)

    def _interrupt(self) -> None:
        """A test goes on after what looked like the end of the program: another program had crashed."""
        if self._is_dumping and not any("[recovered" in line for line in self.dump[:3]):
            self.dump = []
        self._is_dumping = False

    def _is_parent(self, name: str) -> bool:
        start = f"{name}/"
        if not any(other.startswith(start) for other in self.failed):
            return False
        return not any(".go:" in line for line in self.blocks[name].lines) if name in self.blocks else True
