"""Titles, blank lines and indentation of reStructuredText."""

import re
from collections.abc import Iterator

from selfheal.contract.tree import TreeView
from selfheal.fix.documentation.page import Page

_RULE = re.compile(r"^\s*([=\-`:.'\"~^_*+#<>!$%&(),/;?@\[\\\]{|}])\1+\s*$")
_INLINE = {
    "literal": re.compile(r"(?<!`)``(?!`)"),
    "strong": re.compile(r"\*\*"),
    "emphasis": re.compile(r"(?<!\*)\*(?!\*)"),
    "interpreted text or phrase reference": re.compile(r"(?<!`)`(?!`)"),
}
_MARKS = {"literal": "``", "strong": "**", "emphasis": "*", "interpreted text or phrase reference": "`"}


def underline(_tree: TreeView, page: Page, _match: re.Match[str]) -> Iterator[Page]:
    """Make a title's lines as long as the title."""
    for line in (page.line, page.line + 1, page.line - 1, page.line + 2):
        rule = _RULE.match(page.code(line))
        title = page.code(line - 1)
        if rule is None or not title.strip() or _RULE.match(title):
            continue
        over = _RULE.match(page.code(line - 2))
        wide = max(_width(title.rstrip()) - len(page.indent(line)), len(page.code(line).strip()))
        if over is not None and over[1] == rule[1]:
            wide = max(wide, len(page.code(line - 2).strip()))
        new = page.indent(line) + rule[1] * wide
        if over is not None and over[1] == rule[1]:
            yield page.with_lines(line - 2, line, new, title, new)
        elif page.code(line) != new:
            yield page.with_lines(line, line, new)
        return


def blank_before(_tree: TreeView, page: Page, _match: re.Match[str]) -> Iterator[Page]:
    """A block ends where an unindented line begins: a blank line parts them, or the line belongs to the block."""
    yield page.with_lines(page.line, page.line - 1, "")
    above = page.code(page.line - 1)
    bullet = re.match(r"^(\s*(?:[-*+]|\d+[.)]|\.\.)\s+)", above)
    depth = " " * len(bullet[1]) if bullet is not None else page.indent(page.line - 1)
    if depth != page.indent(page.line):
        yield page.with_lines(page.line, page.line, depth + page.code(page.line).strip())


def unexpected_indentation(_tree: TreeView, page: Page, _match: re.Match[str]) -> Iterator[Page]:
    """A deeper line goes on with the text above it, or is a block of its own behind a blank line."""
    above, line = page.line - 1, page.line
    own = page.indent(line)
    last = line
    while page.code(last + 1).strip() and len(page.indent(last + 1)) >= len(own):
        last += 1
    bullet = re.match(r"^(\s*(?:[-*+]|\d+[.)])\s+)", page.code(above))
    level = " " * len(bullet[1]) if bullet is not None else page.indent(above)
    moved = [level + text[len(own) :] for text in page.lines[line - 1 : last]]
    together = page.with_lines(line, last, *moved)
    apart = page.with_lines(line, line - 1, "")
    is_list = re.match(r"\s*([-*+]|\d+[.)])\s", page.code(line)) is not None
    is_block = page.code(above).rstrip().endswith(":") or is_list
    yield from (apart, together) if is_block else (together, apart)


def inline(_tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """An inline mark opens and never closes: close it behind its word, or let the star be a star."""
    kind = match[1].lower()
    shape, mark = _INLINE.get(kind), _MARKS.get(kind, "")
    line = page.line
    while shape is not None and line and page.code(line).strip():
        code = page.code(line)
        places = [found.start() for found in shape.finditer(code)]
        if len(places) % 2:
            yield from _closed(page, line, places, mark)
            return
        line += 1


def _closed(page: Page, line: int, places: list[int], mark: str) -> Iterator[Page]:
    code = page.code(line)
    for at in reversed(places):
        word = re.compile(r"[\w.\[\]()-]*[\w\])]").match(code, at + len(mark))
        if word is None:
            continue
        is_argument = mark in ("*", "**") and code[at - 1 : at] in ("", " ", "(", ",")
        if is_argument:
            yield page.with_lines(line, line, f"{code[:at]}``{mark}{word[0]}``{code[word.end() :]}")
        yield page.with_lines(line, line, f"{code[: word.end()]}{mark}{code[word.end() :]}")
    if code.rstrip() and mark != "*":
        stripped = code.rstrip()
        end = len(stripped) - (stripped[-1] in ".,:;")
        yield page.with_lines(line, line, f"{stripped[:end]}{mark}{stripped[end:]}")


def _width(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
