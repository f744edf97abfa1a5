"""Keywords: misspelt, glued to their neighbour, of another language, or left out."""

import keyword
import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from selfheal.fix.syntax.damage import Damage, Repair
from selfheal.fix.syntax.tokens import BUILTINS

_KEYWORDS = (*keyword.kwlist, "match", "case")
_FOREIGN = {
    "function": ("def",),
    "func": ("def",),
    "fn": ("def",),
    "sub": ("def",),
    "fun": ("def",),
    "elseif": ("elif",),
    "elsif": ("elif",),
    "elif": ("else",),
    "catch": ("except",),
    "throw": ("raise",),
    "switch": ("match",),
    "null": ("None",),
    "include": ("import",),
    "require": ("import",),
    "foreach": ("for",),
    "unless": ("if not",),
    "until": ("while not",),
    "and": ("or",),
    "is": ("in",),
    "in": ("is",),
}
_NEAR = 0.62
_LEFT_OUT: tuple[tuple[str, str, float], ...] = (
    (r"^(\s*)from (\S+) +(?!import\b)(\w)", r"\1from \2 import \3", 0.8),
    (r"^(\s*)(?!from\b|import\b)([\w.]+) import\b", r"\1from \2 import", 0.9),
    (r"^(\s*)import (\S+) import\b", r"\1from \2 import", 0.8),
    (r"^(\s*)from ([\w.]+)$", r"\1import \2", 0.9),
    (r"^(\s*)from ([\w.]+) as\b", r"\1import \2 as", 0.8),
    (r"^(\s*import [\w.]+) (\w+)\s*$", r"\1 as \2", 0.9),
    (r"^(\s*(?:async )?for \w+(?:, ?\w+)*) +(?!in\b)(?=\S)", r"\1 in ", 0.9),
    (r"\bfor (\w+(?:, ?\w+)*) +(?!in\b)(?=[\w(\[])", r"for \1 in ", 1.0),
    (r"^(\s*except [\w.()]+(?:\([\w., ]*\))?) +(\w+)(?=\s*:)", r"\1 as \2", 0.8),
    (r"^(\s*(?:async )?with .*\)) +(\w+)(?=\s*:)", r"\1 as \2", 0.8),
    (r"^(\s*)(\w+\(.*\)(?: *->.*)?:\s*(?:#.*)?)$", r"\1def \2", 1.2),
    (r"^(\s*)([A-Z]\w*(?:\(.*\))?:\s*(?:#.*)?)$", r"\1class \2", 1.0),
    (r"^(\s*)(\w+(?:, ?\w+)* in .*:\s*(?:#.*)?)$", r"\1for \2", 1.1),
    (r"^(\s*)([^#]*:\s*(?:#.*)?)$", r"\1if \2", 1.5),
    (r"^(\s*)([^#]*:\s*(?:#.*)?)$", r"\1while \2", 2.6),
    (r"^(\s*)([^#]*:\s*(?:#.*)?)$", r"\1elif \2", 2.0),
    (r"^(\s*)([^#]* as .*:\s*(?:#.*)?)$", r"\1with \2", 1.0),
    (r"^(\s*)(\w+(?:Error|Exception|Interrupt|Warning)\b.*:\s*(?:#.*)?)$", r"\1except \2", 0.9),
    (r"^(\s*)(\(.*\) as \w+:\s*)$", r"\1except \2", 1.0),
    (r"^(\s*):", r"\1else:", 0.9),
    (r"^(\s*):", r"\1try:", 1.2),
    (r"^(\s*)else (?=\S.*:\s*$)", r"\1elif ", 1.0),
    (r" (?=for )", " in ", 3.9),
)
"""A line as it stands, as it was meant, and how sure that is."""


def misspelt(damage: Damage) -> Iterator[Repair]:
    """Replace a word that is nearly a keyword, the rarer in the file the sooner."""
    times = Counter(token.text for token in damage.tokens if token.kind == "name")
    first = damage.line_before(damage.line)
    after = damage.line_after(damage.line)
    for token in damage.tokens:
        if token.kind != "name" or token.line not in (first, damage.line, after) or len(token.text) > 12:
            continue
        is_first = not damage.text[damage.start_of(token.line) : token.start].strip()
        far = (0.0 if token.line == damage.line else 0.2) + (0.0 if is_first else 0.15)
        far += 0.25 * min(times[token.text] - 1, 4)
        far += 0.5 if token.text in BUILTINS else 0.0
        for word in (*_FOREIGN.get(token.text, ()), *_near(token.text)):
            cost = (
                1.9
                if token.text in _KEYWORDS
                else 0.7 + (0.9 if len(token.text) < 3 else 0) + _unlike(token.text, word)
            )
            what = f"`{token.text}` in line {token.line} is `{word}` misspelt"
            yield damage.splice(token.start, token.end, word, cost=cost + far, what=what)


def glued(damage: Damage) -> Iterator[Repair]:
    """`importos`, `returnx`, `x ifa else b`: a keyword that has lost the blank beside it."""
    for token in damage.tokens_in(damage.line_before(damage.line), damage.line):
        if token.kind != "name" or token.text in _KEYWORDS:
            continue
        far = 0.0 if token.line == damage.line else 0.2
        far += 0.6 if damage.text[token.start - 1 : token.start] == "." else 0.0
        for word in _KEYWORDS:
            rest = len(token.text) - len(word)
            if len(word) < 2 or rest < 1:
                continue
            what = f"`{word}` in line {token.line} stands alone"
            if token.text.startswith(word):
                at = token.start + len(word)
                yield damage.splice(at, at, " ", cost=1.1 - 0.05 * len(word) + far, what=what)
            if token.text.endswith(word):
                yield damage.splice(
                    token.start + rest, token.start + rest, " ", cost=1.5 - 0.05 * len(word) + far, what=what
                )


def left_out(damage: Damage) -> Iterator[Repair]:
    """Put the keyword in that the rest of the line asks for."""
    before = damage.line_before(damage.line)
    for line in dict.fromkeys((damage.line, before)):
        code, start = damage.code_of(line)[:500], damage.start_of(line)
        far = 0.0 if line == damage.line else 0.2
        for pattern, new, cost in _LEFT_OUT:
            if (match := re.search(pattern, code)) is not None:
                changed = code[: match.start()] + match.expand(new) + code[match.end() :]
                what = f"complete line {line}: `{changed.strip()[:80]}`"
                yield damage.splice(start, start + len(code), changed, cost=cost + far, what=what)
    if "'else'" in damage.message:
        tokens = damage.tokens_in(damage.line, damage.line)
        for token, following in pairwise(tokens):
            if token.ends_operand and following.begins_operand:
                what = f"add the missing `else` in line {damage.line}"
                yield damage.splice(token.end, following.start, " else ", cost=0.8, what=what)


def _near(word: str) -> list[str]:
    if word in _KEYWORDS:
        return []
    lowered = word.lower()
    if lowered in _KEYWORDS or word.capitalize() in _KEYWORDS:
        return [lowered if lowered in _KEYWORDS else word.capitalize()]
    return [kw for kw in _KEYWORDS if abs(len(kw) - len(word)) <= 2 and _unlike(word, kw) <= 1 - _NEAR]


def _unlike(word: str, other: str) -> float:
    if sorted(word) == sorted(other):
        return 0.1
    return 1 - SequenceMatcher(None, word.lower(), other.lower(), autojunk=False).ratio()
