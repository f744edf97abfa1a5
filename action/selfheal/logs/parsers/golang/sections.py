"""The lines of the compiler and of vet: sections under `# package`, and places without a section."""

import re
from dataclasses import dataclass, field

from selfheal.logs.parsers.golang.sources import read_event

PLACE = re.compile(r"(vet: )?((?:[A-Za-z]:)?[^\s:#][^:]{0,500}\.go):(\d{1,9})(?::(\d{1,9}))?:(?:\d{1,9}:)? ?(.*)$")
_HEADER = re.compile(r"# (\[)?([^\s\[\]]{1,300})\]?(?: \[[^\s\]]{1,300}\])?$")
_ERRORS_OF_GOTESTSUM = "=== Errors"
_MAX_MORE = 30


@dataclass(slots=True)
class Report:
    """One reported place with the lines that go on about it. `section` is "build", "vet" or "" for none."""

    number: int
    section: str
    package: str
    file: str
    line: int
    column: int | None
    message: str
    is_vet_prefixed: bool = False
    more: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The message with its continuation, in Go's own words."""
        return "\n".join((self.message, *(line.strip() for line in self.more)))[:2_000].rstrip()


class SectionReader:
    """Splits a log into reports; what it has no pattern for is handed back."""

    def __init__(self) -> None:
        self._section = ""
        self._package = ""
        self._open: Report | None = None

    def feed(self, number: int, line: str) -> tuple[Report | None, str]:
        """Take a line; give the report that it ends, and the line where it is no report's (else an empty text)."""
        event = read_event(line) if line.startswith('{"') else None
        if event is not None:
            if not event.action.startswith("build-"):
                return self.end(), ""
            line = event.output
        if line.startswith(("\t", "    ")) and self._open is not None:
            if len(self._open.more) < _MAX_MORE:
                self._open.more.append(line)
            return None, ""
        if line.startswith("# ") and (header := _HEADER.match(line)) is not None:
            self._section = "vet" if header.group(1) else "build"
            self._package = header.group(2)
            return self.end(), ""
        if line == _ERRORS_OF_GOTESTSUM:
            self._section, self._package = "build", ""
            return self.end(), ""
        place = PLACE.match(line) if ".go:" in line else None
        if place is None:
            if line.startswith(("FAIL", "ok ", "---", "===", "? ", "PASS", "coverage:")):
                self._section = ""
            return self.end(), line
        ended = self.end()
        self._open = Report(
            number,
            self._section,
            self._package,
            place.group(2),
            int(place.group(3)),
            int(place.group(4)) if place.group(4) else None,
            place.group(5),
            bool(place.group(1)),
        )
        return ended, ""

    @property
    def is_in_section(self) -> bool:
        """True under a `# package` line."""
        return self._section != ""

    @property
    def package(self) -> str:
        """The section's package."""
        return self._package

    def end(self) -> Report | None:
        """Close what is open."""
        ended, self._open = self._open, None
        return ended
