"""Tables of reStructuredText whose borders and cells no longer stand in line."""

import re
from collections import Counter
from collections.abc import Iterator

from selfheal.contract.tree import TreeView
from selfheal.fix.documentation.page import Page

_BORDER = re.compile(r"^\s*=+(?: +=+)+\s*$")
_GRID_BORDER = re.compile(r"^\s*\+(?:[-=]+\+)+\s*$")
_GRID_LIKE = re.compile(r"^\s*[+|]")
_MOST_LINES = 400


def malformed(_tree: TreeView, page: Page, _match: re.Match[str]) -> Iterator[Page]:
    """The borders as most of them are; where that does not fit the text, the table laid out anew."""
    first, last = _block(page)
    if not first or last - first > _MOST_LINES:
        return
    lines = page.lines[first - 1 : last]
    if any(_GRID_BORDER.match(line) for line in lines):
        found = _grid(lines)
        if found is not None:
            yield page.with_lines(first, last, *found)
        return
    for text in (*_with_one_border(lines), _simple(lines)):
        if text is not None and tuple(text) != lines:
            yield page.with_lines(first, last, *text)


def _block(page: Page) -> tuple[int, int]:
    """The first and last line of the table at the page's line, or right above it."""
    near = (page.line, page.line - 1, page.line + 1, page.line - 2, page.line + 2)
    shapes = (_BORDER, _GRID_LIKE)
    at = next((n for n in near if any(shape.match(page.code(n)) for shape in shapes)), 0)
    if not at:
        at = next((n for n in range(page.line, max(page.line - 40, 0), -1) if _BORDER.match(page.code(n))), 0)
    if not at:
        return 0, 0
    first = last = at
    while _GRID_LIKE.match(page.code(at)) and _GRID_LIKE.match(page.code(first - 1)):
        first -= 1
    while _GRID_LIKE.match(page.code(at)) and _GRID_LIKE.match(page.code(last + 1)):
        last += 1
    if first != last:
        return first, last
    while page.code(first - 1).strip():
        first -= 1
    while page.code(last + 1).strip():
        last += 1
    borders = [n for n in range(first, last + 1) if _BORDER.match(page.code(n))]
    return (borders[0], borders[-1]) if len(borders) > 1 else (0, 0)


def _with_one_border(lines: tuple[str, ...]) -> Iterator[list[str]]:
    """The commonest border for all of them, if the text leaves its gaps blank."""
    borders = Counter(line.rstrip() for line in lines if _BORDER.match(line))
    for border, _ in borders.most_common():
        gaps = [found.span() for found in re.finditer(r"(?<==) +(?==)", border)]
        rows = [line for line in lines if not _BORDER.match(line) and not re.match(r"^\s*-[- ]*$", line)]
        if all(not row[start:end].strip() for row in rows for start, end in gaps):
            yield [border if _BORDER.match(line) else line for line in lines]


def _simple(lines: tuple[str, ...]) -> list[str] | None:
    """A simple table laid out anew, where each row is one line with a text for each column."""
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    count = max(len(line.split()) for line in lines if _BORDER.match(line))
    rows = [re.split(r" {2,}", line.strip()) for line in lines if not _BORDER.match(line)]
    if any(len(row) != count for row in rows) or any(line[:1].isspace() != bool(indent) for line in lines):
        return None
    widths = [max([len(row[n]) for row in rows] + [2]) for n in range(count)]
    new = []
    for line in lines:
        cells = ["=" * width for width in widths] if _BORDER.match(line) else re.split(r" {2,}", line.strip())
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        new.append((indent + "  ".join(padded)).rstrip())
    return new


def _grid(lines: tuple[str, ...]) -> list[str] | None:
    """A grid table laid out anew, where no cell spans another."""
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    rows: list[tuple[str, list[str]]] = []
    for line in lines:
        bare = line.strip()
        if re.fullmatch(r"[+=-]+", bare):
            rows.append(("=" if "=" in bare else "-", bare.strip("+").split("+")))
        elif bare.startswith("|"):
            rows.append(("|", re.sub(r"\|$", "", bare[1:]).split("|")))
        else:
            return None
    count = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
    if any(len(cells) != count for _, cells in rows):
        return None
    texts = [
        [cell[1:].rstrip() if cell[:1] == " " else cell.rstrip() for cell in cells] for k, cells in rows if k == "|"
    ]
    if not texts:
        return None
    told = Counter(tuple(len(cell) for cell in cells) for kind, cells in rows if kind != "|").most_common(1)[0][0]
    widths = [max([told[n]] + [len(row[n]) + 2 for row in texts]) for n in range(count)]
    new = []
    for kind, cells in rows:
        if kind == "|":
            inner = [f" {cell[1:].rstrip() if cell[:1] == ' ' else cell.rstrip()}" for cell in cells]
            new.append(
                indent + "|" + "|".join(one.ljust(width) for one, width in zip(inner, widths, strict=True)) + "|"
            )
        else:
            new.append(indent + "+" + "+".join(kind * width for width in widths) + "+")
    return new
