"""Requirement lines that pip refuses: operators, brackets, quotes."""

import re
from collections.abc import Iterator

from selfheal.fix.configuration.formats import is_requirement
from selfheal.fix.configuration.text import Broken
from selfheal.fix.syntax.damage import Repair

_SHAPES: tuple[tuple[str, str, float], ...] = (
    (r"=>", ">=", 0.7),
    (r"=<", "<=", 0.7),
    (r"=~", "~=", 0.7),
    (r"=!", "!=", 0.7),
    (r"~>|\^", "~=", 1.1),
    (r"(?<![=<>!~])=(?!=)", "==", 0.9),
    (r"([<>=!~]=?) +(=)", r"\1\2", 0.8),
    (r"(?<=[A-Za-z\]]) +(?=\d)", "==", 1.2),
    (r"@(?=\d)", "==", 1.2),
    (r"(?<=[\w*]) +(?=[<>=!~])", ",", 1.4),
    (r"(?<=\d) (?=[<>=!~])", ",", 1.0),
    (r"(\[[\w.,-]+)(?=[<>=!~;\s]|$)", r"\1]", 0.9),
    (r"^([A-Za-z][\w.-]*?)((?:[a-z][\w-]*)\])", r"\1[\2", 2.0),
    (r"[,;]\s*$", "", 0.8),
    (r"^[\"'](.*)[\"'],?$", r"\1", 0.7),
    (r"(?<=\S)#", " #", 1.2),
    (r"//.*$", "", 1.6),
    (r"^(\s*)[-*•]\s+", r"\1", 1.0),
    (r"(;.*[=<>] *[\"'][^\"']*)$", r'\1"', 1.0),
    (r"(;.*[=<>]=? *)([\w.]+)([\"'])", r"\1\3\2\3", 1.0),
    (r"\s+(?=(?:python_version|sys_platform|platform_\w+|os_name|extra)\b)", "; ", 0.9),
    (r",\s*(?=(?:python_version|sys_platform|platform_\w+|os_name|extra)\b)", "; ", 0.9),
    (r";;", ";", 0.8),
    (r",,", ",", 0.8),
)
"""What stands there and what is meant. Only what pip's grammar takes is proposed."""


def repaired_requirement(line: str) -> Iterator[tuple[str, float]]:
    """All lines that one or two of the shapes lead to and pip takes, each with its cost."""
    seen = {line}
    frontier = [(line, 0.0)]
    for _ in range(2):
        following = []
        for text, cost in frontier:
            for pattern, new, extra in _SHAPES:
                changed = re.sub(pattern, new, text, count=1)
                if changed in seen:
                    continue
                seen.add(changed)
                following.append((changed, cost + extra))
                if is_requirement(changed):
                    yield changed, cost + extra
        frontier = following


def repairs(broken: Broken) -> Iterator[Repair]:
    """Mend the faulty line."""
    line = broken.fault.line
    for changed, cost in repaired_requirement(broken.code(line)):
        yield broken.replace_line(line, changed, cost=cost, what=f"line {line}: `{changed.strip()}`")
