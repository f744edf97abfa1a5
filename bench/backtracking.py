"""How the time of every regular expression of the log analyst grows with hostile text.

Each pattern is pumped: from its own syntax tree come texts that lead into each of its repetitions, repeat what that
takes, and then break off. What counts is the ratio of the times at a length and at a quarter of it, not the times: 4 is
linear, 16 quadratic, 64 cubic, and it is the same on a slow machine. Patterns see single lines of at most `MAX_LINE`
characters, unless they are named in `_BLOCKS`.

    python bench/backtracking.py [--limit 8] [--only MODULE]
"""

import argparse
import importlib
import json
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import selfheal.logs
from selfheal.logs.cleaning import MAX_LINE

RESULTS = Path(__file__).parent / "results"
METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")
_MOST_DEPTH = 4
_ENOUGH = 12
_SCREEN_S, _WORTH_S = 0.000_15, 0.001
# A pattern out of a table is called by a variable's name.
_CALLS = re.compile(rf"\b[a-z]\w*\.({'|'.join(METHODS[:5])})\(")
_BREAKS = ("", "\x00")
_CLASSES = {"CATEGORY_DIGIT": "7", "CATEGORY_WORD": "a", "CATEGORY_SPACE": " "}
_NOT_CLASSES = {"CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_WORD": "-", "CATEGORY_NOT_SPACE": "a"}


@dataclass(frozen=True, slots=True)
class Use:
    """A pattern, where it stands, and how the code calls it."""

    module: str
    name: str
    pattern: re.Pattern[str]
    method: str


@dataclass(frozen=True, slots=True)
class Growth:
    """The worst text found for one pattern."""

    module: str
    name: str
    method: str
    ratio: float
    longest_ms: float
    text: str


def uses() -> Iterator[Use]:
    """Every pattern of the package, once for each way it is called in its own module."""
    for info in pkgutil.walk_packages(selfheal.logs.__path__, "selfheal.logs."):
        module = importlib.import_module(info.name)
        source = Path(str(module.__file__)).read_text()
        for name, value in vars(module).items():
            # What is imported is measured where it was made.
            if not re.search(rf"^{re.escape(name)}\b", source, re.MULTILINE):
                continue
            called = re.findall(rf"\b{re.escape(name)}\.({'|'.join(METHODS)})\(", source)
            for pattern in _patterns(value, 0):
                for method in sorted(set(called) or set(_CALLS.findall(source))) or ["search"]:
                    yield Use(info.name, name, pattern, method)


def _patterns(value: object, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < _MOST_DEPTH and isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _patterns(one, depth + 1)
    elif depth < _MOST_DEPTH and isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from _patterns(one, depth + 1)
    elif depth < _MOST_DEPTH and hasattr(value, "__slots__") and not isinstance(value, type):
        for slot in value.__slots__:
            yield from _patterns(getattr(value, slot, None), depth + 1)


def pumped(pattern: re.Pattern[str]) -> Iterator[Callable[[int], str]]:
    """Texts of any length: a way in, then what one repetition takes, over and over, then a break."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE.value)
    seen: set[tuple[str, str]] = set()
    for lead, pump in (*_repetitions(tree, ""), *_units(tree)):
        if not pump or (lead, pump) in seen:
            continue
        seen.add((lead, pump))
        for end in _BREAKS:
            yield partial(_text, lead, pump, end)


def _text(lead: str, pump: str, end: str, size: int) -> str:
    return (lead + pump * (size // len(pump)))[:size] + end


def _units(tree: Any) -> Iterator[tuple[str, str]]:
    """The whole match over and over, and each beginning of it: what `search` may start at every place of."""
    whole = _witness(tree)
    for length in range(1, min(len(whole), 16) + 1):
        yield "", whole[:length]
    for first in dict.fromkeys(whole[:12]):
        for second in " a7.:":
            yield "", first + second


def _repetitions(tree: Any, lead: str) -> Iterator[tuple[str, str]]:
    for operation, argument in tree:
        if operation in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            low, _, inner = argument
            yield lead, _witness(inner)
            for other in _alternatives(inner):
                yield lead, other
            yield from _repetitions(inner, lead)
            lead += _witness(inner) * max(1, low)
            continue
        if operation is code.SUBPATTERN:
            yield from _repetitions(argument[3], lead)
        elif operation is code.BRANCH:
            for branch in argument[1]:
                yield from _repetitions(branch, lead)
        elif operation is code.ATOMIC_GROUP:
            yield from _repetitions(argument, lead)
        lead += _witness([(operation, argument)])


def _alternatives(tree: Any) -> Iterator[str]:
    """Other texts that a repetition of one set takes, so that two neighbours can quarrel about them."""
    for operation, argument in tree:
        if operation is code.IN:
            for one in (" ", "a", "7", ".", "/", ":", "-", "_"):
                if _takes(argument, one):
                    yield one
        elif operation in (code.NOT_LITERAL, code.ANY):
            yield from (" ", "a", "7", ":", "'")


def _takes(items: Any, character: str) -> bool:
    negated = bool(items) and items[0][0] is code.NEGATE
    found = False
    for operation, argument in items:
        if operation is code.LITERAL:
            found |= argument == ord(character)
        elif operation is code.RANGE:
            found |= argument[0] <= ord(character) <= argument[1]
        elif operation is code.CATEGORY:
            name = str(argument)
            matches = {"DIGIT": character.isdigit(), "WORD": character.isalnum() or character == "_"}
            kind = name.rpartition("_")[2]
            found |= matches.get(kind, character.isspace()) != ("_NOT_" in name)
    return found != negated


def _witness(tree: Any) -> str:
    """A text that the tree matches, more or less: lookarounds and references add nothing."""
    text = ""
    for operation, argument in tree:
        if operation is code.LITERAL:
            text += chr(argument)
        elif operation in (code.ANY, code.NOT_LITERAL):
            text += "a"
        elif operation is code.IN:
            text += next((one for one in "a7 ./:-_'\"(\t=#" if _takes(argument, one)), _first(argument))
        elif operation in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            text += _witness(argument[2]) * max(1, min(argument[0], 50))
        elif operation is code.SUBPATTERN:
            text += _witness(argument[3])
        elif operation is code.ATOMIC_GROUP:
            text += _witness(argument)
        elif operation is code.BRANCH:
            text += _witness(argument[1][0])
    return text


def _first(items: Any) -> str:
    for operation, argument in items:
        if operation is code.LITERAL:
            return chr(argument)
        if operation is code.RANGE:
            return chr(argument[0])
    return "a"


def growth(use: Use, *, size: int = MAX_LINE) -> Growth:
    """The worst ratio between the times at `size` and at a quarter of it."""
    worst = Growth(use.module, use.name, use.method, 0.0, 0.0, "")
    for text in pumped(use.pattern):
        # What takes no time at a quarter of the size is not what grows: most texts end here.
        if _seconds(use, text(size // 4)) < _SCREEN_S:
            continue
        long, short = text(size), text(size // 4)
        taken = min(_seconds(use, long) for _ in range(3))
        ratio = taken / max(min(_seconds(use, short) for _ in range(3)), 1e-7)
        if taken >= _WORTH_S and (ratio, taken) > (worst.ratio, worst.longest_ms / 1000):
            worst = Growth(use.module, use.name, use.method, ratio, taken * 1000, text(30))
            if ratio > _ENOUGH:
                break
    return worst


def _seconds(use: Use, text: str) -> float:
    began = time.thread_time()
    match use.method:
        case "sub":
            use.pattern.sub("", text)
        case "finditer":
            for _ in use.pattern.finditer(text):
                pass
        case method:
            getattr(use.pattern, method)(text)
    return time.thread_time() - began


def main() -> None:
    """Measure all patterns; fail where one grows faster than the limit."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--limit", type=float, default=8.0)
    arguments.add_argument("--only", default="")
    given = arguments.parse_args()
    found, count = [], 0
    for use in uses():
        if given.only in f"{use.module}.{use.name}":
            count += 1
            found.append(one := growth(use))
            if one.ratio > given.limit:
                print(
                    f"{one.ratio:6.1f} {one.longest_ms:9.2f} ms  {one.module}.{one.name}.{one.method}  {one.text!r}",
                    flush=True,
                )
    found.sort(key=lambda one: -one.longest_ms)
    slow = [one for one in found if one.ratio > given.limit]
    print("the longest calls:")
    for one in found[:5]:
        print(f"{one.ratio:6.1f} {one.longest_ms:9.2f} ms  {one.module}.{one.name}.{one.method}  {one.text!r}")
    print(f"{count} patterns, {MAX_LINE} characters; times at a quarter of it: 4 is linear, 16 quadratic")
    print(f"{len(slow)} grow faster than {given.limit} times")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "backtracking.json").write_text(json.dumps([asdict(one) for one in found], indent=2) + "\n")
    sys.exit(bool(slow))


if __name__ == "__main__":
    main()
