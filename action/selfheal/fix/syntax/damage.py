"""What is wrong with a Python file in its parser's own words, and one edit that may mend it."""

import ast
import warnings
from dataclasses import dataclass
from functools import cached_property, lru_cache

from selfheal.fix.syntax.tokens import Token, tokens_of

LARGEST = 1_000_000
"""Characters. A larger file is data, and each look at it would take seconds."""
_LONGEST_LINE = 100_000
"""No hand wrote a longer one, and each way to mend it would be parsed anew."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A whole new text. `cost` orders repairs, the likeliest is the cheapest; `what` says it in words."""

    text: str
    cost: float
    what: str
    needs_human: bool = False


@dataclass(frozen=True)
class Damage:
    """The first error of a text. Lines and columns count from 1, in characters."""

    text: str
    line: int
    column: int
    message: str
    end_column: int | None = None

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines with their ends, cut at line feeds alone, as Python's tokenizer cuts them."""
        return tuple(self.text.splitlines(keepends=True)) if "\f" not in self.text else _lines(self.text)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the whole text, as far as a tolerant tokenizer sees them."""
        return tokens_of(self.text)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offset at which each line starts."""
        found, at = [], 0
        for line in self.lines:
            found.append(at)
            at += len(line)
        return (*found, at)

    @property
    def offset(self) -> int:
        """The offset of the error in the text."""
        return min(self.start_of(self.line) + max(self.column - 1, 0), len(self.text))

    def start_of(self, line: int) -> int:
        """The offset at which a line starts; the text's end for a line behind it."""
        return self.starts[min(max(line, 1), len(self.starts)) - 1]

    def code_of(self, line: int) -> str:
        """One line without its end; empty where there is none."""
        return self.lines[line - 1].rstrip("\r\n") if 0 < line <= len(self.lines) else ""

    def indent_of(self, line: int) -> str:
        """The blanks that a line begins with."""
        code = self.code_of(line)
        return code[: len(code) - len(code.lstrip(" \t"))]

    def newline(self) -> str:
        """The end of line that the text uses."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def tokens_in(self, first: int, last: int) -> list[Token]:
        """The tokens that begin in these lines, both included."""
        return [token for token in self.tokens if first <= token.line <= last]

    def line_before(self, line: int) -> int:
        """The next line above that holds code; 0 where there is none."""
        at = line - 1
        while at > 0 and (not self.code_of(at).strip() or self.code_of(at).lstrip().startswith("#")):
            at -= 1
        return at

    def line_before_text(self, line: int) -> int:
        """The next line above that is not blank; 0 where there is none."""
        at = line - 1
        while at > 0 and not self.code_of(at).strip():
            at -= 1
        return at

    def line_after(self, line: int) -> int:
        """The next line below that holds code; one behind the last where there is none."""
        at = line + 1
        while at <= len(self.lines) and (not self.code_of(at).strip() or self.code_of(at).lstrip().startswith("#")):
            at += 1
        return at

    def splice(self, start: int, end: int, new: str, *, cost: float, what: str, needs_human: bool = False) -> Repair:
        """Replace a span of the text."""
        return Repair(self.text[:start] + new + self.text[end:], cost, what, needs_human)

    def with_lines(
        self, first: int, last: int, new: list[str], *, cost: float, what: str, needs_human: bool = False
    ) -> Repair:
        """Replace whole lines, both ends included; `last` before `first` inserts in front of `first`."""
        return self.splice(
            self.start_of(first), self.start_of(last + 1), "".join(new), cost=cost, what=what, needs_human=needs_human
        )


@lru_cache(maxsize=256)
def damage_of(text: str) -> Damage | None:
    """Parse and compile a text without running it; None where Python takes it, or can't be asked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
            compile(text, "<file>", "exec", dont_inherit=True)
    except SyntaxError as error:
        end = error.end_offset if error.end_lineno == error.lineno else None
        return Damage(text, error.lineno or 1, error.offset or 1, error.msg or "invalid syntax", end)
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return None
    return None


def decoded(raw: bytes | None) -> str | None:
    """The text of a file that is small enough, and UTF-8; None for others. A mark at its start stays in it."""
    if raw is None or len(raw) > LARGEST or max(map(len, raw.split(b"\n"))) > _LONGEST_LINE:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _lines(text: str) -> tuple[str, ...]:
    parts = text.split("\n")
    return (*(part + "\n" for part in parts[:-1]), *([parts[-1]] if parts[-1] else []))
