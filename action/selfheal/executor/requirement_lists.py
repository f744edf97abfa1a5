"""Requirement lists as the resolver gets them, and its answer read back."""

import re
from pathlib import Path

from selfheal.contract.packages import Pin, Question, Resolved

_PLAIN = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[[\w\s.,-]*\])?\s*"
    r"((===|~=|==|!=|<=|>=|<|>)\s*[\w.*+!-]+\s*(,\s*|(?=;|$)))*\s*(;[^@\n]*)?"
)
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;]+)")


def is_plain(line: str) -> bool:
    """True for a requirement of the index: no option, no path, no address."""
    return _PLAIN.fullmatch(line.strip()) is not None


def read_pins(output: str) -> list[Resolved]:
    """Read `name==1.0  # via other` lines."""
    found = []
    for line in output.splitlines():
        if (match := _PINNED.match(line)) is not None:
            wanted = line.partition("# via")[2].split(",")
            by = tuple(name.strip() for name in wanted if name.strip() and not name.strip().startswith("-"))
            found.append(Resolved(pin=Pin(name=match[1], version=match[2]), wanted_by=by))
    return found


def write_lists(folder: Path, question: Question) -> Path:
    """Write both lists into a folder of their own."""
    folder.mkdir(exist_ok=True)
    (folder / "requirements.in").write_text("\n".join(question.lines) + "\n", encoding="utf-8")
    (folder / "constraints.txt").write_text("\n".join(question.constraints) + "\n", encoding="utf-8")
    return folder


def shortened(message: str, lists: Path) -> str:
    """The resolver's words without our folders."""
    words = [line.strip() for line in message.replace(f"{lists}/", "").splitlines() if line.strip()]
    return "\n".join(words)[:4000]
