"""Node: programs that fall over, and `node --test`; with it the TAP of other runners."""

from typing import ClassVar

from selfheal.logs.parsers.interface import LogContext, Reading
from selfheal.logs.parsers.javascript.node_spec import SpecReader
from selfheal.logs.parsers.javascript.tap import TapReader
from selfheal.logs.parsers.javascript.uncaught import UncaughtReader


class NodeParser:
    """Asks three readers and leaves out what one of them tells worse than another."""

    anchors: ClassVar[tuple[str, ...]] = (
        "Node.js v", "(node:internal/", "node:internal/", "(internal/modules/", "/mocha/lib/",
        "bad option: ", "not ok ", "failing tests:", "Failed tests:",
    )  # fmt: skip

    def __init__(self, context: LogContext) -> None:
        self._uncaught = UncaughtReader(context)
        self._spec = SpecReader(context)
        self._tap = TapReader(context)

    def feed(self, number: int, line: str) -> None:
        """Take the next line."""
        self._uncaught.feed(number, line)
        self._spec.feed(number, line)
        self._tap.feed(number, line)

    def finish(self) -> Reading:
        """Say what was found."""
        self._uncaught.close()
        spec = self._spec.findings()
        if self._spec.has_files_only and self._uncaught.findings:
            spec = []
        found = [*self._uncaught.findings, *spec]
        found += self._tap.findings(has_better=bool(found))
        return Reading(tuple(found), tuple(self._uncaught.claimed))
