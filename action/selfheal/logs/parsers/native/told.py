"""What the parsers of native tests share: ctest's line prefix, and the words of a crash that is told elsewhere."""

import re

_PREFIX = re.compile(r"\d{1,6}: ")
_ASSERT = re.compile(
    r"(?:\S{1,300}: )?([^:\s][^:]{0,500}):(\d{1,7}): (.{0,1000}?):? ?Assertion [`'](.{1,2000})['’] failed\.(?:.{0,20})$"
    r"|Assertion failed: \(?(.{1,1000}?)\)?, (?:function ([^,]{1,500}), )?file ([^,]{1,500}), line (\d{1,7})\.?$"
)


def without_ctest(line: str) -> str:
    """The line without the number that `ctest -V` puts before each line of a test."""
    if line[:1].isdigit() and (prefix := _PREFIX.match(line)) is not None:
        return line[prefix.end() :]
    return line


def read_assert(text: str) -> tuple[str, int, str, str] | None:
    """File, line, function and expression of a failed assert(); glibc's and the BSDs' words."""
    if "Assertion" not in text:
        return None
    match = _ASSERT.match(text)
    if match is None:
        return None
    file, line, function, expression, other, other_function, other_file, other_line = match.groups()
    if file is not None:
        return file, int(line), function, expression
    return other_file, int(other_line), other_function or "", other


def tells_a_crash(text: str) -> bool:
    """True for a line that another parser makes a finding of."""
    return (
        "Sanitizer: " in text
        or "Sanitizer:DEADLYSIGNAL" in text
        or ": runtime error: " in text
        or read_assert(text) is not None
        or text.startswith(("terminate called after", "libc++abi: terminating"))
    )
