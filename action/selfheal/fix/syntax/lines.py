"""Two statements that stand in one line, where an end of line was lost."""

from collections.abc import Iterator
from itertools import pairwise

from selfheal.fix.syntax.damage import Damage, Repair
from selfheal.fix.syntax.tokens import CLOSERS, OPENERS, Token

_STATEMENTS = frozenset({
    "return", "raise", "if", "for", "while", "try", "with", "import", "from", "assert", "del", "pass", "break",
    "continue", "yield", "def", "class", "global", "nonlocal", "async", "await",
})  # fmt: skip
_CLAUSES = frozenset({"elif", "else", "except", "finally"})
_LEAVES = frozenset({"break", "continue", "return", "raise"})
"""Nothing follows these in their block."""
_BETWEEN = frozenset({"if", "for", "from", "async"})
"""These may stand behind an expression too."""
_FOLLOWS_NAME = frozenset({"=", "(", ".", "[", ",", "+=", "-=", "|="})


def joined(damage: Damage) -> Iterator[Repair]:
    """Begin a new line, as deep as this one, in front of what begins a statement."""
    tokens = damage.tokens_in(damage.line, damage.line)
    indent, depth = damage.indent_of(damage.line), 0
    for number, (token, following) in enumerate(pairwise(tokens)):
        after = tokens[number + 2] if number + 2 < len(tokens) else None
        depth += (token.text in OPENERS) - (token.text in CLOSERS)
        gap = damage.text[token.end : following.start]
        if depth > 0 or not gap or gap.strip() or not token.ends_operand:
            continue
        cost = _cost(following, after)
        if cost is not None:
            is_assigned = following.kind == "name" and any(one.text == "=" for one in tokens[number + 2 :])
            cost -= 0.3 if is_assigned and following.text not in _STATEMENTS else 0.0
            far = 0.02 * abs(following.start - damage.offset)
            is_outside = following.text in _CLAUSES or tokens[0].text in _LEAVES
            deep = _clause_indent(damage) if is_outside else indent
            new = f"{damage.newline()}{deep}"
            what = f"line {damage.line} holds two statements: `{following.text}` begins a new line"
            yield damage.splice(token.end, following.start, new, cost=cost + min(far, 0.6), what=what)


def _clause_indent(damage: Damage) -> str:
    """The depth of the block's head that this line stands under."""
    own, line = damage.indent_of(damage.line), damage.line_before(damage.line)
    while line and len(damage.indent_of(line)) >= len(own):
        line = damage.line_before(line)
    return damage.indent_of(line) if line else own


def _cost(token: Token, after: Token | None) -> float | None:
    if token.kind != "name":
        return None
    if token.text in _CLAUSES:
        return 1.0 if after is not None and (after.text == ":" or token.text in ("elif", "except")) else None
    if token.text in _STATEMENTS:
        return 1.6 if token.text in _BETWEEN else 0.9
    return 1.7 if after is not None and after.text in _FOLLOWS_NAME else None
