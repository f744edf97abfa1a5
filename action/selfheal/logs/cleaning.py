"""Take away what terminals and runners add, so that parsers see what the tool wrote."""

import re
from collections.abc import Iterator

MAX_LINE = 8_000
"""Longer lines keep their head and their tail, so that every later step is bounded a line."""

_RAW_LINE = 4 * MAX_LINE
_CUT = " [...] "
# ECMA-48: control sequences, operating system commands (titles, links), and two-byte escapes.
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]?[0-Z\\^-~])")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) ?")
_MARK = re.compile(r"##\[(group|endgroup|error|warning|notice|debug|section|command)\]")
_CONTROL = {code: None for code in range(32) if code != 9} | {127: None}


def clean_lines(text: str) -> Iterator[str]:
    """Yield the lines of `text` without escapes, redrawn progress, runner timestamps and marks.

    Group lines are dropped, `##[error]` lines lose the mark only. Lines are at most `MAX_LINE` long.
    """
    start, end = 0, len(text)
    while start < end:
        stop = text.find("\n", start)
        stop = end if stop < 0 else stop
        line = clean_line(_bounded(text, start, stop))
        start = stop + 1
        if line is not None:
            yield line


def clean_line(line: str) -> str | None:
    """Clean one line, or None where the runner alone wrote it."""
    if "\r" in line:
        line = line.rstrip("\r")
        line = line[line.rfind("\r") + 1 :]
    if not line.isascii():
        # A lone surrogate can't be written to JSON later on.
        line = line.encode("utf-8", "replace").decode("utf-8").removeprefix("\ufeff")
    if "\x1b" in line:
        line = _ESCAPE.sub("", line)
    line = _without_runner(line)
    if not line.isprintable():
        line = line.translate(_CONTROL)
    if len(line) > MAX_LINE:
        line = line[: MAX_LINE // 2] + _CUT + line[len(line) - MAX_LINE // 2 :]
    mark = _MARK.match(line)
    if mark is None:
        return line
    if mark.group(1) in ("group", "endgroup", "section", "debug"):
        return None
    return line[mark.end() :]


def _bounded(text: str, start: int, stop: int) -> str:
    if stop - start <= _RAW_LINE:
        return text[start:stop]
    half = _RAW_LINE // 2
    return text[start : start + half] + _CUT + text[stop - half : stop]


def _without_runner(line: str) -> str:
    # `gh run view --log` prints job, step and the stamped line, separated by tabs.
    if line.count("\t", 0, 400) >= 2:
        _, _, rest = line.split("\t", 2)
        stamp = _TIMESTAMP.match(rest.removeprefix("\ufeff"))
        if stamp is not None:
            return rest.removeprefix("\ufeff")[stamp.end() :]
    stamp = _TIMESTAMP.match(line)
    return line[stamp.end() :] if stamp is not None else line
