"""INI files that configparser refuses: headers, equals signs, indentation, what stands twice."""

import re
from collections.abc import Iterator

from selfheal.fix.configuration.text import Broken
from selfheal.fix.syntax.damage import Repair


def repairs(broken: Broken) -> Iterator[Repair]:
    """Mend the faulty line."""
    line = broken.fault.line
    code = broken.code(line)
    bare = code.strip()
    what = f"line {line}"
    header = re.match(r"^[\[({<]*([\w.:, *{}-]+?)[\])}>]*:?$", bare)
    if header is not None and bare and (bare[0] in "[({<" or bare.rstrip(":")[-1:] in "])}>" or line <= 2):
        yield broken.replace_line(line, f"[{header[1]}]", cost=0.8, what=f"{what}: a section's name stands in brackets")
    if code[:1].isspace() and broken.fault.message == "no section header" and bare.startswith("["):
        yield broken.replace_line(line, bare, cost=0.7, what=f"{what}: a section's name is not indented")
    if broken.fault.message == "no value":
        parts = bare.split(None, 1)
        if len(parts) == 2:
            new = f"{parts[0]} = {parts[1]}"
            yield broken.replace_line(line, new, cost=1.0, what=f"{what}: add the missing `=`")
        above = broken.before(line)
        indent = re.match(r"\s*", broken.code(above))
        depth = (indent[0] if indent is not None else "") or "    "
        yield broken.replace_line(line, depth + bare, cost=0.9, what=f"{what} goes on with the value above")
        yield broken.replace_line(line, f"# {bare}", cost=2.5, what=f"{what} is a comment", needs_human=True)
        if bare.startswith("//"):
            yield broken.replace_line(line, f"# {bare[2:].strip()}", cost=0.7, what=f"{what} is a comment")
    if broken.fault.message == "twice":
        yield from _twice(broken, line)


def _twice(broken: Broken, line: int) -> Iterator[Repair]:
    code = broken.code(line).strip()
    if code.startswith("["):
        yield from _merged(broken, line, code)
        return
    key = re.split(r"\s*[=:]", code)[0].strip().lower()
    for at in range(line - 1, 0, -1):
        other = broken.code(at)
        if other.startswith("["):
            return
        if re.split(r"\s*[=:]", other.strip())[0].strip().lower() != key or other[:1].isspace():
            continue
        is_same = other.split() == broken.code(line).split()
        what = f"`{key}` stands twice, in lines {at} and {line}"
        first, second = _value(broken, at), _value(broken, line)
        lines = list(broken.lines)
        yield Repair("".join([*lines[: line - 1], *lines[second:]]), 0.8, what, not is_same)
        yield Repair("".join([*lines[: at - 1], *lines[first:]]), 1.0, what, not is_same)
        return


def _merged(broken: Broken, line: int, name: str) -> Iterator[Repair]:
    first = next((at for at in range(1, line) if broken.code(at).strip() == name), 0)
    if not first:
        return
    headers = [at for at in range(1, len(broken.lines) + 1) if broken.code(at).startswith("[")]
    end = next((at for at in headers if at > first), line)
    stop = next((at for at in headers if at > line), len(broken.lines) + 1)
    body = [text if text.endswith("\n") else text + broken.newline for text in broken.lines[line : stop - 1]]
    while body and not body[-1].strip():
        body.pop()
    place = broken.before(end)
    lines = [*broken.lines[:place], *body, *broken.lines[place : line - 1], *broken.lines[stop - 1 :]]
    yield Repair("".join(lines), 0.9, f"the section {name} stands twice: one holds both parts")


def _value(broken: Broken, line: int) -> int:
    """The last line of the value that begins in a line."""
    while line < len(broken.lines) and broken.code(line + 1)[:1].isspace():
        line += 1
    return line
