"""The chain of exceptions behind a failure, and where it came from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from selfheal.contract.diagnosis import Frame
from selfheal.contract.test_paths import is_test_path
from selfheal.logs.repository import Repository

MAX_FRAMES = 60


class Link(Enum):
    """How an exception hangs together with the one printed before it."""

    FIRST = "first"
    CAUSE = "cause"
    CONTEXT = "context"
    MEMBER = "member"


LINKS = {
    "The above exception was the direct cause of the following exception:": Link.CAUSE,
    "During handling of the above exception, another exception occurred:": Link.CONTEXT,
}
SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")


@dataclass(frozen=True, slots=True)
class Raised:
    """One exception of a chain; `frames` hold file names as printed, outermost first.

    `source` is the line that raised it as printed. `syntax` is the place that a SyntaxError points at.
    """

    type_name: str
    message: str
    frames: tuple[Frame, ...] = ()
    source: str = ""
    link: Link = Link.FIRST
    syntax: Frame | None = None
    column: int | None = None

    @property
    def short_name(self) -> str:
        """The name of the type without its module."""
        return self.type_name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Location:
    """Where a chain points: the place in the repository, and all frames, repository's first."""

    file: str | None
    line: int | None
    column: int | None
    frames: tuple[Frame, ...]


def final(chain: Sequence[Raised]) -> Raised | None:
    """The exception that reached the top."""
    return next((raised for raised in reversed(chain) if raised.link is not Link.MEMBER), None)


def locate(chain: Sequence[Raised], repository: Repository) -> Location:
    """Choose the place that the chain points at.

    An explicit cause (`raise ... from`) or a member of a group is nearer to the root than what wraps
    it; what happened while another exception was handled is nearer than that other one.
    """
    frames = [_named(frame, repository) for frame in _ordered(chain)]
    inside = [frame for frame in frames if repository.relative(frame.file) is not None]
    outside = [frame for frame in frames if repository.relative(frame.file) is None]
    kept = _bounded([*_unrepeated(inside), *_unrepeated(outside)], len(inside))
    syntax = next((raised for raised in reversed(chain) if raised.syntax is not None), None)
    if syntax is not None and syntax.syntax is not None and repository.relative(syntax.syntax.file) is not None:
        place = _named(syntax.syntax, repository)
        return Location(place.file, place.line, syntax.column, kept)
    place_of_code = next((frame for frame in reversed(inside) if not is_test_path(frame.file)), None)
    chosen = place_of_code or (inside[-1] if inside else None) or (outside[-1] if outside else None)
    if chosen is None:
        return Location(None, None, None, kept)
    return Location(chosen.file, chosen.line, None, kept)


def _ordered(chain: Sequence[Raised]) -> list[Frame]:
    """All frames, so that the last is where the trouble began."""
    members = [raised for raised in chain if raised.link is Link.MEMBER]
    plain = [raised for raised in chain if raised.link is not Link.MEMBER]
    order: list[Raised] = []
    start = 0
    for position in range(1, len(plain) + 1):
        if position == len(plain) or plain[position].link is not Link.CAUSE:
            order += reversed(plain[start:position])
            start = position
    return [frame for raised in (*order, *members[:1]) for frame in raised.frames]


def _named(frame: Frame, repository: Repository) -> Frame:
    return frame.model_copy(update={"file": repository.name(frame.file)})


def _unrepeated(frames: list[Frame]) -> list[Frame]:
    """Without earlier copies of a frame that comes again."""
    last = {frame: position for position, frame in enumerate(frames)}
    return [frame for position, frame in enumerate(frames) if last[frame] == position]


def _bounded(frames: list[Frame], inside: int) -> tuple[Frame, ...]:
    if len(frames) <= MAX_FRAMES:
        return tuple(frames)
    if inside <= MAX_FRAMES:
        return tuple(frames[:MAX_FRAMES])
    return (*frames[: MAX_FRAMES // 2], *frames[inside - MAX_FRAMES // 2 : inside])


_TYPED = re.compile(r"([A-Za-z_][\w.]{0,200})(?:: ?(.*))?$", re.DOTALL)
_EXCEPTION_LIKE = re.compile(r"(?:[\w.]*\.)?(?:[A-Z]\w*|_[A-Z]\w*)$")


def split_exception(text: str) -> tuple[str, str]:
    """Split `pkg.Error: message` into name and message; the name is empty where there is none."""
    head, _, rest = text.partition("\n")
    match = _TYPED.match(head)
    if match is None or not _EXCEPTION_LIKE.match(match.group(1)):
        return "", text
    message = match.group(2) or ""
    return match.group(1), f"{message}\n{rest}".strip() if rest else message
