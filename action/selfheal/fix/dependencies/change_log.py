"""Find the lines of a change log that announce what broke; quoted word for word with their place, or not at all."""

import re

from selfheal.contract.explanation import QuotedLine
from selfheal.contract.packages import Announcement
from selfheal.fix.dependencies.versions import parsed

_HEADING = re.compile(
    r"^\W{0,6}(?:version|release|changes in|what'?s new in|[A-Za-z][\w .-]{0,30})?[\s:]*"
    r"\[?v?(?P<version>\d+(?:\.\d+){1,3}(?:(?:a|b|rc|\.post)\d+)?)\b",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"\b(?:remov\w*|drop\w*|no longer|breaking|incompatib\w*|renam\w*|mov\w+|deprecat\w*|replac\w*|raise[sd]?|must"
    r"|require\w*|default\w*|instead|unsupported|delet\w*|chang\w+)\b",
    re.IGNORECASE,
)
_SWEEPING = re.compile(
    r"remov\w*\b.{0,60}\bdeprecat|expired? deprecation|deprecat\w*\b.{0,60}\b(?:are|is|was|were|been) (?:now )?removed",
    re.IGNORECASE,
)
"""A removal that names nothing."""
_COMMON = frozenset(
    {
        *(
            "the",
            "and",
            "for",
            "not",
            "from",
            "with",
            "has",
            "have",
            "error",
            "module",
            "import",
            "name",
            "cannot",
            "got",
        ),
        *("unexpected", "keyword", "argument", "attribute", "object", "class", "type", "missing", "required", "init"),
        *("positional", "named", "partially", "initialized", "function", "takes", "line", "test", "importerror"),
        *("attributeerror", "typeerror", "modulenotfounderror", "valueerror"),
    }
)
_MOST_LINES = 3
_LONGEST = 300


def quotes(
    files: tuple[Announcement, ...],
    *,
    package: str,
    version: str,
    after: str,
    words: frozenset[str],
    names: frozenset[str] = frozenset(),
) -> tuple[QuotedLine, ...]:
    """The lines that speak of `words`, or of a removal, in the sections after `after` and up to `version`.

    `names` are words that the message itself puts in quotes: they count however common they are.
    """
    low, high = parsed(after), parsed(version)
    telling = {word.lower() for word in words if len(word) > 2} - _COMMON
    telling |= {name.lower() for name in names if len(name) > 2}
    telling -= {package.lower(), package.lower().replace("-", "_")}
    telling |= {phrase for word in words | names if (phrase := _phrase(word))}
    scored: list[tuple[float, int, QuotedLine]] = []
    for rank, file in enumerate(files):
        current = parsed(m["version"]) if (m := _HEADING.match(file.file.rpartition("/")[2])) else None
        lines = file.text.splitlines()
        for number, line in enumerate(lines, 1):
            heading = _HEADING.match(line)
            if heading is not None and _is_heading(lines, number - 1):
                current = parsed(heading["version"]) or current
                continue
            if current is None or low is None or high is None or not (low < current <= high) or not line.strip():
                continue
            score = _score(line, telling)
            if score > 0:
                text = " ".join(line.strip().split())[:_LONGEST]
                shown = QuotedLine(text=text, file=file.file, line=number, package=package, version=version)
                scored.append((-score, rank, shown))
    scored.sort(key=lambda one: (one[0], one[1], one[2].line))
    kept: dict[str, QuotedLine] = {}
    for _, _, quote in scored:
        kept.setdefault(quote.text, quote)
    return tuple(kept.values())[:_MOST_LINES]


def _phrase(word: str) -> str:
    """`EntryPoints` as people write it in a sentence; empty for a word of one part."""
    parts = re.findall(r"[A-Z][a-z]+", word)
    return " ".join(parts).lower().rstrip("s") if len(parts) > 1 and "".join(parts) == word else ""


def _score(line: str, words: set[str]) -> float:
    lower = line.lower()
    named = sum(
        1 for word in words if re.search(rf"(?<!\w){re.escape(word)}{'s?' if ' ' in word else ''}(?!\w)", lower)
    )
    tells = 1 if _TELLING.search(line) else 0
    removes = 1 if re.search(r"\bremov|no longer|\bdrop|\bmoved\b|renamed", lower) else 0
    if named:
        return 2.0 * named + tells + removes
    return 0.5 if _SWEEPING.search(line) else 0.0


def _is_heading(lines: list[str], index: int) -> bool:
    """A line with a version is a heading where it is marked as one, underlined, or stands alone with a date."""
    line = lines[index]
    below = lines[index + 1].strip() if index + 1 < len(lines) else ""
    is_underlined = len(below) >= 3 and len(set(below)) == 1 and below[0] in "-=~^*#+\"'"
    is_marked = line.lstrip().startswith("#") or bool(
        re.match(r"^\W{0,3}(?:v|version )?\d+(?:\.\d+)+\W", f"{line.strip()} ")
    )
    return is_underlined or (is_marked and not line.startswith(("  ", "\t", "- ", "* ")))
