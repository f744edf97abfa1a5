"""Find secrets by their shapes and their names, in one pass over the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import BytesAhoCorasick

from selfheal.logs.redaction.assignments import Assignments
from selfheal.logs.redaction.mask import Span
from selfheal.logs.redaction.names import WORDS
from selfheal.logs.redaction.ordinary import is_digest
from selfheal.logs.redaction.patterns import PATTERNS, SecretPattern

_WINDOW = 1 << 20
_OVERLAP = 32
_KEY_END = "-----end"
_KEY_WORDS = b"PRIVATE KEY"
_BODY = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n\\"
_MAX_BODY = 8192


@dataclass(frozen=True, slots=True)
class Shapes:
    """Where tokens of the built-in patterns and keys stand, and random values beside a secret's name."""

    tokens: frozenset[Span]
    values: frozenset[Span]


def find_shapes(data: bytes) -> Shapes:
    """Search the text once for the beginnings of all patterns, and look closer where there is one."""
    automaton, patterns = _automaton()
    assignments = Assignments(data)
    tokens: list[Span] = []
    values: list[Span] = []
    for window in range(0, len(data), _WINDOW):
        # Needles are in small letters; so is what they are looked for in, whatever its bytes are.
        part = data[window : window + _WINDOW + _OVERLAP].lower()
        for which, start, _ in automaton.find_matches_as_indexes(part, overlapping=True):
            if start >= _WINDOW:
                continue
            if which > len(patterns):
                value = assignments.at(window + start)
                if value is not None:
                    values.append(value)
            elif which == len(patterns):
                tokens += _body_before(data, window + start)
            else:
                for pattern in patterns[which]:
                    tokens += _matched(pattern, data, window + start)
    return Shapes(frozenset(tokens), frozenset(values))


def _matched(pattern: SecretPattern, data: bytes, start: int) -> Iterator[Span]:
    match = pattern.regex.match(data, start)
    if match is None:
        return
    span = match.span("secret" if "secret" in pattern.regex.groupindex else 0)
    if not is_digest(data, span):
        yield span


def _body_before(data: bytes, end: int) -> Iterator[Span]:
    """The rest of a private key whose beginning a cut log lacks."""
    if not data.startswith(_KEY_WORDS, data.find(b"PRIVATE", end, end + 60)):
        return
    before = data[max(0, end - _MAX_BODY) : end]
    start = len(before.rstrip(_BODY))
    # The last word of an ordinary line may look like a part of the body.
    line_end = before.find(b"\n", start) + 1
    if 0 < start <= line_end < len(before):
        start = line_end
    if len(before) - start >= 16:
        yield end - len(before) + start, end


@cache
def _automaton() -> tuple[BytesAhoCorasick, tuple[tuple[SecretPattern, ...], ...]]:
    """The automaton over the patterns' needles, the end of a key and the names; and the needles' patterns."""
    by_needle: dict[str, list[SecretPattern]] = {}
    for pattern in PATTERNS:
        for needle in pattern.needles:
            by_needle.setdefault(needle, []).append(pattern)
    literals = (*by_needle, _KEY_END, *WORDS)
    return BytesAhoCorasick([literal.encode("ascii") for literal in literals]), tuple(map(tuple, by_needle.values()))
