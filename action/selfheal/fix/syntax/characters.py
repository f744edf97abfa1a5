"""Characters that no keyboard meant: curly quotes, blanks that don't break, dashes, broken escapes."""

import re
import unicodedata
from collections.abc import Iterator

from selfheal.fix.syntax.damage import Damage, Repair

_MEANT = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u00b4": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u00d7": "*", "\u00f7": "/", "\u2264": "<=", "\u2265": ">=", "\u2260": "!=", "\u2026": "...", "\u2192": "->",
    "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "", "\u200e": "", "\u200f": "",
    "\u037e": ";",
}  # fmt: skip
_BLANKS = frozenset("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
_STRING = re.compile(r"(?<![\w])([bBuUfF]?)((\"\"\"|'''|\"|')(?:\\.|(?!\3).)*?\3)", re.DOTALL)


def invalid(damage: Damage) -> Iterator[Repair]:
    """Put the plain character in, in the file's code everywhere, else in the line."""
    start = damage.start_of(damage.line)
    code = damage.code_of(damage.line)
    in_code = "".join(_meant(char) for char in code)
    what = "characters that Python can't read are replaced by the plain ones that were meant"
    if in_code != code:
        yield damage.splice(start, start + len(code), in_code, cost=0.6, what=f"{what}, line {damage.line}")
    errors = [token for token in damage.tokens if token.kind == "error" and _meant(token.text) != token.text]
    if errors:
        text = damage.text
        for token in reversed(errors):
            text = text[: token.start] + _meant(token.text) + text[token.end :]
        yield Repair(text, 0.5, what)
    blanks = "".join(" " if char in _BLANKS else char for char in damage.text)
    if blanks != damage.text:
        yield Repair(blanks, 0.7, "blanks that don't break are plain blanks")
    if damage.text[1:].count("\ufeff"):
        yield Repair(damage.text[:1] + damage.text[1:].replace("\ufeff", ""), 0.7, "a byte order mark inside the file")
    at = damage.offset
    if at < len(damage.text) and damage.text[at] in "$?¿¡§°€":
        yield damage.splice(at, at + 1, "", cost=1.2, what=f"take out `{damage.text[at]}` in line {damage.line}")


def escapes(damage: Damage) -> Iterator[Repair]:
    """A backslash that begins no escape: a raw string where nothing else is escaped, else a doubled backslash."""
    first = damage.start_of(damage.line)
    last = damage.start_of(damage.line + 1)
    for match in _STRING.finditer(damage.text, max(first - 2_000, 0), min(last + 2_000, len(damage.text))):
        if match.end() < first or match.start() > last or "\\" not in match[2] or match[1]:
            continue
        what = f"a backslash of the string in line {damage.line} is meant as itself"
        body = match[2]
        if not re.search(r"\\[\"'n]", body):
            yield damage.splice(match.start(2), match.start(2), "r", cost=0.8, what=what)
        doubled = re.sub(r"\\(?![\"'n\\])", r"\\\\", body)
        yield damage.splice(match.start(2), match.end(2), doubled, cost=1.0, what=what)


def continuation(damage: Damage) -> Iterator[Repair]:
    """Something stands behind the backslash that continues a line: blanks, or the backslash itself is a slip."""
    start, code = damage.start_of(damage.line), damage.code_of(damage.line)
    for match in re.finditer(r"\\(\s*)", code):
        place = start + match.start()
        if match.end() == len(code) and match[1]:
            what = f"nothing may follow the backslash in line {damage.line}"
            yield damage.splice(place + 1, start + len(code), "", cost=0.6, what=what)
        what = f"take out the backslash in line {damage.line}"
        yield damage.splice(place, place + 1, "", cost=1.2, what=what)
        what = f"a slash is meant in line {damage.line}"
        yield damage.splice(place, place + 1, "/", cost=2.0, what=what)


def _meant(text: str) -> str:
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    if char in _BLANKS:
        return " "
    if char in _MEANT:
        return _MEANT[char]
    plain = unicodedata.normalize("NFKC", char)
    is_wide = 0xFF01 <= ord(char) <= 0xFF5E or 0x3001 <= ord(char) <= 0x3011
    return {"\u3001": ",", "\u3002": "."}.get(char, plain) if is_wide else char
