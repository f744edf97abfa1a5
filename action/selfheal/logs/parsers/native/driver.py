"""What a compiler's driver says of itself, without a place in a file."""

import re

from selfheal.contract.diagnosis import Category, Failure
from selfheal.logs.parsers.interface import Finding, Stage

_DRIVER = re.compile(
    r"(?:\S{0,300}/)?((?:[\w.-]{1,40}-)?(?:gcc|g\+\+|cc|c\+\+|clang(?:\+\+|-cl)?|cc1(?:plus|obj)?"
    r"|c\+\+filt|collect2)(?:-\d[\d.]{0,8})?)"
    r"(?:\.exe)?: (?:(fatal error|internal compiler error|error): )?(.*)$"
)
_KILLED = re.compile(r"Killed signal terminated|Killed \(program|virtual memory exhausted|signal 9|signal: Killed")
_NO_FILE = re.compile(r"(?<!\S)(\S{1,300}): No such file or directory$|no such file or directory: '([^']{1,300})'")
_OPTION = re.compile(
    r"unrecogni[sz]ed (?:command|argument)|unknown argument|unsupported (?:option|argument)|bad value"
    r"|invalid (?:value|argument)"
    r"|unknown target|no input files|cannot specify|unrecognized debug|unable to find plugin"
)
_ECHO = ("linker command failed", "ld returned ", "unable to execute command")


def read_driver(number: int, line: str) -> Finding | None:
    """A finding for a refused option, a missing input, a killed or crashed compiler; None for what only echoes."""
    match = _DRIVER.match(line)
    if match is None or match.group(2) is None:
        return None
    name, kind, message = match.groups()
    tool = "clang" if "clang" in name else "gcc"
    if any(echo in message for echo in _ECHO) and not _KILLED.search(line):
        return None
    advice = ""
    if _KILLED.search(message) is not None:
        category, reason = Category.INFRA, "the compiler was killed, most often for want of memory"
        advice = "Build with fewer jobs at once, or give the job more memory."
    elif (missing := _NO_FILE.search(message)) is not None:
        category = Category.CONFIG
        reason = f"the command names {missing.group(1) or missing.group(2)}, which is not there"
    elif _OPTION.search(message) is not None:
        category, reason = Category.CONFIG, f"{name} refuses an option"
    elif kind == "internal compiler error":
        category, reason = Category.BUILD, f"{name} itself crashed"
        advice = "Try another version of the compiler, or write the line that it crashes on differently."
    else:
        category, reason = Category.BUILD, f"{name} gave up"
    failure = Failure(tool=tool, message=message[:2_000], excerpt=line[:1_500])
    return Finding(failure, category, Stage.BUILD, (number, number), reason=reason, advice=advice)
