"""A panic as Rust prints it, in its old and its new form, with its backtrace."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selfheal.contract.diagnosis import Frame
from selfheal.logs.repository import Repository

_NEW = re.compile(
    r"\s{0,8}thread '([^']{1,400})'(?: \(\d{1,12}\))? panicked at "
    r"([^:]{1,500}(?::\\[^:]{1,400})?):(\d{1,9}):(\d{1,9}):$"
)
_OLD = re.compile(r"\s{0,8}thread '([^']{1,400})' panicked at '(.*)$")
_OLD_END = re.compile(r"(.*)', ([^:']{1,500}):(\d{1,9}):(\d{1,9})$")
_FRAME = re.compile(r"\s{1,12}\d{1,5}: {1,3}(?:0x[0-9a-f]{1,16} - )?(\S.{0,600})$")
_AT = re.compile(r"\s{1,40}at ([^:]{1,500}):(\d{1,9})(?::\d{1,9})?$")
_OWN_LIBRARY = ("/rustc/", "library/core/", "library/std/", "library/alloc/", "library/test/")
_MAX_MESSAGE = 40
_MAX_FRAMES = 60


@dataclass(frozen=True, slots=True)
class Panic:
    """One panic; `frames` are innermost first, with files as printed."""

    thread: str
    message: str
    file: str
    line: int
    column: int
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a panic points in the repository; frames are outermost first."""

    file: str | None
    line: int | None
    column: int | None
    frames: tuple[Frame, ...]


def is_panic(line: str) -> bool:
    """True where a panic begins."""
    return " panicked at " in line and line.lstrip().startswith("thread '")


def read_panics(lines: Sequence[str]) -> tuple[Panic, ...]:
    """All panics in these lines."""
    return tuple(panic for n, line in enumerate(lines) if is_panic(line) and (panic := _read(lines, n)) is not None)


def locate(panic: Panic, repository: Repository) -> Place:
    """The panic's own place where it lies in the repository, else the innermost frame that does."""
    frames = [frame.model_copy(update={"file": repository.name(frame.file)}) for frame in panic.frames]
    own = [frame for frame in frames if is_own(frame.file, repository)]
    foreign = [frame for frame in frames if not is_own(frame.file, repository)]
    kept = (*reversed(own[: _MAX_FRAMES // 2]), *reversed(foreign[: _MAX_FRAMES // 2]))
    if is_own(panic.file, repository):
        return Place(repository.name(panic.file), panic.line, panic.column, kept)
    if own:
        return Place(own[0].file, own[0].line, None, kept)
    return Place(None, None, None, kept)


def is_own(file: str, repository: Repository) -> bool:
    """True for the repository's files; the standard library's names look relative in some toolchains."""
    return file in repository.known_files or (
        not file.startswith(_OWN_LIBRARY) and repository.relative(file) is not None
    )


def _read(lines: Sequence[str], start: int) -> Panic | None:
    head = lines[start]
    new = _NEW.match(head)
    margin = len(head) - len(head.lstrip())
    if new is not None:
        message = []
        end = start + 1
        while end < len(lines) and end - start <= _MAX_MESSAGE and not _ends(lines[end].strip()):
            message.append(lines[end][margin:] if lines[end][:margin].strip() == "" else lines[end])
            end += 1
        text = "\n".join(message).strip()
        return Panic(new.group(1), text, new.group(2), int(new.group(3)), int(new.group(4)), _frames(lines, end))
    old = _OLD.match(head)
    if old is None:
        return None
    said = [old.group(2)]
    for end in range(start, min(len(lines), start + _MAX_MESSAGE)):
        if end > start:
            said.append(lines[end])
        last = _OLD_END.match(said[-1])
        if last is not None:
            said[-1] = last.group(1)
            place = last.group(2), int(last.group(3)), int(last.group(4))
            return Panic(old.group(1), "\n".join(said).strip(), *place, _frames(lines, end + 1))
    return None


def _ends(line: str) -> bool:
    return line.startswith(
        ("note: ", "stack backtrace:", "thread '", "---- ", "test result:", "failures:", "error: test failed")
    )


def _frames(lines: Sequence[str], start: int) -> tuple[Frame, ...]:
    frames: list[Frame] = []
    function = ""
    for line in lines[start : start + 400]:
        if is_panic(line):
            break
        if (at := _AT.match(line)) is not None and function:
            file = at.group(1)
            frames.append(Frame(file=file.removeprefix("./"), line=int(at.group(2)), function=function))
            function = ""
        elif (frame := _FRAME.match(line)) is not None:
            function = frame.group(1)
    return tuple(frames)
