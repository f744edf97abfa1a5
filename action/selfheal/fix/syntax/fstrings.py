"""f-strings: a brace that is missing or single, and quotes inside that older Pythons end the string with."""

import re
from collections.abc import Iterator

from selfheal.fix.syntax.damage import Damage, Repair

_OPENING = re.compile(r"\b(?:[fF][rR]?|[rR][fF])(\"\"\"|'''|\"|')")
_FIELD = re.compile(r"\{([^{}'\"]*)\[(['\"])([\w .-]*)\2\]([^{}'\"]*)\}")
_CALLED = re.compile(r"\{([^{}]*?)(['\"])([^'\"{}]*)\2([^{}]*?)\}")


def braces(damage: Damage) -> Iterator[Repair]:
    """Close the field, or double the brace that is meant as itself."""
    for line in _lines(damage):
        code, start = damage.code_of(line), damage.start_of(line)
        if (opening := _OPENING.search(code)) is None:
            continue
        what = f"add the missing brace in line {line}"
        for at in range(opening.end(), len(code) + 1):
            before, here = code[at - 1 : at], code[at : at + 1]
            if not (before.isalnum() or before in "_)]'\"") or here.isalnum() or here == "_":
                continue
            cost = 1.0 if here in "'\"" else 1.2 if here in " ,.:!" else 1.6
            yield damage.splice(start + at, start + at, "}", cost=cost, what=what)
        for match in re.finditer(r"(?<=[\s'\"({\[,:=/.-])(?=[\w.]+(?:\([^(){}]*\))?\})", code[opening.end() - 1 :]):
            at = start + opening.end() - 1 + match.start()
            yield damage.splice(at, at, "{", cost=1.0, what=what)
        for match in re.finditer(r"(?<![{}])([{}])(?![{}])", code[opening.end() :]):
            at = start + opening.end() + match.start()
            what = f"the brace in line {line} is meant as itself"
            yield damage.splice(at, at, match[1], cost=1.9, what=what)
            what = f"take out the stray brace in line {line}"
            yield damage.splice(at, at + 1, "", cost=2.0, what=what)


def inner_quotes(damage: Damage) -> Iterator[Repair]:
    """Before Python 3.12 the quotes inside a field must be others than those around the string."""
    changed, count = [], 0
    for line in damage.lines:
        new = line
        for match in reversed(list(_OPENING.finditer(line))):
            quote = match[1][:1]
            if len(match[1]) == 1:
                new = new[: match.end()] + _requoted(new[match.end() :], quote)
        count += new != line
        changed.append(new)
    if count:
        what = f"{count} f-string(s) use other quotes inside than around, as Python before 3.12 needs it"
        yield Repair("".join(changed), 0.6, what)


def _requoted(rest: str, quote: str) -> str:
    other = "'" if quote == '"' else '"'

    def swap(match: re.Match[str]) -> str:
        if match[2] != quote or other in match[0]:
            return match[0]
        return match[0].replace(quote, other)

    return _CALLED.sub(swap, _FIELD.sub(swap, rest))


def _lines(damage: Damage) -> tuple[int, ...]:
    return tuple(dict.fromkeys((damage.line, damage.line_before(damage.line), damage.line_after(damage.line))))
