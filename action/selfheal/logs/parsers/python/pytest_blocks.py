"""Read the block that pytest prints for one failure, in every style of `--tb`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from selfheal.contract.diagnosis import Frame
from selfheal.logs.exceptions import LINKS, SYNTAX_ERRORS, Link, Raised, split_exception
from selfheal.logs.native_traceback import FRAME, HEADER, read_chain
from selfheal.logs.parsers.interface import MAX_EXCERPT

LOCATION = re.compile(r"((?:[A-Za-z]:)?[^:]{1,500}(?:\.(?:pyx?|pyi|rst|txt|md|ipynb)|>)):(\d{1,9})(?::(?: (.*))?)?$")
_CAPTURED = re.compile(r"-+ (?:Captured|Live) [a-z]+(?: [a-z]+)? -+$")
_FUNCTION = re.compile(r"(?:async )?def (\w{1,200})")
_TYPE = re.compile(r"[A-Za-z_][\w.]{0,200}$")
_FIXTURE_FILE = re.compile(r"file (.{1,500}), line (\d{1,9})$")
_DOCTEST_SOURCE = re.compile(r"\d{3,} ")
_MESSAGE = 2_000


@dataclass(frozen=True, slots=True)
class Block:
    """A failure's block: its exceptions oldest first, the place pytest names last, and its gist."""

    chain: tuple[Raised, ...]
    ends_at: Frame | None
    message: str
    excerpt: str
    doctest: str = ""


@dataclass(slots=True)
class _Exception:
    """One exception of the chain while its entries come in."""

    link: Link = Link.FIRST
    frames: list[Frame] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    marked: str = ""
    source: str = ""
    function: str | None = None
    code: str = ""

    def is_empty(self) -> bool:
        return not (self.frames or self.errors)


def read_block(lines: Sequence[str]) -> Block:
    """Read one block without its header."""
    own = list(_before_captured(lines))
    doctest = next(
        (line for line in reversed(own) if line.endswith((": DocTestFailure", ": UnexpectedException"))), None
    )
    if doctest is not None:
        return _doctest(own, doctest)
    if any(line.strip().endswith(HEADER) for line in own) and not any(line.startswith("E ") for line in own):
        chain = read_chain(own)
        if chain:
            return _native(own, chain)
    return _drawn(own)


def _before_captured(lines: Sequence[str]) -> Iterable[str]:
    for line in lines:
        if line.startswith("-") and _CAPTURED.match(line):
            return
        yield line


def _drawn(lines: Sequence[str]) -> Block:
    """The styles long, short, auto and line, in which errors are marked with E."""
    finished: list[_Exception] = []
    current = _Exception()
    ends_at: Frame | None = None
    plain: list[str] = []
    for line in lines:
        if line.strip() in LINKS:
            finished.append(current)
            current = _Exception(link=LINKS[line.strip()])
        elif line == "E" or line.startswith("E   "):
            current.errors.append(line[1:])
        elif line.startswith(">"):
            current.marked = line[1:].strip()
            current.source = current.marked
        elif (place := LOCATION.match(line)) is not None:
            ends_at = _entry(current, place)
        elif line[:1] in (" ", "\t") and (bare := line.strip()):
            if bare.strip("^~"):
                _source(current, bare)
        elif (fixture := _FIXTURE_FILE.match(line)) is not None:
            current.frames.append(Frame(file=fixture.group(1), line=int(fixture.group(2))))
        elif line.strip() and not line.startswith(("_ _", "[gw")):
            plain.append(line)
    finished.append(current)
    chain = tuple(_raised(one) for one in finished if not one.is_empty())
    last = next((one for one in reversed(finished) if one.errors), current)
    message = "\n".join(_dedented(last.errors)) or "\n".join(plain[:20])
    if chain and chain[-1].syntax is not None and last.errors:
        # Python prints the place and the line before what is wrong with them.
        message = f"{chain[-1].type_name}: {chain[-1].message}"
    return Block(chain, ends_at, message[:_MESSAGE], excerpt(last.errors, last.marked or last.source, ends_at, plain))


def _entry(current: _Exception, place: re.Match[str]) -> Frame:
    """A line `file:line: what`: short entries begin with it, long ones end with it."""
    rest = place.group(3) or ""
    is_short = rest.startswith("in ")
    function = rest[3:] if is_short else current.function
    frame = Frame(file=place.group(1), line=int(place.group(2)), function=function)
    current.frames.append(frame)
    if is_short:
        current.source = ""
    elif _TYPE.match(rest):
        current.code = rest
    elif rest:
        # --tb=line: the message stands behind the place.
        current.errors = current.errors or [f"   {rest}"]
    current.function = None
    return frame


def _source(current: _Exception, bare: str) -> None:
    found = _FUNCTION.match(bare)
    if found is not None:
        current.function = found.group(1)
    if not current.source and not current.marked:
        current.source = bare


def _raised(one: _Exception) -> Raised:
    lines = _dedented(one.errors)
    syntax, column = _syntax_place(one.errors)
    text = next((line for line in lines if syntax and line.startswith(SYNTAX_ERRORS)), "\n".join(lines))
    name, message = split_exception(text)
    if not name:
        name = one.code or ("AssertionError" if text.startswith("assert ") else "")
    return Raised(
        type_name=name,
        message=message if name else text,
        frames=tuple(one.frames),
        source=one.marked or one.source,
        link=one.link,
        syntax=syntax,
        column=column,
    )


def _syntax_place(errors: Sequence[str]) -> tuple[Frame | None, int | None]:
    place: Frame | None = None
    shown = -1
    for line in errors:
        found = FRAME.match(line)
        if found is not None and found.group(4) is None:
            place, shown = Frame(file=found.group(1), line=int(found.group(2))), -1
        elif place is not None and shown < 0:
            shown = len(line) - len(line.lstrip())
        elif place is not None and line.strip() and not line.strip().strip("^"):
            return place, line.index("^") - shown + 1
    return place, None


def _dedented(errors: Sequence[str]) -> list[str]:
    """The error lines without the indentation that the first of them has."""
    if not errors:
        return []
    margin = min(len(errors[0]) - len(errors[0].lstrip()), 80)
    return [line[min(margin, len(line) - len(line.lstrip())) :].rstrip() for line in errors]


def excerpt(errors: Sequence[str], source: str, place: Frame | None, plain: Sequence[str] = ()) -> str:
    """The gist for a small prompt: the error with its values, the statement, the place."""
    lines = _dedented(errors) or list(plain)[:20]
    text = "\n".join(f"E {line}" for line in lines)
    room = MAX_EXCERPT - 300
    if len(text) > room:
        text = f"{text[: room * 2 // 3]}\n[...]\n{text[-room // 3 :]}"
    if source:
        text += f"\n> {source[:200]}"
    if place is not None:
        text += f"\n{place.file[-80:]}:{place.line}"
    return text.strip()[:MAX_EXCERPT]


def _native(lines: Sequence[str], chain: tuple[Raised, ...]) -> Block:
    last = next((raised for raised in reversed(chain) if raised.link is not Link.MEMBER), chain[-1])
    text = f"{last.type_name}: {last.message}" if last.type_name else last.message
    members = [f"{one.type_name}: {one.message}" for one in chain if one.link is Link.MEMBER]
    gist = [text, *members]
    place = last.frames[-1] if last.frames else None
    return Block(
        chain, None, "\n".join(gist)[:_MESSAGE], excerpt("\n".join(gist).split("\n"), last.source, place, lines)
    )


def _doctest(lines: Sequence[str], ending: str) -> Block:
    place = LOCATION.match(ending)
    frame = Frame(file=place.group(1), line=int(place.group(2))) if place is not None else None
    kind = ending.rpartition(": ")[2]
    example = [
        line[4:].strip()
        for line in lines
        if _DOCTEST_SOURCE.match(line) and line[4:].strip().startswith((">>>", "..."))
    ]
    start = next((n for n, line in enumerate(lines) if line.startswith(("Expected", "UNEXPECTED", "Differences"))), 0)
    said = [line for line in lines[start : start + 30] if line != ending and line.strip()]
    source = example[-1] if example else ""
    chain = read_chain(lines) if kind == "UnexpectedException" else ()
    if not chain and frame is not None:
        chain = (Raised(type_name=kind, message="\n".join(said), frames=(frame,), source=source),)
    if kind == "UnexpectedException":
        said = [f"{chain[-1].type_name}: {chain[-1].message}"] if chain else said[:1]
    return Block(chain, frame, "\n".join(said)[:_MESSAGE], excerpt(said, source, frame), doctest=kind)
