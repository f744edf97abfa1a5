"""Take away what terminals and runners add, so that parsers see what the tool wrote.

All work is done on blocks of whole lines by expressions that run in C; a line costs no call of its own.
"""

import codecs
import re
from collections.abc import Iterable, Iterator

MAX_LINE = 8_000
"""Longer lines keep their head and their tail, so that every later step is bounded a line."""

STEP_MARK = "\x1f"
"""Stands around the `job TAB step` that `gh run view --log` puts before a line; no other line can hold it."""

_RAW_LINE = 4 * MAX_LINE
_CUT = " [...] "
_BLOCK = 1 << 18
# ECMA-48: control sequences, operating system commands (titles, links), and two-byte escapes.
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[ -/]?[0-Z\\^-~])")
_OVERWRITTEN = re.compile(r"^[^\n]*\r", re.MULTILINE)
_LINE_END = re.compile(r"\r{1,3}\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)"
# GitHub and Azure; in brackets Jenkins; GitLab names the stream behind it.
_TIMESTAMP = re.compile(rf"^\ufeff?(?:{_STAMP}(?: \d\d[OE][+ ])?|\[{_STAMP}\]) ?", re.MULTILINE)
_GH_COLUMNS = re.compile(rf"^([^\t\n]{{1,200}}\t[^\t\n]{{1,200}})\t\ufeff?{_STAMP} ?", re.MULTILINE)


class Cleaner:
    """Turns blocks of bytes into clean lines; a line may begin in one block and end in the next."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._carry = ""

    def feed(self, data: bytes) -> list[str]:
        """Take the next bytes; the lines that are complete by now."""
        return self._take(self._decoder.decode(data))

    def feed_text(self, text: str) -> list[str]:
        """Take the next piece of a text that is decoded already."""
        return self._take(text)

    def finish(self) -> list[str]:
        """The last line, where it has no end."""
        rest, self._carry = self._carry + self._decoder.decode(b"", final=True), ""
        return _cleaned(rest) if rest else []

    def _take(self, text: str) -> list[str]:
        end = text.rfind("\n")
        if end < 0:
            self._carry = _bounded(self._carry + text, _RAW_LINE)
            return []
        block = self._carry + text[:end]
        self._carry = _bounded(text[end + 1 :], _RAW_LINE)
        return _cleaned(block)


def clean_lines(text: str) -> Iterator[str]:
    """Yield the lines of `text` as parsers see them: without the runner's own lines and marks."""
    cleaner = Cleaner()
    blocks: Iterable[str] = (text[start : start + _BLOCK] for start in range(0, len(text), _BLOCK))
    for block in blocks:
        yield from without_marks(cleaner.feed_text(block))
    yield from without_marks(cleaner.finish())


def without_marks(lines: Iterable[str]) -> Iterator[str]:
    """Drop group lines; take the marks of steps and errors off the others."""
    for line in lines:
        if not line.startswith(MARKED):
            yield line
            continue
        if line.startswith(STEP_MARK):
            line = line[line.find(STEP_MARK, 1) + 1 :]
        if line.startswith("##["):
            name, _, rest = line[3:].partition("]")
            if name in RUNNER_ONLY:
                continue
            if name in RUNNER_SAYS:
                line = rest
        yield line


MARKED = (STEP_MARK, "##[")
"""How a line begins that the runner has marked."""

RUNNER_ONLY = frozenset({"group", "endgroup", "section", "debug"})
RUNNER_SAYS = frozenset({"error", "warning", "notice", "command"})


def _cleaned(block: str) -> list[str]:
    if "\x1b" in block:
        block = _ESCAPE.sub("", block)
    if "\r" in block:
        block = _LINE_END.sub("\n", block).rstrip("\r")
        if "\r" in block:
            block = _OVERWRITTEN.sub("", block)
    if not block.isascii():
        # A lone surrogate of a text can't be written to JSON later on.
        block = block.encode("utf-8", "replace").decode("utf-8")
    if _CONTROL.search(block) is not None:
        block = _CONTROL.sub("", block)
    if "\t" in block:
        block = _GH_COLUMNS.sub(rf"{STEP_MARK}\1{STEP_MARK}", block)
    block = _TIMESTAMP.sub("", block)
    lines = block.split("\n")
    if len(block) > MAX_LINE:
        lines = [line if len(line) <= MAX_LINE else _bounded(line, MAX_LINE) for line in lines]
    return lines


def _bounded(line: str, most: int) -> str:
    if len(line) <= most:
        return line
    return line[: most // 2] + _CUT + line[len(line) - most // 2 :]
