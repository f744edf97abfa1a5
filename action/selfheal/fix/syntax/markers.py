"""Conflict markers that a merge left in a text: find them, and take a side."""

import re
from dataclasses import dataclass

_OURS = re.compile(r"<{7}(?: .*)?\r?\n?$")
_BASE = re.compile(r"\|{7}(?: .*)?\r?\n?$")
_MIDDLE = re.compile(r"={7}\r?\n?$")
_THEIRS = re.compile(r">{7}(?: .*)?\r?\n?$")
_ANY = re.compile(r"^<{7}(?: .*)?$", re.MULTILINE)
_END = re.compile(r"^>{7}(?: .*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict: its sides as lines; a side may hold conflicts again."""

    ours: "tuple[str | Conflict, ...]"
    theirs: "tuple[str | Conflict, ...]"


Piece = str | Conflict


def has_markers(text: str) -> bool:
    """Tell whether the text holds a whole conflict, from its first marker to its last."""
    start = _ANY.search(text)
    return start is not None and _END.search(text, start.end()) is not None


def pieces_of(text: str) -> tuple[Piece, ...] | None:
    """Cut a text into lines and conflicts; None where the markers don't match. The base of diff3 style is left out."""
    lines = text.splitlines(keepends=True)
    pieces, at = _read(lines, 0, inside=False)
    return pieces if pieces is not None and at == len(lines) else None


def _read(lines: list[str], at: int, *, inside: bool) -> tuple[tuple[Piece, ...] | None, int]:
    found: list[Piece] = []
    while at < len(lines):
        line = lines[at]
        if _OURS.match(line):
            conflict, at = _conflict(lines, at + 1)
            if conflict is None:
                return None, at
            found.append(conflict)
        elif inside and (_BASE.match(line) or _MIDDLE.match(line) or _THEIRS.match(line)):
            return tuple(found), at
        else:
            found.append(line)
            at += 1
    return (None if inside else tuple(found)), at


def _conflict(lines: list[str], at: int) -> tuple[Conflict | None, int]:
    ours, at = _read(lines, at, inside=True)
    if ours is not None and at < len(lines) and _BASE.match(lines[at]):
        base, at = _read(lines, at + 1, inside=True)
        ours = ours if base is not None else None
    if ours is None or at >= len(lines) or not _MIDDLE.match(lines[at]):
        return None, at
    theirs, at = _read(lines, at + 1, inside=True)
    if theirs is None or at >= len(lines) or not _THEIRS.match(lines[at]):
        return None, at
    return Conflict(ours, theirs), at + 1


def render(pieces: tuple[Piece, ...], sides: str) -> tuple[str, str]:
    """Write the text with a side for each conflict, in the order that they end; `sides` is read from its front.

    `o` takes ours, `t` theirs, `b` both, ours first. Gives the text and the sides that are left over; the last
    side stands for all further conflicts.
    """
    text = []
    for piece in pieces:
        if isinstance(piece, str):
            text.append(piece)
            continue
        side, sides = sides[0], sides[1:] or sides[:1]
        for taken, part in (("o", piece.ours), ("t", piece.theirs)):
            if side in (taken, "b"):
                inner, sides = render(part, sides)
                text.append(inner)
    return "".join(text), sides


def count(pieces: tuple[Piece, ...]) -> int:
    """How many conflicts there are, those inside others included."""
    return sum(1 + count(piece.ours) + count(piece.theirs) for piece in pieces if isinstance(piece, Conflict))
