"""Operators of another language, of another place, or torn apart."""

import re
from collections.abc import Iterator

from selfheal.fix.syntax.damage import Damage, Repair

_FOREIGN: tuple[tuple[str, str, float], ...] = (
    (r"===", "==", 0.8),
    (r"!==", "!=", 0.8),
    (r"&&", "and", 0.8),
    (r"\|\|", "or", 0.8),
    (r"<>", "!=", 0.8),
    (r"=<", "<=", 0.9),
    (r"(?<![=<>!:])=>", ">=", 1.2),
    (r"=>", "->", 1.1),
    (r"(?<![-])- ?>", "->", 0.9),
    (r"(?<=\)) ?-(?= ?\w+.*:)", " ->", 1.0),
    (r"(?<=\)) ?>(?= ?\w+.*:)", " ->", 1.2),
    (r"(?<=\)) +(?=\w[\w\[\], .|]*:\s*$)", " -> ", 1.3),
    (r"=!", "!=", 0.9),
    (r"! =", "!=", 0.8),
    (r"= =", "==", 0.8),
    (r"< =", "<=", 0.8),
    (r"> =", ">=", 0.8),
    (r"([-+*/|&^%]) =", r"\1=", 0.8),
    (r"=([-+*])(?= )", r"\1=", 1.2),
    (r": =", ":=", 0.9),
    (r"\* \*", "**", 0.8),
    (r"/ /", "//", 0.9),
    (r"(?<![=!<>:])!(?!=) ?", "not ", 1.1),
    (r"!(?!=)", "!=", 1.4),
    (r"\belse\s?if\b", "elif", 0.8),
    (r"\bisnot\b", "is not", 0.8),
    (r"\bnotin\b", "not in", 0.8),
    (r"\bnew (?=\w+\()", "", 1.1),
    (r"\b(?:var|let|const|final) (?=\w+ ?=)", "", 0.9),
    (r"(\w+)\+\+", r"\1 += 1", 0.9),
    (r"(\w+)--", r"\1 -= 1", 0.9),
    (r"//(?= )", "#", 1.2),
    (r"\?\.", ".", 2.5),
    (r"::", ":", 1.0),
    (r"(?<=\w);(?=\s*\w)", ",", 1.4),
    (r"(?<=\w)\.(?=\s)", ",", 1.6),
    (r"(?<=[\w\])]),(?=\w+\()", ".", 1.6),
    (r"(?<=\w):(?=\w+\()", ".", 1.6),
    (r"\.\.", ".", 1.0),
    (r";(?=\s*$)", ":", 1.5),
    (r";", ":", 2.4),
    (r"(?<![<>:])=(?= ?(?:None|True|False|\d|['\"]))", "==", 1.6),
)
"""What stands there, what Python calls it, and how sure that is. Tried where it stands in the line."""


def foreign(damage: Damage) -> Iterator[Repair]:
    """Replace one operator in the failing line, or the one before it."""
    for line in dict.fromkeys((damage.line, damage.line_before(damage.line))):
        code, start = damage.code_of(line)[:2_000], damage.start_of(line)
        far = 0.0 if line == damage.line else 0.3
        for pattern, new, cost in _FOREIGN:
            for match in re.finditer(pattern, code):
                right = match.expand(new)
                what = f"`{right.strip() or match[0].strip()}` is meant in line {line}"
                yield damage.splice(start + match.start(), start + match.end(), right, cost=cost + far, what=what)


def assignment(damage: Damage) -> Iterator[Repair]:
    """`=` where a value is compared, and `=` and `:` in each other's place."""
    tokens = damage.tokens_in(damage.line, damage.line)
    is_condition = (
        damage.code_of(damage.line)
        .lstrip()
        .startswith(("if ", "elif ", "while ", "assert ", "return ", "if(", "while("))
    )
    for token in tokens:
        what = f"compare with `==` in line {damage.line}"
        if token.text == "=":
            yield damage.splice(token.start, token.end, "==", cost=0.9 if is_condition else 1.6, what=what)
            what = f"`:` is meant in line {damage.line}"
            tight = damage.text[token.start - 1 : token.start] == " "
            start = token.start - 1 if tight else token.start
            yield damage.splice(start, token.end, ":", cost=1.3, what=what)
            what = f"`-` lost its place before `=` in line {damage.line}"
        elif token.text == ":":
            what = f"`=` is meant in line {damage.line}"
            end = token.end + (damage.text[token.end : token.end + 1] == " ")
            yield damage.splice(token.start, end, "=", cost=1.5, what=what)
        elif token.text == "==":
            what = f"assign with `=` in line {damage.line}"
            yield damage.splice(token.start, token.end, "=", cost=1.4, what=what)
        elif token.text == ":=":
            what = f"assign with `=` in line {damage.line}"
            yield damage.splice(token.start, token.end, "=", cost=1.2, what=what)
