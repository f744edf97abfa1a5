"""A document that no table of contents leads to: an entry in the nearest one."""

import os
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from selfheal.contract.tree import TreeView
from selfheal.fix.documentation.page import Page, pages, root_of


def not_included(tree: TreeView, page: Page, _match: re.Match[str]) -> Iterator[Page]:
    """Add the document behind the last entry of the toctree that stands nearest in the folders."""
    root = root_of(tree, page.path)
    found = [
        (other, last)
        for other in pages(tree, ".rst")
        if other.path.startswith(root) and other.path != page.path and (last := _last_entry(other))
    ]
    own = PurePosixPath(page.path).parts
    found.sort(key=lambda item: -_shared(PurePosixPath(item[0].path).parts, own))
    for other, last in found[:3]:
        stem = str(PurePosixPath(page.path).with_suffix(""))
        name = os.path.relpath(stem, str(PurePosixPath(other.path).parent))
        if name.startswith("../"):
            name = "/" + stem.removeprefix(root)
        indent = other.indent(last) or "   "
        is_option = other.code(last).strip().startswith((":", ".."))
        new = ([""] if is_option else []) + [indent + name]
        if other.code(last).strip().startswith(".."):
            new = ["", f"{other.indent(last)}   {name}"]
        yield other.with_lines(last + 1, last, *new)


def _last_entry(page: Page) -> int:
    """The last line of the last toctree of a page; 0 where there is none."""
    starts = [n for n in range(1, len(page.lines) + 1) if page.code(n).lstrip().startswith(".. toctree::")]
    if not starts:
        return 0
    start = last = starts[-1]
    depth = len(page.indent(start))
    for line in range(start + 1, len(page.lines) + 1):
        if page.code(line).strip() and len(page.indent(line)) <= depth:
            break
        if page.code(line).strip():
            last = line
    return last


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return sum(1 for a, b in zip(one[:-1], other[:-1], strict=False) if a == b)
