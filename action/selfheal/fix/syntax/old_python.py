"""Syntax that is newer than the Python that runs the command: said again in the older form."""

import re
from collections.abc import Iterator

from selfheal.fix.syntax.damage import Damage, Repair
from selfheal.fix.syntax.fstrings import inner_quotes

_WALRUS = re.compile(r"^(\s*)(if|elif) (.*?)\((\w+) := (.*)$")
_WHOLE_WALRUS = re.compile(r"^(\s*)if (\w+) := (.*):\s*$")
_CASE = re.compile(r"^(\s*)case (.*):\s*$")
_LITERAL = re.compile(r"(?:-?\d+(?:\.\d+)?|'[^'\\]*'|\"[^\"\\]*\"|[A-Za-z_]\w*(?:\.\w+)+)$")
_SINGLETON = frozenset({
    "False", "True", "None",
})  # fmt: skip


def older(damage: Damage) -> Iterator[Repair]:
    """Rewrite the newer form at the place that the older Python stumbles over."""
    yield from inner_quotes(damage)
    yield from _walrus(damage)
    yield from _match(damage)


def _walrus(damage: Damage) -> Iterator[Repair]:
    """`if (m := f(x)):` is an assignment in front of the test, where that is the first thing evaluated."""
    code = damage.code_of(damage.line)
    found = _WALRUS.match(code)
    if found is None or found[2] != "if" or found[3].strip() not in ("", "not", "not "):
        return
    end = _closing(found[5])
    if end < 0:
        return
    value, rest = found[5][:end], found[5][end + 1 :]
    lines = [
        f"{found[1]}{found[4]} = {value}{damage.newline()}",
        f"{found[1]}if {found[3]}{found[4]}{rest}{damage.newline()}",
    ]
    what = f"the assignment of line {damage.line} stands before the test, as Python before 3.8 needs it"
    yield damage.with_lines(damage.line, damage.line, lines, cost=0.8, what=what)


def _closing(rest: str) -> int:
    """The place of the bracket that closes the one in front of the text; -1 where none does."""
    depth = 1
    for at, char in enumerate(rest):
        depth += (char == "(") - (char == ")")
        if not depth:
            return at
    return -1


def _match(damage: Damage) -> Iterator[Repair]:
    """A `match` over plain values is a chain of `if`."""
    head = re.match(r"^(\s*)match ([\w.]+):\s*$", damage.code_of(damage.line))
    if head is None:
        return
    indent, subject = head[1], head[2]
    lines: list[str] = []
    level, is_first = "", True
    last = damage.line
    for number in range(damage.line + 1, len(damage.lines) + 1):
        code = damage.code_of(number)
        if code.strip() and len(damage.indent_of(number)) <= len(indent):
            break
        last = number
        case = _CASE.match(code)
        if case is not None and (not level or case[1] == level):
            level = case[1]
            test = _test_of(subject, case[2])
            if test is None:
                return
            word = "else" if not test else ("if " if is_first else "elif ") + test
            lines.append(f"{indent}{word}:{damage.newline()}")
            is_first = False
        else:
            step = len(level) - len(indent)
            lines.append(code[step:] + damage.newline() if code.strip() else damage.newline())
    if not is_first:
        what = f"the `match` of line {damage.line} is a chain of `if`, as Python before 3.10 needs it"
        yield damage.with_lines(damage.line, last, lines, cost=0.9, what=what)


def _test_of(subject: str, pattern: str) -> str | None:
    """The test that a case stands for; empty for the one that takes all, None for one that is more than values."""
    if pattern == "_":
        return ""
    values = [part.strip() for part in pattern.split("|")]
    if all(value in _SINGLETON for value in values):
        return " or ".join(f"{subject} is {value}" for value in values)
    if not all(_LITERAL.match(value) for value in values):
        return None
    return f"{subject} == {values[0]}" if len(values) == 1 else f"{subject} in ({', '.join(values)})"
