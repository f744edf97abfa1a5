"""Put text from outside into Markdown so that nothing in it comes alive. Pure; both halves write with it."""

import re
import unicodedata

_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
"""Control, format (also what turns the direction of reading), private and surrogate characters."""
_MARKUP = re.compile(r"([\\`*_\[\]<>|#!~$])")
"""GitHub sets what stands between dollar signs as mathematics."""
_EMOJI = re.compile(r":(?=(?:[a-z][a-z0-9_+-]*|[+-]1|100|1234):)")
"""Also in `shop.py:100:1`."""
_REFERENCE = re.compile(r"\b(GH)-(?=\d)", re.IGNORECASE)
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)
_BREAK = "\u200b"


def fence(text: str, language: str = "") -> str:
    """Put text into a code fence that it can't close itself."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def inline(text: str) -> str:
    """Escape one line of foreign text: no links, mentions, references, HTML or images come alive."""
    line = _MARKUP.sub(r"\\\1", _one_line(text))
    line = _REFERENCE.sub(rf"\1{_BREAK}-", _WWW.sub(rf"\1{_BREAK}.", line))
    line = _EMOJI.sub(f":{_BREAK}", line)
    return line.replace("@", f"@{_BREAK}").replace("://", f":{_BREAK}//")


def code(text: str) -> str:
    """Put one line of foreign text into a code span that it can't close itself."""
    line = _one_line(text)
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", line)), default=0) + 1)
    pad = " " if "`" in line else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def _one_line(text: str) -> str:
    return "".join(c for c in " ".join(text.split()) if unicodedata.category(c) not in _INVISIBLE)
