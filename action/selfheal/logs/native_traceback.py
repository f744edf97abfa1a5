"""Read tracebacks as Python prints them: chains, groups and syntax errors."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from selfheal.contract.diagnosis import Frame
from selfheal.logs.exceptions import LINKS, Link, Raised, split_exception

HEADER = "Traceback (most recent call last):"
GROUP_HEADER = "Exception Group Traceback (most recent call last):"
FRAME = re.compile(r'\s*File "([^"]{1,1000})", line (\d{1,9})(?:(,)? in (.{1,300}))?$')
_MESSAGE_LINES = 40


@dataclass(slots=True)
class _Open:
    """An exception whose lines are still coming."""

    link: Link
    frames: list[Frame] = field(default_factory=list)
    source: str = ""
    syntax: Frame | None = None
    column: int | None = None
    shown_indent: int = 0


def without_group_margin(line: str) -> str:
    """Take away the margin that a group of exceptions is drawn with."""
    bare = line.lstrip()
    if bare.startswith("| "):
        return bare[2:]
    if bare.startswith("+ ") and bare.endswith(HEADER):
        return bare[2:]
    return bare if bare.startswith("+") or bare == "|" else line


def read_chain(lines: Iterable[str]) -> tuple[Raised, ...]:
    """Read all exceptions of a block, in the order in which they are printed.

    Lines that belong to no traceback are passed over.
    """
    chain: list[Raised] = []
    current: _Open | None = None
    link = Link.FIRST
    message: list[str] | None = None
    is_group = False
    for raw in lines:
        line = without_group_margin(raw) if is_group or GROUP_HEADER in raw else raw
        stripped = line.strip()
        if stripped in (HEADER, GROUP_HEADER):
            _close(chain, message)
            message = None
            is_group = is_group or stripped == GROUP_HEADER
            current, link = _Open(link), Link.FIRST
        elif stripped in LINKS:
            _close(chain, message)
            message, current, link = None, None, LINKS[stripped]
        elif is_group and stripped.startswith("+-"):
            _close(chain, message)
            message, current, link = None, None, Link.MEMBER
        elif current is not None:
            message = _inside(current, line, stripped, chain)
            current = None if message is not None else current
        elif message is not None:
            if stripped and len(message) < _MESSAGE_LINES:
                message.append(line)
            else:
                _close(chain, message)
                message = None
        elif (place := FRAME.match(line)) is not None and place.group(4) is None:
            # Without a header: the compiler speaks.
            current = _Open(link)
            _inside(current, line, stripped, chain)
    _close(chain, message)
    return tuple(chain)


def _inside(current: _Open, line: str, stripped: str, chain: list[Raised]) -> list[str] | None:
    """Take one line of an open traceback; the message's lines once the exception itself is named."""
    place = FRAME.match(line)
    if place is not None:
        frame = Frame(file=place.group(1), line=int(place.group(2)), function=place.group(4))
        if place.group(4) is None:
            current.syntax = frame
        else:
            current.frames.append(frame)
        current.source = ""
        return None
    if not stripped or line[0] in " \t":
        _source(current, line, stripped)
        return None
    name, text = split_exception(line)
    if not name:
        name, text = ("", line)
    chain.append(
        Raised(
            type_name=name,
            message=text,
            frames=tuple(current.frames),
            source=current.source,
            link=current.link,
            syntax=current.syntax,
            column=current.column,
        )
    )
    return [text]


def _source(current: _Open, line: str, stripped: str) -> None:
    if not stripped or stripped.startswith("[Previous line repeated"):
        return
    if not stripped.strip("^~"):
        if current.syntax is not None and "^" in stripped:
            # Python takes the line's own indentation away before it prints it.
            current.column = line.index("^") - current.shown_indent + 1
        return
    if not current.source:
        current.source = stripped
        current.shown_indent = len(line) - len(line.lstrip())


def _close(chain: list[Raised], message: list[str] | None) -> None:
    """Give the last exception its whole message."""
    if message is not None and len(message) > 1:
        last = chain[-1]
        chain[-1] = Raised(
            last.type_name, "\n".join(message), last.frames, last.source, last.link, last.syntax, last.column
        )
