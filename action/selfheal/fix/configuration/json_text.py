"""JSON that does not parse: commas, quotes, brackets, comments where none may stand."""

import re
from collections.abc import Iterator

from selfheal.fix.configuration.text import Broken
from selfheal.fix.syntax.damage import Repair

_WORDS = {"True": "true", "False": "false", "None": "null", "undefined": "null", "NULL": "null", "TRUE": "true"}
_STRING = re.compile(r'"(?:\\.|[^"\\\n])*"?')


def repairs(broken: Broken) -> Iterator[Repair]:
    """Mend what stands at the fault, or before it."""
    text, at, line = broken.text, broken.offset, broken.fault.line
    before = len(text[:at].rstrip())
    what = f"line {line}"
    yield from _commas(broken, before, at)
    if "':'" in broken.fault.message:
        if text[at : at + 1] in ("=", ";", ",", "-"):
            end = at + 1 + (text[at : at + 2] == "=>")
            yield broken.splice(before, end, ":", cost=0.8, what=f"{what}: a colon parts key and value")
        yield broken.splice(before, before, ":", cost=1.0, what=f"{what}: add the missing colon")
    yield from _quotes(broken)
    yield from _brackets(broken, before)
    yield from _comments(broken)
    for match in re.finditer(r"\b\w+\b", broken.code(line)):
        if (right := _WORDS.get(match[0])) is not None:
            start = broken.start(line)
            yield broken.splice(
                start + match.start(), start + match.end(), right, cost=0.8, what=f"{what}: `{right}` is meant"
            )
    if broken.fault.message.startswith("Invalid \\escape"):
        yield broken.splice(at, at, "\\", cost=0.8, what=f"{what}: the backslash is meant as itself")
    if broken.fault.message.startswith("Invalid control character"):
        end = len(broken.code(line)) + broken.start(line)
        for stop in re.finditer(r",?\s*$", text[broken.start(line) : end]):
            place = broken.start(line) + stop.start()
            yield broken.splice(place, place, '"', cost=0.9, what=f"{what}: close the string")


def _commas(broken: Broken, before: int, at: int) -> Iterator[Repair]:
    text = broken.text
    where = text.count("\n", 0, before) + 1
    if before and text[before - 1] == ",":
        yield broken.splice(before - 1, before, "", cost=0.8, what=f"line {where}: no comma after the last entry")
    if "','" in broken.fault.message or "Expecting value" in broken.fault.message:
        yield broken.splice(before, before, ",", cost=1.0, what=f"line {where}: add the missing comma")
        if text[at : at + 1] in ";:.":
            yield broken.splice(at, at + 1, ",", cost=0.9, what=f"line {where}: a comma parts the entries")
    if text[at : at + 1] == ",":
        yield broken.splice(at, at + 1, "", cost=1.0, what=f"line {broken.fault.line}: one comma is too many")


def _quotes(broken: Broken) -> Iterator[Repair]:
    for line in dict.fromkeys((broken.fault.line, broken.before(broken.fault.line))):
        code, start = broken.code(line)[:4_000], broken.start(line)
        what = f"line {line}: add the missing quote"
        if "'" in code:
            swapped = re.sub(r"'([^'\"\\]*)'", r'"\1"', code)
            if swapped != code:
                yield broken.replace_line(line, swapped, cost=0.8, what=f"line {line}: JSON's quotes are double")
        if code.count('"') % 2 == 0 and line == broken.fault.line:
            for match in re.finditer(r"(?<=[{,\s\[:])([A-Za-z_@./$][\w@./$^~*-]*)(?=\s*[:,}\]]|\s*$)", f" {code}"):
                if not _in_string(code, match.start() - 1) and match[1] not in ("true", "false", "null"):
                    a, b = start + match.start() - 1, start + match.end() - 1
                    yield broken.splice(a, b, f'"{match[1]}"', cost=1.1, what=f"line {line}: quote `{match[1]}`")
        if code.count('"') % 2 == 1:
            for match in re.finditer(r"(?<=[\w/.*)\]^>-])(?=\s*(?:[:,}\]]|$))", code):
                cost = 0.9 if _in_string(code, match.start()) else 1.4
                yield broken.splice(start + match.start(), start + match.start(), '"', cost=cost, what=what)
            for match in re.finditer(r"(?:(?<=[{,\[:])|(?<=\s)|^)(?=[\w@./^~<>=*-])", code):
                cost = 1.6 if _in_string(code, match.start()) else 1.0
                yield broken.splice(start + match.start(), start + match.start(), '"', cost=cost, what=what)


def _brackets(broken: Broken, before: int) -> Iterator[Repair]:
    text = broken.text
    if "Extra data" in broken.fault.message:
        closer = max(text.rfind("}", 0, broken.offset), text.rfind("]", 0, broken.offset))
        if closer >= 0:
            where = text.count("\n", 0, closer) + 1
            yield broken.splice(closer, closer + 1, "", cost=0.9, what=f"line {where}: one bracket is too many")
        yield broken.splice(broken.offset, len(text.rstrip()), "", cost=1.5, what="nothing follows the end")
    stack: list[tuple[str, int]] = []
    for match in re.finditer(r'"(?:\\.|[^"\\\n])*"?|[\[\]{}]', text):
        char = match[0]
        if char in "[{":
            stack.append(("]" if char == "[" else "}", match.start()))
        elif char in "]}":
            where = text.count("\n", 0, match.start()) + 1
            if not stack:
                yield _without(broken, match.start(), where)
                return
            if stack[-1][0] != char:
                if text.count("\n", stack[-1][1], before) == 0 and before > stack[-1][1]:
                    what = f"line {where - 1}: add the missing `{stack[-1][0]}`"
                    yield broken.splice(before, before, stack[-1][0], cost=0.8, what=what)
                yield from _closed(broken, match.start(), stack[-1][0], where)
                other = f"line {where}: `{stack[-1][0]}` closes it"
                yield broken.splice(match.start(), match.end(), stack[-1][0], cost=1.2, what=other)
                return
            stack.pop()
    end = len(text.rstrip())
    if stack:
        missing = "".join(closer for closer, _ in reversed(stack))
        yield broken.splice(end, end, broken.newline + missing, cost=1.3, what="close what is open at the end")
        last = end
        if text[end - 1 : end] in "]}":
            last = len(text[: end - 1].rstrip())
            closing = "".join(closer for closer, _ in reversed(stack[1:])) or stack[0][0]
            yield broken.splice(last, last, closing, cost=1.6, what="close what is open before the end")
        yield from _closed_by_indent(broken)


def _closed(broken: Broken, at: int, closer: str, where: int) -> Iterator[Repair]:
    line_start = broken.text.rfind("\n", 0, at) + 1
    if not broken.text[line_start:at].strip():
        indent = broken.text[line_start:at]
        unit = "\t" if "\t" in indent else "  " if len(indent) % 4 else "    "
        above = broken.before(where)
        if broken.code(above)[: len(indent)] == indent and len(broken.code(above)) - len(
            broken.code(above).lstrip()
        ) > len(indent):
            unit = broken.code(above)[len(indent) : len(broken.code(above)) - len(broken.code(above).lstrip())]
            unit = unit[: len(unit) // 2] if len(unit) > 4 or (len(unit) == 4 and len(indent) == 2) else unit
        new = f"{indent}{unit}{closer}{broken.newline}"
        yield broken.splice(
            line_start, line_start, new, cost=1.1, what=f"add the missing `{closer}` before line {where}"
        )
    yield broken.splice(at, at, closer, cost=1.2, what=f"line {where}: add the missing `{closer}`")


def _closed_by_indent(broken: Broken) -> Iterator[Repair]:
    """A key that stands as deep as the opening line of a block tells that the block ends before it."""
    opened: list[tuple[int, str, int]] = []
    for number in range(1, len(broken.lines) + 1):
        code = broken.code(number)
        if not code.strip():
            continue
        indent = len(code) - len(code.lstrip())
        if opened and indent <= opened[-1][0] and code.strip()[:1] not in "]}":
            level, closer, _ = opened[-1]
            before = broken.before(number)
            place = broken.start(before) + len(broken.code(before).rstrip().rstrip(","))
            end = broken.start(before) + len(broken.code(before))
            new = f"{broken.newline}{' ' * level}{closer},"
            yield broken.splice(place, end, new, cost=0.9, what=f"add the missing `{closer}` after line {before}")
            return
        if opened and indent <= opened[-1][0]:
            opened.pop()
        if code.rstrip().endswith(("{", "[")):
            opened.append((indent, "}" if code.rstrip().endswith("{") else "]", number))


def _without(broken: Broken, at: int, where: int) -> Repair:
    if broken.code(where).strip() in ("]", "}"):
        return broken.replace_line(where, None, cost=1.0, what=f"line {where}: one bracket is too many")
    return broken.splice(at, at + 1, "", cost=1.0, what=f"line {where}: one bracket is too many")


def _comments(broken: Broken) -> Iterator[Repair]:
    """A comment is no JSON: take it out, for the tool can't read it."""
    line = broken.fault.line
    code = broken.code(line)
    found = re.search(r"\s*(?://|#).*$|\s*/\*.*?\*/", code[:4_000])
    if found is None or _in_string(code, found.start()):
        return
    left = code[: found.start()] + code[found.end() :]
    what = f"line {line}: this file may hold no comment"
    yield broken.replace_line(line, left if left.strip() else None, cost=0.8, what=what)


def _in_string(code: str, at: int) -> bool:
    return any(match.start() < at < match.end() for match in _STRING.finditer(code))
