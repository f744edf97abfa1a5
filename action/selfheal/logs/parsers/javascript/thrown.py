"""An error as a runner prints it: message, source lines around the place, stack, cause."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from selfheal.logs.exceptions import Link, Raised
from selfheal.logs.parsers.javascript.stack import Spot, is_frame, plain_path, read_frame, split_error

_CODE_FRAME = re.compile(r"\s{0,24}(>?)\s{0,12}(\d{0,7})\s{0,3}\|(.*)$")
_PROPERTY = re.compile(r"\s{1,40}(?:\[?code\]?): '?([\w-]{1,80})'?,?$")
_AT_TOP = re.compile(r"((?:file://)?(?:/|[A-Za-z]:[\\/])[^:\n]{1,1000}|node:[^:\n]{1,200}):(\d{1,9})$")
_BABEL = re.compile(r"(/[^:\n]{1,1000}|[A-Za-z]:[^:\n]{1,1000}): .{0,2000}\((\d{1,9}):(\d{1,9})\)")
_ROLLUP = re.compile(r"\s{0,8}(?:At file|File): (\S{1,1000}?):(\d{1,9}):(\d{1,9})$")
_ESBUILD = re.compile(r"\s{0,8}([^\s:][^:\n]{0,1000}):(\d{1,9}):(\d{1,9}): ERROR: (.{1,1000})")
_CAUSES = ("[cause]: ", "Caused by: ")
_ASIDE = ("Serialized Error: ", "[errors]: [")
MAX_MESSAGE = 2_000


@dataclass(slots=True)
class _Error:
    """One error of a chain while its lines come in."""

    message: list[str] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    is_stack: bool = False
    property_code: str = ""


@dataclass(frozen=True, slots=True)
class Thrown:
    """What a block of lines says. `syntax` is the place that a parser refused, as printed.

    `chain` is in Python's order: the cause before what it caused, frames outermost first.
    """

    type_name: str
    code: str
    message: str
    chain: tuple[Raised, ...]
    spots: tuple[Spot, ...]
    syntax: Spot | None = None
    source: str = ""


def read_thrown(lines: Sequence[str]) -> Thrown:
    """Read one error with its causes from its block of lines; colours are off already."""
    errors = [_Error()]
    syntax, source = _top_place(lines)
    after_top = syntax is not None
    for line in lines:
        current = errors[-1]
        text = line.strip()
        cause = next((mark for mark in _CAUSES if text.startswith(mark)), None)
        if cause is not None and len(errors) < 8:
            errors.append(_Error([text[len(cause) :]]))
        elif is_frame(line):
            current.is_stack, after_top = True, False
            spot = read_frame(line)
            if spot is not None and len(current.spots) < 100:
                current.spots.append(spot)
        elif (frame := _CODE_FRAME.match(line)) is not None and (frame.group(2) or frame.group(3).strip(" ^") == ""):
            current.is_stack, after_top = True, False
            source = source or (frame.group(3).strip() if frame.group(1) else "")
        elif current.is_stack:
            code = _PROPERTY.match(line)
            current.property_code = current.property_code or (code.group(1) if code is not None else "")
        elif after_top:
            # The lines between the place and the error are the source and its caret.
            after_top = not split_error(text)[0]
            if not after_top:
                current.message.append(text)
        elif len(current.message) < 60 and _ROLLUP.match(line) is None:
            current.message.append(line.rstrip())
        syntax = syntax or _told_place(line)
    return _thrown(errors, syntax, source)


def _thrown(errors: list[_Error], syntax: Spot | None, source: str) -> Thrown:
    chain: list[Raised] = []
    for position, error in reversed(list(enumerate(errors))):
        type_name, _, message = split_error(_dedented(error.message))
        link = Link.FIRST if position == len(errors) - 1 else Link.CAUSE
        frames = tuple(spot.frame for spot in reversed(error.spots))
        chain.append(Raised(type_name, message[:MAX_MESSAGE], frames, source if position == 0 else "", link))
    first = errors[0]
    type_name, code, message = split_error(_dedented(first.message))
    spots = tuple(spot for error in errors for spot in error.spots)
    return Thrown(
        type_name, code or first.property_code, message.strip()[:MAX_MESSAGE], tuple(chain), spots, syntax, source
    )


def _dedented(lines: Sequence[str]) -> str:
    """The message without common indentation; runs of blank lines become one."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1]):
            kept.append(line if line.strip() else "")
    margin = min((len(line) - len(line.lstrip()) for line in kept if line), default=0)
    return "\n".join(line[margin:] for line in kept).strip()


def _top_place(lines: Sequence[str]) -> tuple[Spot | None, str]:
    """The `/path/file.js:3` that Node prints above the source line and its caret."""
    for number, line in enumerate(lines[:60]):
        place = _AT_TOP.match(line.strip()) if line.rstrip()[-1:].isdigit() else None
        if place is None:
            continue
        below = lines[number + 1 : number + 6]
        caret = next((text for text in below if text.strip() and not text.strip(" \t^")), None)
        if caret is None:
            continue
        # Node's module wrapper shifts the first line's columns, and carets of some errors start later.
        column = caret.index("^") + 1 - (len(line) - len(line.lstrip()))
        source = below[0].strip()
        column = 0 if source.startswith("({") else max(column, 0)
        return Spot(plain_path(place.group(1)), int(place.group(2)), column), source
    return None, ""


def _told_place(line: str) -> Spot | None:
    """The place that a message itself tells: Babel's, Rollup's, esbuild's."""
    if "SyntaxError: " in line:
        found = _BABEL.match(line.strip().partition("SyntaxError: ")[2])
        # Babel counts columns from 0.
        return Spot(found.group(1), int(found.group(2)), int(found.group(3)) + 1) if found is not None else None
    if ": ERROR: " in line or "File: " in line or "At file: " in line:
        found = _ROLLUP.match(line) or _ESBUILD.match(line)
        if found is not None:
            return Spot(plain_path(found.group(1)), int(found.group(2)), int(found.group(3)) + 1)
    return None
