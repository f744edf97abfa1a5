"""Signs that look like another: a comment and a docstring get the plain one, a text only with a human."""

import re
import unicodedata

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule

_SIGNS = re.compile(r"ambiguous `(.+?)` \((.+?)\)\. Did you mean `(.+?)` \(")


_QUOTES = {"\u2018": "'", "\u2019": "'", "\u00b4": "'", "\u2032": "'", "\u201c": '"', "\u201d": '"'}
"""What a person writes for a curly quote; ruff takes the grave accent for the nearest sign."""


def _plain(spot: Spot) -> tuple[Rewrite, ...]:
    source, line = spot.source, spot.source.line(spot.finding.line)
    found = _SIGNS.search(spot.finding.message)
    if found is None:
        return ()
    looked, plain = found.group(1), _QUOTES.get(found.group(1), found.group(3))
    sign = looked if looked in line else next((c for c in line if unicodedata.name(c, "") == found.group(2)), "")
    column = (spot.finding.column or 1) - 1
    at = column if line[column : column + 1] == sign else line.find(sign)
    if not sign or at < 0 or (plain in "\\\"'" and spot.finding.code == "RUF001"):
        return ()
    start = source.line_start(spot.finding.line) + len(line[:at].encode())
    splice = source.splice(start, start + len(sign.encode()), plain)
    why = f"the sign {found.group(2).lower()} looks like {plain}"
    return (Rewrite((splice,), why, is_sure=spot.finding.code != "RUF001"),)


RULES: tuple[Rule, ...] = (rule("RUF001 RUF002 RUF003", _plain),)
