"""What Python 2 allowed: print statements, `except E, e`, old octal and long numbers, backticks."""

import re
from collections.abc import Iterator

from selfheal.fix.syntax.damage import Damage, Repair

_PRINT = re.compile(r"^(\s*|.*[:;] )print\b(?!\s*\()\s*(.*?)\s*$")
_PRINT_TUPLE = re.compile(r"^(\s*)print\s+(\(.*)$")
_STREAM = re.compile(r">>\s*([\w.]+)\s*(?:,\s*(.*))?$")
_EXCEPT = re.compile(r"^(\s*except\s+)([\w.]+|\([^)]*\))\s*,\s*(\w[\w.]*(?:\s*,\s*[\w.]+)*)(\s*:.*)$")
_RAISE = re.compile(r"^(\s*raise\s+)([\w.]+)\s*,\s*(.+?)\s*$")
_EXEC = re.compile(r"^(\s*)exec\s+(?!\()(.+?)(?:\s+in\s+(.+?))?\s*$")
_OCTAL = re.compile(r"(?<![\w.])0+([1-9]\d*|0)(?![\w.])")
_LONG = re.compile(r"\b(\d+|0[xX][0-9a-fA-F]+)[lL]\b")
_BACKTICK = re.compile(r"`([^`]+)`")


def statements(damage: Damage) -> Iterator[Repair]:
    """Rewrite all print, exec and raise statements of the file at once; each is the same program in Python 3."""
    changed, count = [], 0
    for line in damage.lines:
        code = line.rstrip("\r\n")
        new = _statement(code)
        count += new != code
        changed.append(new + line[len(code) :])
    if count:
        yield Repair("".join(changed), 0.5, f"{count} statement(s) of Python 2 are calls in Python 3")
    new = _statement(damage.code_of(damage.line))
    if new != damage.code_of(damage.line):
        start = damage.start_of(damage.line)
        end = start + len(damage.code_of(damage.line))
        yield damage.splice(start, end, new, cost=0.6, what=f"line {damage.line} is a statement of Python 2")


def handlers(damage: Damage) -> Iterator[Repair]:
    """`except E, e` binds a name in Python 2; with two classes it needs a tuple in Python 3."""
    for is_name in (True, False):
        changed, count = [], 0
        for line in damage.lines:
            match = _EXCEPT.match(line)
            if match is not None:
                second = match[3]
                binds = second.isidentifier() and (second[:1].islower() or second[:1] == "_") and is_name
                new = f"{match[2]} as {second}" if binds else f"({match[2].strip('()')}, {second})"
                line = f"{match[1]}{new}{match[4]}" + line[match.end() :]
                count += 1
            changed.append(line)
        if count:
            yield Repair("".join(changed), 0.5 if is_name else 1.0, f"{count} handler(s) in the form of Python 3")


def numbers(damage: Damage) -> Iterator[Repair]:
    """`0755` is `0o755`, `007` is 7, `10L` is 10, and backticks are `repr`."""
    start, code = damage.start_of(damage.line), damage.code_of(damage.line)
    end = start + len(code)
    shapes: tuple[tuple[re.Pattern[str], str, float], ...] = (
        (_OCTAL, r"0o\1", 0.8 if re.search(r"chmod|mode|umask|perm|0[0-7]{3}\b", code) else 1.2),
        (_OCTAL, r"\1", 1.0),
        (_LONG, r"\1", 0.8),
        (_BACKTICK, r"repr(\1)", 0.8),
        (re.compile(r"\b[uU]([rR]['\"])"), r"\1", 0.8),
    )
    for pattern, new, cost in shapes:
        changed = pattern.sub(new, code)
        if changed != code:
            what = f"line {damage.line} in the form of Python 3: `{changed.strip()[:80]}`"
            yield damage.splice(start, end, changed, cost=cost, what=what)


def _statement(code: str) -> str:
    if (match := _EXEC.match(code)) is not None:
        scope = f", {match[3]}" if match[3] else ""
        return f"{match[1]}exec({match[2]}{scope})"
    if (match := _RAISE.match(code)) is not None:
        return f"{match[1]}{match[2]}({match[3]})"
    match = _PRINT.match(code) or _PRINT_TUPLE.match(code)
    if match is None or "#" in match[1] or match[2].startswith("="):
        return code
    rest, comment = _without_comment(match[2])
    if not rest:
        return f"{match[1]}print(){comment}"
    file = ""
    if (stream := _STREAM.match(rest)) is not None:
        rest, file = stream[2] or "", f"file={stream[1]}"
    if rest.endswith(","):
        rest = f"{rest[:-1]}, end=' '"
    inside = ", ".join(part for part in (rest, file) if part)
    return f"{match[1]}print({inside}){comment}"


def _without_comment(rest: str) -> tuple[str, str]:
    found = re.match(r"((?:[^'\"#]|'[^']*'|\"[^\"]*\")*?)(\s+#.*)$", rest)
    return (found[1], found[2]) if found is not None else (rest, "")
