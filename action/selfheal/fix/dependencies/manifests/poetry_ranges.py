"""Poetry's version ranges as PEP 440 specifiers, and back."""

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version


def as_pep508(text: str) -> str | None:
    """Translate `^1.2`, `~1.2`, `1.2.*`, `1.2` and comma lists; None for what has no single translation."""
    parts = []
    for part in (piece.strip() for piece in text.split(",")):
        if part in ("*", ""):
            continue
        if "||" in part:
            return None
        mark, number = (part[0], part[1:].strip()) if part[0] in "^~" and not part.startswith("~=") else ("", part)
        if mark:
            bound = _above(number, is_caret=mark == "^")
            if bound is None:
                return None
            parts.append(f">={number},<{bound}")
        else:
            parts.append(part if re.match(r"[<>=!~]", part) else f"=={part}")
    try:
        return str(SpecifierSet(",".join(parts)))
    except InvalidSpecifier:
        return None


def as_poetry(specifier: str) -> str:
    """Poetry reads PEP 440's comparisons as they are; only a pin is written without its sign."""
    return specifier.removeprefix("==") if specifier.startswith("==") and "," not in specifier else specifier or "*"


def _above(number: str, *, is_caret: bool) -> str | None:
    try:
        release = Version(number).release
    except InvalidVersion:
        return None
    if is_caret:
        first = next((i for i, part in enumerate(release) if part), len(release) - 1)
    else:
        first = 0 if len(release) == 1 else 1
    return ".".join(map(str, (*release[:first], release[first] + 1)))
