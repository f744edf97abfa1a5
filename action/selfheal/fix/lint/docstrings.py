"""How docstrings are written; what they say is nobody's to invent."""

import ast
import re
from collections.abc import Callable

from selfheal.fix.lint.finding import Rewrite, Rule, Spot, rule
from selfheal.fix.lint.source import Definition, Source, Splice
from selfheal.fix.lint.statements import docstring

_NO_VERBS = frozenset(
    {"this", "class", "always", "its", "was", "has", "does", "less", "tests", "options", "args", "various"}
)
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("zzes", "zz"), ("oes", "o"))

Change = Callable[[str], str | None]


def _text_of(spot: Spot) -> ast.Expr | None:
    """The docstring at, or of the definition at, the finding's line."""
    source, line = spot.source, spot.finding.line
    found: list[ast.Expr] = []
    for node in (source.tree, *source.nodes(ast.stmt)):
        if not isinstance(node, ast.Module | Definition):
            continue
        text = docstring(node)
        if text is None:
            continue
        first = getattr(node, "lineno", 1)
        if text.lineno <= line <= (text.end_lineno or 0) or first == line:
            found.append(text)
    return found[-1] if found else None


def _parts(source: Source, text: ast.Expr) -> tuple[str, str, str] | None:
    """Prefix with quotes, what stands between them, closing quotes."""
    match = re.fullmatch(r"(?s)([rRuU]?(\"\"\"|'''|\"|'))(.*)\2", source.text(text))
    return (match.group(1), match.group(3), match.group(2)) if match is not None else None


def _layout(spot: Spot) -> tuple[str, str]:
    """What the docstring's lines end and begin with."""
    text = _text_of(spot)
    return spot.source.newline, spot.source.indent(text.lineno) if text is not None else ""


def _changed(spot: Spot, change: Change, why: str) -> tuple[Rewrite, ...]:
    text = _text_of(spot)
    parts = _parts(spot.source, text) if text is not None else None
    if text is None or parts is None:
        return ()
    new = change(parts[1])
    if new is None or new == parts[1]:
        return ()
    return (Rewrite((spot.source.replace(text, f"{parts[0]}{new}{parts[2]}"),), why),)


def _period(spot: Spot) -> tuple[Rewrite, ...]:
    def change(body: str) -> str | None:
        lines = body.split("\n")
        index = next((i for i, line in enumerate(lines) if line.strip()), None)
        if index is None:
            return None
        last = index
        while last + 1 < len(lines) and lines[last + 1].strip():
            last += 1
        line = lines[index].rstrip()
        if index != last or line.endswith((".", "!", "?", ":")):
            line = lines[index].rstrip()
        ending = "\r" if lines[index].endswith("\r") else ""
        lines[index] = line.rstrip(":,;") + "." + ending
        return "\n".join(lines) if not line.endswith((".", "!", "?")) else None

    return _changed(spot, change, "the first line ends with a period")


def _blanks(spot: Spot) -> tuple[Rewrite, ...]:
    def change(body: str) -> str | None:
        return body.strip(" ") if "\n" not in body else body.lstrip(" ")

    return _changed(spot, change, "no blanks stand around the docstring")


def _capital(spot: Spot) -> tuple[Rewrite, ...]:
    def change(body: str) -> str | None:
        lead = len(body) - len(body.lstrip())
        return body[:lead] + body[lead : lead + 1].upper() + body[lead + 1 :]

    return _changed(spot, change, "the first word starts with a capital")


def imperative(body: str) -> str | None:
    """`Returns it` as `Return it`; None where the first word has another form, or may be no verb."""
    match = re.match(r"(\s*)([A-Z]?[a-z]{3,}s)(?= )", body)
    if match is None or match.group(2).lower() in _NO_VERBS or match.group(2).endswith("ss"):
        return None
    word = match.group(2)
    stem = next((word[: -len(end)] + new for end, new in _ENDINGS if word.endswith(end)), word[:-1])
    return f"{match.group(1)}{stem}{body[match.end() :]}"


def _imperative(spot: Spot) -> tuple[Rewrite, ...]:
    """`Returns the name.` as `Return the name.`; other forms of a verb are left alone."""

    return _changed(spot, imperative, "the first line says what to do, as an order")


def _summary_apart(spot: Spot) -> tuple[Rewrite, ...]:
    newline = spot.source.newline

    def change(body: str) -> str | None:
        lines = body.split(newline)
        index = next((i for i, line in enumerate(lines) if line.strip()), None)
        if index is None or index + 1 >= len(lines) or not lines[index + 1].strip():
            if index is None:
                return None
            rest = index + 1
            while rest < len(lines) and not lines[rest].strip():
                rest += 1
            return newline.join([*lines[: index + 1], "", *lines[rest:]]) if rest - index > 2 else None
        if not lines[index].rstrip().endswith((".", "!", "?", ":")):
            return None
        return newline.join([*lines[: index + 1], "", *lines[index + 1 :]])

    return _changed(spot, change, "a blank line sets the summary off")


def _one_line(spot: Spot) -> tuple[Rewrite, ...]:
    def change(body: str) -> str | None:
        words = [line.strip() for line in body.split("\n") if line.strip()]
        return words[0] if len(words) == 1 else None

    return _changed(spot, change, "a docstring of one line stands on one line")


def _first_line(spot: Spot) -> tuple[Rewrite, ...]:
    def change(body: str) -> str | None:
        return body.lstrip()

    return _changed(spot, change, "the summary starts behind the quotes")


def _second_line(spot: Spot) -> tuple[Rewrite, ...]:
    newline, indent = _layout(spot)

    def change(body: str) -> str | None:
        return f"{newline}{indent}{body.lstrip()}" if "\n" in body else None

    return _changed(spot, change, "the summary starts on the second line")


def _closing_line(spot: Spot) -> tuple[Rewrite, ...]:
    newline, indent = _layout(spot)

    def change(body: str) -> str | None:
        return f"{body.rstrip()}{newline}{indent}" if "\n" in body else None

    return _changed(spot, change, "the closing quotes stand on a line of their own")


def _quotes(spot: Spot) -> tuple[Rewrite, ...]:
    """Three double quotes, `r` where there are backslashes."""
    source, text = spot.source, _text_of(spot)
    parts = _parts(source, text) if text is not None else None
    if text is None or parts is None or '"""' in parts[1] or parts[1].endswith('"'):
        return ()
    prefix = re.match(r"[rRuU]?", parts[0])
    lead = prefix.group(0) if prefix is not None else ""
    if spot.finding.code == "D301" and not lead:
        known = re.search(r"\\(?:[\\'\"abfnrtv0-7xNuU]|\r?\n)", parts[1])
        if known is not None:
            return ()
        lead = "r"
    new = f'{lead}"""{parts[1]}"""'
    return (Rewrite((source.replace(text, new),), "a docstring stands between three double quotes"),)


def _lines_around(spot: Spot) -> tuple[Rewrite, ...]:
    """No blank lines between a function's head, its docstring and its body; one behind a class's."""
    source, text = spot.source, _text_of(spot)
    if text is None:
        return ()
    code = spot.finding.code
    last = text.end_lineno or text.lineno
    if code in ("D202", "D201", "D211"):
        step = 1 if code == "D202" else -1
        at = last + 1 if code == "D202" else text.lineno - 1
        first = at
        while 0 < at <= len(source.lines) and not source.line(at).strip():
            at += step
        if at == first:
            return ()
        low, high = (first, at) if step > 0 else (at + 1, first + 1)
        return (Rewrite((Splice(source.line_start(low), source.line_start(high), b""),), "no blank line is needed"),)
    at = source.line_start(last + 1 if code == "D204" else text.lineno)
    return (Rewrite((source.insert(at, source.newline),), "a blank line sets the docstring off"),)


RULES: tuple[Rule, ...] = (
    rule("D400 D415", _period),
    rule("D210", _blanks),
    rule("D403", _capital),
    rule("D401", _imperative),
    rule("D205", _summary_apart),
    rule("D200", _one_line),
    rule("D212", _first_line),
    rule("D213", _second_line),
    rule("D209", _closing_line),
    rule("D300 D301 C0198", _quotes),
    rule("D201 D202 D203 D204 D211", _lines_around),
)
