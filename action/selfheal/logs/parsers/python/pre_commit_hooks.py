"""What the most used hooks print: pre-commit's own collection, and formatters that rewrite files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PARSING = ("check-yaml", "check-json", "check-toml", "check-xml", "check-ast", "check-vcs-permalinks")
"""Hooks that fail on what they can't parse."""

_YAML = re.compile(r"\s{0,9}in \"([^\"]{1,300})\", line (\d{1,9}), column (\d{1,9})")
_JSON = re.compile(
    r"(\S.{0,300}?): Failed to (?:json|xml) (?:decode|parse) \((.{1,300}?line (\d{1,9}) column (\d{1,9}).{0,40})\)"
)
_TOML = re.compile(r"(\S.{0,300}?\.(?:toml|lock)): (.{1,300}?\(at line (\d{1,9}), column (\d{1,9})\))")
_DEBUG = re.compile(r"(\S.{0,300}?\.pyi?):(\d{1,9}):(\d{1,9}): (\w{1,60} (?:imported|called))$")
_CONFLICT = re.compile(r"(\S.{0,300}?):(\d{1,9}): (Merge conflict string .{1,60} found)$")
_TOO_LARGE = re.compile(r"(\S.{0,300}?) (\(\d{1,12} KB\) exceeds \d{1,12} KB\.)")
_KEY = re.compile(r"(Private key found): (\S.{0,300})$")
_CHANGED = re.compile(r"(?:Fixing|Fixed|reformatted|Rewriting|Sorting|Formatted|Upgrading) (\S.{0,300})$")


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that a hook found."""

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None


def read(output: Sequence[str]) -> tuple[Report, ...]:
    """All reports in a hook's output that belong to a file, one a file for conflict marks."""
    found: list[Report] = []
    said: list[str] = []
    for position, line in enumerate(output):
        report = _coded(line)
        if report is not None and not (_CONFLICT.match(line) and any(one.file == report.file for one in found)):
            found.append(report)
        elif (yaml := _YAML.match(line)) is not None:
            # YAML names where it began and where it gave up, in this order; the last place is the one.
            is_last = not any(_YAML.match(later) for later in output[position + 1 : position + 4])
            if is_last:
                message = "; ".join(one.strip() for one in said[-2:])
                found.append(Report(message, yaml.group(1), int(yaml.group(2)), int(yaml.group(3))))
        else:
            said.append(line)
    return tuple(found)


def changed_files(output: Sequence[str]) -> tuple[str, ...]:
    """The files that a hook says it rewrote."""
    names = (match.group(1) for line in output if (match := _CHANGED.match(line)) is not None)
    return tuple(dict.fromkeys(names))[:100]


def _coded(line: str) -> Report | None:
    if (debug := _DEBUG.match(line)) is not None:
        return Report(debug.group(4), debug.group(1), int(debug.group(2)), int(debug.group(3)) + 1)
    if (conflict := _CONFLICT.match(line)) is not None:
        return Report(conflict.group(3), conflict.group(1), int(conflict.group(2)))
    if (placed := _JSON.match(line) or _TOML.match(line)) is not None:
        return Report(placed.group(2), placed.group(1), int(placed.group(3)), int(placed.group(4)))
    if (large := _TOO_LARGE.match(line)) is not None:
        return Report(f"the file {large.group(2)}", large.group(1))
    if (key := _KEY.match(line)) is not None:
        return Report(key.group(1), key.group(2))
    return None
