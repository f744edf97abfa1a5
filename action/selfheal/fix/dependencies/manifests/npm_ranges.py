"""npm's version ranges as specifiers, and back (https://github.com/npm/node-semver#ranges). Cargo's are close kin."""

import re

_NUMBER = r"\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?"
_PART = re.compile(rf"(?P<mark>\^|~|>=|<=|>|<|=|)\s*v?(?P<number>\d+(?:\.\d+)?\.[xX*](?:\.[xX*])?|{_NUMBER}|[xX*])")


def as_specifier(text: str) -> str | None:
    """Translate `^1.2`, `~1.2`, `1.x`, `1.2.3` and `>=1 <2`; None for what has no single translation."""
    text = text.strip()
    if text in ("", "*", "x", "latest"):
        return ""
    if "||" in text or " - " in text or ":" in text:
        return None
    parts = []
    rest = text.replace(",", " ").strip()
    while rest:
        match = _PART.match(rest)
        if match is None:
            return None
        rest = rest[match.end() :].strip()
        if (part := _translated(match["mark"], match["number"])) is None:
            return None
        parts.append(part)
    return ",".join(part for part in parts if part)


def as_npm(specifier: str) -> str:
    """Write a specifier as npm does: a caret where it reaches to the next major version."""
    if not specifier:
        return "*"
    parts = [part.strip() for part in specifier.split(",")]
    if len(parts) == 1 and parts[0].startswith("=="):
        return parts[0].lstrip("=")
    if len(parts) == 2 and parts[0].startswith(">=") and parts[1].startswith("<") and not parts[1].startswith("<="):
        low, high = parts[0][2:], parts[1][1:]
        if _next_major(low) == _padded(high):
            return f"^{low}"
    return " ".join(part.removeprefix("~=") if not part.startswith("~=") else f"~{part[2:]}" for part in parts)


def as_cargo(specifier: str) -> str:
    """Write a specifier as Cargo does, where a bare version is a caret."""
    written = as_npm(specifier)
    if written.startswith("^"):
        return written[1:]
    return f"={written}" if written[:1].isdigit() else written.replace(" ", ", ")


def _translated(mark: str, number: str) -> str | None:
    if number in ("x", "X", "*"):
        return ""
    is_open = any(sign in number for sign in "xX*")
    numbers = [int(n) for n in re.findall(r"\d+", number.partition("-")[0])]
    if mark in (">", ">=", "<", "<="):
        return None if is_open else f"{mark}{number}"
    if is_open or (not mark and len(numbers) < 3):
        return f">={_dotted(numbers)},<{_dotted([*numbers[:-1], numbers[-1] + 1])}"
    if mark == "^":
        return f">={number},<{_dotted(_next_major(number))}"
    if mark == "~":
        upper = [numbers[0] + 1] if len(numbers) == 1 else [numbers[0], numbers[1] + 1]
        return f">={number},<{_dotted(upper)}"
    return f"=={number}"


def _next_major(number: str) -> list[int]:
    """The first version that `^number` shuts out."""
    numbers = _padded(number)
    first = next((index for index, value in enumerate(numbers) if value), len(numbers) - 1)
    return [*numbers[:first], numbers[first] + 1, *([0] * (2 - first))]


def _padded(number: str) -> list[int]:
    numbers = [int(n) for n in re.findall(r"\d+", number.partition("-")[0])][:3]
    return [*numbers, *([0] * (3 - len(numbers)))]


def _dotted(numbers: list[int]) -> str:
    return ".".join(map(str, numbers))
