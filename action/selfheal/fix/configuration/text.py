"""A configuration text with its fault, and the splices that the families of repairs are made of."""

from dataclasses import dataclass
from functools import cached_property

from selfheal.fix.configuration.formats import Fault
from selfheal.fix.syntax.damage import Repair


@dataclass(frozen=True)
class Broken:
    """A text that its parser refuses. Lines count from 1."""

    text: str
    fault: Fault

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines with their ends."""
        return tuple(self.text.splitlines(keepends=True))

    @property
    def newline(self) -> str:
        """The end of line that the text uses."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def code(self, line: int) -> str:
        """One line without its end; empty where there is none."""
        return self.lines[line - 1].rstrip("\r\n") if 0 < line <= len(self.lines) else ""

    def start(self, line: int) -> int:
        """The offset at which a line starts."""
        return sum(len(text) for text in self.lines[: max(line - 1, 0)])

    @property
    def offset(self) -> int:
        """The offset of the fault."""
        return min(self.start(self.fault.line) + max(self.fault.column - 1, 0), len(self.text))

    def before(self, line: int) -> int:
        """The next line above that holds anything but a comment; 0 where there is none."""
        line -= 1
        while line > 0 and (not self.code(line).strip() or self.code(line).lstrip().startswith(("#", ";", "//"))):
            line -= 1
        return line

    def splice(self, start: int, end: int, new: str, *, cost: float, what: str, needs_human: bool = False) -> Repair:
        """Replace a span."""
        return Repair(self.text[:start] + new + self.text[end:], cost, what, needs_human)

    def replace_line(self, line: int, new: str | None, *, cost: float, what: str, needs_human: bool = False) -> Repair:
        """Replace a line's text and keep its end; None takes the whole line out."""
        start = self.start(line)
        end = start + (len(self.code(line)) if new is not None else len(self.lines[line - 1]))
        return self.splice(start, end, new or "", cost=cost, what=what, needs_human=needs_human)
