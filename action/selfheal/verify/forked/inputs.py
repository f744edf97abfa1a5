"""What a function is called with in the tests, inputs that lie near those, and what a candidate makes of them.

A call is the arguments, pickled, and GOOD where a test made it that passes: what the old code does there is right.
"""

from __future__ import annotations

import hashlib
import itertools
import opcode
import pickle
import random
import re
import signal
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

_MOST_CALLS = 40
_MOST_INPUTS = 160
_MAX_PICKLE = 4000
_MAX_SHOWN = 16_000
_INPUT_S = 0.1
GOOD, OPEN = "+", "?"
CRASHED = "!"
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class Recorder:
    """Notes the arguments of one function while tests run. What can't be pickled is not noted."""

    def __init__(self, code: CodeType) -> None:
        self._code = code
        self._known: set[bytes] = set()
        self.calls: list[tuple[bytes, str]] = []
        self.kind = OPEN
        """Of the calls that are made now."""

    def start(self) -> None:
        """Begin."""
        sys.setprofile(self._on_event)

    def stop(self) -> None:
        """End."""
        sys.setprofile(None)

    def _on_event(self, frame: Any, event: str, _: Any) -> None:
        if event != "call" or frame.f_code is not self._code or len(self.calls) >= _MOST_CALLS:
            return
        sys.setprofile(None)
        try:
            packed = pickle.dumps(_arguments(frame))
            if len(packed) <= _MAX_PICKLE and packed not in self._known:
                self._known.add(packed)
                self.calls.append((packed, self.kind))
        except Exception:  # noqa: BLE001 - pickling runs the project's own code
            pass
        finally:
            sys.setprofile(self._on_event)


def outcomes(function: FunctionType, calls: list[tuple[bytes, str]]) -> str:
    """What the function makes of the calls and of their neighbours: an input's kind and eight characters.

    They are digits, the first of them CRASHED where the function stumbled.
    """
    return "".join(kind + _outcome(function, packed, change) for packed, kind, change in _inputs(calls))


def _inputs(calls: list[tuple[bytes, str]]) -> Iterator[tuple[bytes, str, int]]:
    """The calls themselves, then variants of them in turn."""
    yield from itertools.islice(((packed, kind, 0) for packed, kind in calls), _MOST_INPUTS)
    room = max(0, _MOST_INPUTS - len(calls))
    yield from itertools.islice(((packed, kind, n) for n in range(1, 40) for packed, kind in calls), room)


def _outcome(function: FunctionType, packed: bytes, change: int) -> str:
    mark = ""
    try:
        shown = _shown(function, packed, change)
    except BaseException as error:  # noqa: BLE001 - whatever a candidate does is its outcome
        shown = "raised %s" % type(error).__name__
        mark = CRASHED if _has_stumbled(error, function) else ""
    return (mark + hashlib.sha256(_ADDRESS.sub("", shown)[:_MAX_SHOWN].encode("utf-8", "replace")).hexdigest())[:8]


def _shown(function: FunctionType, packed: bytes, change: int) -> str:
    """What it returns, and what it leaves of its arguments. Raises what it raises, and TimeoutError."""
    # The same variant for every candidate.
    random.seed(change)
    signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, _INPUT_S)
    try:
        positional, named = pickle.loads(packed)
        if change:
            positional, named = _changed(positional, named)
        result = function(*positional, **named)
        if hasattr(result, "__next__"):
            result = list(itertools.islice(result, 200))
        return "%s %r %s" % (type(result).__name__, result, [_state(one) for one in positional])
    finally:
        # Where the time is up just now, that is raised from here.
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _state(value: Any) -> str:
    """An argument as the function leaves it: of an object that shows nothing of itself, what it holds."""
    is_silent = getattr(type(value), "__repr__", None) is object.__repr__
    held = getattr(value, "__dict__", None) if is_silent else None
    return "%s %r" % (type(value).__name__, held) if type(held) is dict else repr(value)


def _has_stumbled(error: BaseException, function: FunctionType) -> bool:
    """False where the function says itself, or has another one say, that the input is wrong.

    What it says of an input that it gave to itself is a fault of its own, and so it is to have no end.
    """
    codes = []
    trace = error.__traceback__
    while trace is not None:
        codes.append((trace.tb_frame.f_code, trace.tb_lasti))
        trace = trace.tb_next
    code, at = codes[-1] if codes else (function.__code__, 0)
    depth = sum(one is function.__code__ for one, _ in codes)
    return depth > 1 or code is _too_long.__code__ or code.co_code[at] != opcode.opmap["RAISE_VARARGS"]


def _too_long(*_: Any) -> None:
    raise TimeoutError


def _arguments(frame: Any) -> tuple[list[Any], dict[str, Any]]:
    code, values = frame.f_code, frame.f_locals
    positional = [values[name] for name in code.co_varnames[: code.co_argcount]]
    named_end = code.co_argcount + code.co_kwonlyargcount
    named = {name: values[name] for name in code.co_varnames[code.co_argcount : named_end]}
    if code.co_flags & 4:  # *args
        positional += list(values[code.co_varnames[named_end]])
        named_end += 1
    if code.co_flags & 8:  # **kwargs
        named.update(values[code.co_varnames[named_end]])
    return positional, named


def _changed(positional: list[Any], named: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """One or two of the arguments changed a little."""
    places = [("p", n) for n in range(len(positional))] + [("n", name) for name in named]
    for kind, place in random.sample(places, min(len(places), random.choice((1, 1, 2)))):
        values: Any = positional if kind == "p" else named
        values[place] = near(values[place])
    return positional, named


def near(value: Any) -> Any:
    """A value near another one; itself where no neighbour is known."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return random.choice((value + 1, value - 1, 0, -value, value * 2, value + 10, value // 2, 1))
    if isinstance(value, float):
        return random.choice((value + 0.5, -value, 0.0, value * 2, value + 1))
    if isinstance(value, str):
        return _near_text(value)
    if isinstance(value, (list, tuple)):
        return type(value)(_near_list(list(value))) if type(value) in (list, tuple) else value
    if type(value) is dict and value:
        changed = dict(value)
        key = random.choice(list(changed))
        if random.random() < 0.4:
            del changed[key]
        else:
            changed[key] = near(changed[key])
        return changed
    if type(value) is set and value:
        return value - {next(iter(value))}
    return value


def _near_text(value: str) -> str:
    at = random.randrange(len(value) + 1)
    return random.choice(
        (
            "",
            value[:at] + value[at + 1 :],
            value + value[-1:],
            value.upper(),
            value + " ",
            value[::-1],
            value[:at] + " " + value[at:],
            value[:at] + value[at : at + 1] * 2 + value[at + 1 :],
            value[:at],
        )
    )


def _near_list(items: list[Any]) -> list[Any]:
    if not items:
        return items
    at = random.randrange(len(items))
    way = random.randrange(7)
    if way == 0:
        return []
    if way == 1:
        return items[:at] + items[at + 1 :]
    if way == 2:
        return items[: at + 1] + items[at:]
    if way == 3:
        return items[::-1]
    if way == 4:
        return items[:1]
    if way == 5:
        return random.sample(items, len(items))
    return [*items[:at], near(items[at]), *items[at + 1 :]]
