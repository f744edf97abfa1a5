"""Goroutine stacks, as panics, timeouts and the race detector print them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selfheal.contract.diagnosis import Frame
from selfheal.contract.test_paths import is_test_path
from selfheal.logs.parsers.golang.sources import GoSources, package_of

_MAX_FRAMES = 60
_GOROUTINE = re.compile(r"goroutine \d{1,12}(?: [^\[]{0,80})?\[(.{1,200})\]:$")
_AT = re.compile(
    r"\s{1,12}((?:[A-Za-z]:)?[^\s:][^:]{0,500}\.(?:go|s|c)):(\d{1,9})(?: \+0x[0-9a-f]{1,16})?(?: .{0,80})?$"
)
# The arguments hold no brackets of this kind; a method's receiver, `(*T).Run`, stands before them.
_CALL = re.compile(r"(?:created by )?(\S.{0,500}?)(?:\([^()]{0,400}\))?(?: in goroutine \d{1,12})?$")
_PARKED = ("testing.(*T).Run", "testing.(*T).Parallel")
_RAISING = ("panic", "runtime.gopanic", "runtime.panicmem", "runtime.sigpanic", "runtime.fatalpanic", "runtime.throw")


@dataclass(frozen=True, slots=True)
class Stack:
    """One goroutine's frames as printed, innermost first."""

    state: str
    frames: tuple[Frame, ...]

    def tests(self) -> tuple[str, ...]:
        """The test functions that it runs, outermost last."""
        names = (frame.function or "" for frame in self.frames)
        found = (re.search(r"\.((?:Test|Benchmark|Fuzz|Example)\w{0,200})", name) for name in names)
        return tuple(match.group(1) for match in found if match is not None)

    def is_parked(self) -> bool:
        """True where the goroutine only waits for a subtest, or for its turn to run in parallel."""
        calls = [frame.function or "" for frame in self.frames[:3]]
        return any(call.startswith(_PARKED) for call in calls)


def read_stacks(lines: Iterable[str]) -> tuple[Stack, ...]:
    """The stacks in a dump."""
    stacks: list[Stack] = []
    state: str | None = None
    frames: list[Frame] = []
    call = ""
    for line in lines:
        if line.startswith("goroutine ") and (head := _GOROUTINE.match(line)) is not None:
            if state is not None:
                stacks.append(Stack(state, tuple(frames)))
            state, frames, call = head.group(1), [], ""
        elif state is None:
            continue
        elif line.startswith(("\t", " ")) and (at := _AT.match(line)) is not None:
            is_creator = call.startswith("created by ")
            if call and not is_creator and len(frames) < 1_000:
                frames.append(frame_of(call, at))
            call = ""
        elif line.strip():
            call = line
    if state is not None:
        stacks.append(Stack(state, tuple(frames)))
    return tuple(stacks)


def read_access(lines: Iterable[str]) -> tuple[Frame, ...]:
    """The frames of the first access that the race detector reports, innermost first."""
    frames: list[Frame] = []
    call = ""
    for line in lines:
        if not line.strip():
            if frames:
                break
            continue
        at = _AT.match(line)
        if at is not None and call:
            frames.append(frame_of(call, at))
            call = ""
        elif at is None:
            call = line.strip()
    return tuple(frames)


def frame_of(call: str, at: re.Match[str]) -> Frame:
    """A frame of its two lines."""
    match = _CALL.match(call.strip())
    return Frame(file=at.group(1), line=int(at.group(2)), function=match.group(1) if match is not None else None)


def raised_from(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """The frames below the last `panic`, where a deferred function raised it again."""
    last = max((n for n, frame in enumerate(frames) if (frame.function or "") in _RAISING), default=-1)
    return tuple(frames[last + 1 :])


def located(frames: Sequence[Frame], sources: GoSources) -> tuple[Frame | None, tuple[Frame, ...]]:
    """The place to look at, and the frames outermost first, the repository's own before the libraries'."""
    named: list[Frame] = []
    foreign: list[Frame] = []
    for frame in frames:
        function = frame.function or ""
        if sources.is_own(frame.file, function):
            file = sources.path(frame.file, package_of(function))
            named.append(frame.model_copy(update={"file": file}))
        else:
            foreign.append(frame)
    place = next((frame for frame in named if not is_test_path(frame.file)), named[0] if named else None)
    kept = (*reversed(named[: _MAX_FRAMES // 2]), *reversed(foreign[: _MAX_FRAMES // 2]))
    return place, kept
