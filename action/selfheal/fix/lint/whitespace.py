"""Blanks and blank lines: one small edit at the place that the finding names."""

import re
from collections.abc import Callable

from selfheal.fix.lint.finding import Repair, Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Source, Splice
from selfheal.fix.lint.statements import string_lines

_NUMBERS = re.compile(r"(\d+)[^\d]+(\d+)")
_OPERATOR = re.compile(r"->|:=|\*\*=|//=|>>=|<<=|[-+*/%&|^@<>=!]=|\*\*|//|>>|<<|[-+*/%&|^@<>=]")


def _edit(make: Callable[[Spot], Splice | None], why: str) -> Repair:
    """Make a repair of a function that gives one splice."""

    def repair(spot: Spot) -> tuple[Rewrite, ...]:
        splice = make(spot)
        return (Rewrite((splice,), why),) if splice is not None else ()

    return repair


def _at(spot: Spot) -> int:
    """The offset that the finding names."""
    return spot.source.place(spot.finding.line, spot.finding.column)


def _trailing(spot: Spot) -> Splice | None:
    """Blanks at a line's end; inside of a text only where it is a docstring's own."""
    source, number = spot.source, spot.finding.line
    text = source.line(number)
    start = source.line_start(number) + len(text.rstrip().encode())
    end = source.line_start(number) + len(text.encode())
    return Splice(start, end, b"") if end > start else None


def _file_end(spot: Spot) -> Splice | None:
    """One line ending at the end of the file, no blank lines."""
    raw = spot.source.raw
    body = raw.rstrip(b" \t\r\n\f")
    end = spot.source.newline.encode()
    return None if raw == body + end or not body else Splice(len(body), len(raw), end)


def _one_blank(spot: Spot) -> Splice | None:
    return _blanks(spot.source, _at(spot), " ")


def _no_blank(spot: Spot) -> Splice | None:
    return _blanks(spot.source, _at(spot), "")


def _two_blanks(spot: Spot) -> Splice | None:
    at = _at(spot)
    hash_at = spot.source.raw.find(b"#", at)
    if hash_at < 0 or b"\n" in spot.source.raw[at:hash_at]:
        return None
    return _blanks(spot.source, hash_at, "  ")


def _blanks(source: Source, at: int, new: str) -> Splice | None:
    """Replace the run of blanks at, or before, an offset; none at a line's start."""
    start = end = at
    while start > 0 and source.raw[start - 1 : start] in (b" ", b"\t"):
        start -= 1
    while source.raw[end : end + 1] in (b" ", b"\t"):
        end += 1
    if start == 0 or source.raw[start - 1 : start] in (b"\n", b"\r") or source.raw[start:end] == new.encode():
        return None
    return Splice(start, end, new.encode())


def _after_sign(spot: Spot) -> Splice | None:
    """A blank behind `,`, `;` or `:`."""
    at = _at(spot)
    raw = spot.source.raw
    for position in (at, at - 1):
        if raw[position : position + 1] in (b",", b";", b":"):
            return Splice(position + 1, position + 1, b" ")
    return None


def _around_operator(spot: Spot) -> Splice | None:
    """Blanks on both sides of the operator at, or next to, an offset."""
    at = _at(spot)
    source = spot.source
    line, start = source.line(spot.finding.line), source.line_start(spot.finding.line)
    column = len(source.raw[start:at].decode(errors="replace"))
    found = [m for m in _OPERATOR.finditer(line) if m.start() <= column <= m.end()]
    if not found:
        return None
    sign = min(found, key=lambda m: (abs(m.start() - column), -len(m.group())))
    head, tail = line[: sign.start()], line[sign.end() :]
    begin = start + len(head.rstrip(" \t").encode())
    end = start + len((head + sign.group() + tail[: len(tail) - len(tail.lstrip(" \t"))]).encode())
    if not head.strip() or not tail.strip():
        return None
    return Splice(begin, end, f" {sign.group()} ".encode())


def _around_word(spot: Spot) -> Splice | None:
    """A blank where a keyword and what follows or comes before it touch."""
    at = _at(spot)
    raw = spot.source.raw
    is_inside = at > 0 and not raw[at - 1 : at].isspace() and not raw[at : at + 1].isspace()
    return Splice(at, at, b" ") if is_inside else _one_blank(spot)


def _comment_start(spot: Spot) -> Splice | None:
    """`#text` and `#: text` as `# text`; lines of signs stay."""
    at = _at(spot)
    source = spot.source
    line_end = source.line_start(spot.finding.line) + len(source.line(spot.finding.line).encode())
    start = source.raw.find(b"#", at)
    if start < 0 or start >= line_end:
        return None
    text = source.between(start, line_end)
    body = text.lstrip("#")
    signs = text[: len(text) - len(body)]
    if body.startswith("!") and len(signs) == 1:
        body = body[1:]
    new = f"# {body.strip()}" if body.strip() else "#"
    return Splice(start, line_end, new.encode()) if new != text else None


def _more_lines(spot: Spot) -> Splice | None:
    """Blank lines before a definition, as many as the message wants."""
    match = _NUMBERS.search(spot.finding.message)
    wanted, found = (int(match[1]), int(match[2])) if match else (1, 0)
    number = spot.finding.line
    if not spot.source.line(number).strip():
        return None
    first = number
    while first > 1 and re.match(r"\s*(#|@)", spot.source.line(first - 1)):
        first -= 1
    start = spot.source.line_start(first)
    return Splice(start, start, spot.source.newline.encode() * (wanted - found)) if wanted > found else None


def _fewer_lines(spot: Spot) -> Splice | None:
    """Take blank lines above the finding away until as many stay as may."""
    source = spot.source
    last = spot.finding.line
    if not source.line(last).strip():
        while last < len(source.lines) and not source.line(last).strip():
            last += 1
    first = last
    while first > 1 and not source.line(first - 1).strip():
        first -= 1
    match = re.search(r"\((\d+)", spot.finding.message)
    is_top = not source.indent(last)
    keep = 0 if spot.finding.code in ("E304",) else (2 if is_top and (match is None or int(match[1]) > 2) else 1)
    if last - first <= keep:
        return None
    return Splice(source.line_start(first + keep), source.line_start(last), b"")


def _tabs(spot: Spot) -> tuple[Rewrite, ...]:
    """Tabs at the lines' starts, in the whole file: one kind of indentation is what was asked for."""
    source = spot.source
    inside = string_lines(source)
    splices = []
    for number in range(1, len(source.lines) + 1):
        indent = source.indent(number)
        if "\t" in indent and number not in inside:
            start = source.line_start(number)
            splices.append(Splice(start, start + len(indent), indent.expandtabs(_step(source)).encode()))
    return (Rewrite(tuple(splices), "blocks are indented by blanks only"),) if splices else ()


def _step(source: Source) -> int:
    """A tab counts as four blanks where all blocks are tabs, as Python's own eight where the two are mixed."""
    has_blanks = any(source.indent(n).startswith("    ") for n in range(1, len(source.lines) + 1))
    has_mixed = any(" \t" in source.indent(n) or "\t " in source.indent(n) for n in range(1, len(source.lines) + 1))
    return 8 if has_mixed and has_blanks else 4


_TABLE: tuple[tuple[str, Repair], ...] = (
    ("W291 W293 C0303", _edit(_trailing, "blanks at the line's end go")),
    (
        "W391 W292 C0304 C0305",
        _edit(_file_end, "the file ends with one line ending"),
    ),
    ("E201 E202 E203 E204 E211 E251", _edit(_no_blank, "a blank that does not belong there goes")),
    ("E221 E222 E223 E224 E241 E242 E271 E272 E273 E274", _edit(_one_blank, "one blank is enough")),
    ("E225 E226 E227 E228 E252", _edit(_around_operator, "an operator stands between blanks")),
    ("E231", _edit(_after_sign, "a blank follows the sign")),
    ("E275", _edit(_around_word, "a blank follows the keyword")),
    ("E261", _edit(_two_blanks, "two blanks set a comment off")),
    ("E262 E265 E266", _edit(_comment_start, "a comment starts with a sign and a blank")),
    ("E301 E302 E305 E306", _edit(_more_lines, "blank lines set the definition off")),
    ("E303 E304", _edit(_fewer_lines, "there are too many blank lines")),
    ("W191 E101 W0312", _tabs),
)
RULES: tuple[Rule, ...] = tuple(rule(codes, repair) for codes, repair in _TABLE)
