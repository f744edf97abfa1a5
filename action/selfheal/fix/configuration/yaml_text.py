"""YAML that does not parse: tabs, indentation, colons, quotes, what stands twice."""

import re
from collections.abc import Iterator

from selfheal.fix.configuration.text import Broken
from selfheal.fix.syntax.damage import Repair

_VALUE = re.compile(r"^(\s*(?:- +)*(?:[\w./\"'-]+\s*: +|- +))(.+?)(\s+#.*)?$")
_KEY = re.compile(r"^(\s*(?:- +)*)([\w./-]+)(.*)$")
_SPECIAL = re.compile(r"^[*&%@`!|>{}\[\],?#-]|: |:$| #|^['\"].*['\"].+$")


def repairs(broken: Broken) -> Iterator[Repair]:
    """Mend the faulty line or one of its neighbours."""
    if "\t" in broken.text:
        for width in (2, 4):
            lines = [_untabbed(line, width) for line in broken.lines]
            yield Repair("".join(lines), 0.7 + 0.1 * (width == 4), "YAML is indented by blanks, not by tabs")
    last = min(broken.fault.line, len(broken.lines))
    near = dict.fromkeys((last, broken.before(last), broken.before(broken.before(last)), last + 1))
    for far, line in enumerate(line for line in near if 0 < line <= len(broken.lines)):
        extra = 0.15 * far
        yield from _colons(broken, line, extra)
        yield from _quoting(broken, line, extra)
        yield from _brackets(broken, line, extra)
        yield from _indentation(broken, line, extra)
    yield from _twice(broken)


def _colons(broken: Broken, line: int, far: float) -> Iterator[Repair]:
    code = broken.code(line)
    for pattern, new, cost, what in (
        (r"^(\s*(?:- +)*[\w./-]+):(?=[^\s:/])", r"\1: ", 0.9, "a blank follows the colon"),
        (r"^(\s*(?:- +)*[\w./-]+)\s*=\s*", r"\1: ", 0.9, "a colon parts key and value"),
        (r"^(\s*(?:- +)*[\w./-]+)\s*;\s*", r"\1: ", 0.9, "a colon parts key and value"),
        (r"^(\s*(?:- +)*[\w./-]+)\s*$", r"\1:", 1.0, "add the missing colon"),
        (r"^(\s*(?:- +)*[\w./-]+) +(?=\S)", r"\1: ", 1.1, "add the missing colon"),
        (r"^(\s*(?:- +)*[\w./-]+)::", r"\1:", 0.9, "one colon is too many"),
        (r"^(\s*)-(?=[^\s-])", r"\1- ", 0.9, "a blank follows the dash"),
        (r"^(\s*)\* ", r"\1- ", 0.9, "an entry begins with a dash"),
        (r"^(\s*)- - ", r"\1- ", 1.4, "one dash is too many"),
        (r"^(\s*)- (?=[\w./-]+:)", r"\1  ", 1.8, "the key belongs to the entry above"),
        (r"^(\s*)(?=[^\s-])", r"\1- ", 1.9, "an entry begins with a dash"),
        (r"^(\s*)  (?=[\w./-]+:)", r"\1- ", 1.9, "an entry begins with a dash"),
        (r"^(\s*)//", r"\1#", 0.9, "a comment begins with `#`"),
    ):
        changed = re.sub(pattern, new, code, count=1)
        if changed != code:
            yield broken.replace_line(line, changed, cost=cost + far, what=f"line {line}: {what}")


def _quoting(broken: Broken, line: int, far: float) -> Iterator[Repair]:
    code = broken.code(line)
    value = _VALUE.match(code[:4_000])
    for quote in ("'", '"'):
        if code.count(quote) % 2 == 0:
            continue
        what = f"line {line}: add the missing quote"
        body = code.rstrip()
        for match in re.finditer(r"(?<=[^\s,\[{:])(?=\s*(?:[,\]}]|$)|\s+#)", body):
            cost = 0.9 if body.count(quote, 0, match.start()) % 2 else 1.6
            new = body[: match.start()] + quote + body[match.start() :]
            yield broken.replace_line(line, new, cost=cost + far, what=what)
        for match in re.finditer(r"(?<=[:,\[{-]) *(?=[^\s'\"\[{])", body):
            new = body[: match.end()] + quote + body[match.end() :]
            yield broken.replace_line(line, new, cost=1.0 + far, what=what)
        other = '"' if quote == "'" else "'"
        if value is not None and value[2][:1] in "'\"" and value[2][-1:] in "'\"":
            for mark in (value[2][:1], value[2][-1:]):
                new = f"{value[1]}{mark}{value[2][1:-1]}{mark}{value[3] or ''}"
                yield broken.replace_line(
                    line, new, cost=0.7 + far, what=f"line {line}: the quotes of a pair are alike"
                )
        if value is not None and other not in value[2]:
            new = f"{value[1]}{other}{value[2]}{other}{value[3] or ''}"
            yield broken.replace_line(line, new, cost=1.3 + far, what=f"line {line}: quote the value")
    if value is not None and _SPECIAL.search(value[2]):
        quote = '"' if '"' not in value[2] and "\\" not in value[2] else "'"
        if quote not in value[2]:
            new = f"{value[1]}{quote}{value[2]}{quote}{value[3] or ''}"
            yield broken.replace_line(line, new, cost=0.9 + far, what=f"line {line}: quote the value")
    if value is not None and '"' in value[2] and "\\" in value[2] and "'" not in value[2]:
        new = f"{value[1]}{value[2].replace(chr(34), chr(39))}{value[3] or ''}"
        yield broken.replace_line(line, new, cost=0.9 + far, what=f"line {line}: the backslash is meant as itself")


def _brackets(broken: Broken, line: int, far: float) -> Iterator[Repair]:
    code = broken.code(line)
    plain = re.sub(r"'[^']*'|\"[^\"]*\"", "", code)
    for opener, closer in (("[", "]"), ("{", "}")):
        balance = plain.count(opener) - plain.count(closer)
        if balance > 0:
            what = f"line {line}: add the missing `{closer}`"
            body, gap, comment = code.partition(" #")
            yield broken.replace_line(line, f"{body.rstrip()}{closer}{gap}{comment}", cost=0.8 + far, what=what)
        elif balance < 0:
            what = f"line {line}: add the missing `{opener}`"
            new = re.sub(r"(:\s+|-\s+)", rf"\1{opener}", code, count=1)
            yield broken.replace_line(line, new, cost=0.9 + far, what=what)
            at = code.rfind(closer)
            new = code[:at] + code[at + 1 :]
            yield broken.replace_line(line, new, cost=1.3 + far, what=f"line {line}: one `{closer}` is too many")
    changed = re.sub(r"(?<=[\"'\w]) +(?=[\"'])", ", ", code)
    if "[" in plain and changed != code:
        yield broken.replace_line(line, changed, cost=1.0 + far, what=f"line {line}: add the missing comma")


def _indentation(broken: Broken, line: int, far: float) -> Iterator[Repair]:
    """Bring a line, and what lies under it, to the depth of a neighbour."""
    code = broken.code(line)
    own = len(code) - len(code.lstrip(" "))
    if not code.strip():
        return
    depths: dict[int, float] = {}
    for at in range(max(line - 25, 1), min(line + 3, len(broken.lines)) + 1):
        other = broken.code(at)
        if at == line or not other.strip():
            continue
        depth = len(other) - len(other.lstrip(" "))
        is_alike = (other.lstrip()[:2] == "- ") == (code.lstrip()[:2] == "- ")
        near = 1.0 + 0.12 * abs(depth - own) + (0.0 if is_alike else 0.3) + 0.01 * abs(at - line)
        depths[depth] = min(depths.get(depth, 9.0), near)
        if other.lstrip().startswith("- ") and not code.lstrip().startswith("- "):
            depths.setdefault(depth + 2, near + 0.1)
        if other.rstrip().endswith(":") and at < line:
            depths.setdefault(depth + 2, near + 0.1)
    depths.pop(own, None)
    last = line
    while last < len(broken.lines):
        below = broken.code(last + 1)
        if below.strip() and len(below) - len(below.lstrip(" ")) <= own:
            break
        last += 1
    for depth, cost in sorted(depths.items(), key=lambda item: item[1])[:6]:
        what = f"line {line} stands at the wrong depth"
        yield broken.replace_line(line, " " * depth + code.lstrip(), cost=cost + far, what=what)
        if last > line:
            block = [_moved(text, depth - own) for text in broken.lines[line - 1 : last]]
            start, end = broken.start(line), broken.start(last + 1)
            yield broken.splice(start, end, "".join(block), cost=cost + far + 0.05, what=what)


def _twice(broken: Broken) -> Iterator[Repair]:
    if "duplicate key" not in broken.fault.message.lower():
        return
    line = broken.fault.line
    key = _KEY.match(broken.code(line))
    if key is None:
        return
    for at in range(line - 1, 0, -1):
        other = _KEY.match(broken.code(at))
        if other is None or len(other[1]) != len(key[1]) or other[2] != key[2]:
            continue
        is_same = other[3].strip() == key[3].strip()
        what = f"`{key[2]}` stands twice, in lines {at} and {line}"
        if _is_leaf(broken, line) and _is_leaf(broken, at):
            yield broken.replace_line(line, None, cost=0.8, what=what, needs_human=not is_same)
            yield broken.replace_line(at, None, cost=1.0, what=what, needs_human=not is_same)
        elif not _is_leaf(broken, line) and not key[3].strip() and not other[3].strip():
            yield from _merged(broken, at, line, what)
        return


def _is_leaf(broken: Broken, line: int) -> bool:
    code, below = broken.code(line), broken.code(line + 1)
    depth = len(code) - len(code.lstrip(" "))
    return not below.strip() or (len(below) - len(below.lstrip(" ")) <= depth and not below.lstrip().startswith("- "))


def _merged(broken: Broken, first: int, second: int, what: str) -> Iterator[Repair]:
    """Two mappings or lists of one name: one of them holds both parts."""
    depth = len(broken.code(second)) - len(broken.code(second).lstrip(" "))

    def end_of(line: int) -> int:
        at = line + 1
        while at <= len(broken.lines):
            code = broken.code(at)
            if code.strip() and len(code) - len(code.lstrip(" ")) <= depth and not code.lstrip().startswith("- "):
                break
            at += 1
        return at

    body = list(broken.lines[second : end_of(second) - 1])
    place = end_of(first) - 1
    while place > first and not broken.code(place).strip():
        place -= 1
    rest = broken.lines[end_of(second) - 1 :]
    lines = [*broken.lines[:place], *body, *broken.lines[place : second - 1], *rest]
    yield Repair("".join(lines), 0.9, f"{what}: one holds both parts")


def _moved(text: str, by: int) -> str:
    if not text.strip():
        return text
    return " " * by + text if by >= 0 else text[-by:] if text[:-by].isspace() else text.lstrip(" ")


def _untabbed(line: str, width: int) -> str:
    code = line.lstrip(" \t")
    return line[: len(line) - len(code)].expandtabs(width) + code.replace("\t", " ")
