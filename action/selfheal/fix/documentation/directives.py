"""Directives and literal blocks: their options, the blank line before their content, its indentation."""

import re
from collections.abc import Iterator

from selfheal.contract.tree import TreeView
from selfheal.fix.configuration.places import nearest
from selfheal.fix.documentation.page import Page

OPTIONS = (
    "alt", "align", "figclass", "figwidth", "height", "loading", "name", "scale", "target", "width", "class",
    "caption", "emphasize-lines", "linenos", "lineno-start", "dedent", "force", "language", "lines", "pyobject",
    "start-after", "start-at", "end-before", "end-at", "diff", "encoding", "literal", "number-lines", "tab-width",
    "start-line", "end-line", "code", "parser", "header-rows", "stub-columns", "widths", "file", "url", "delim",
    "quote", "header", "keepspace", "escape", "maxdepth", "titlesonly", "hidden", "glob", "reversed",
    "includehidden", "numbered", "members", "undoc-members", "private-members", "special-members",
    "inherited-members", "show-inheritance", "exclude-members", "member-order", "noindex", "no-index", "synopsis",
    "platform", "deprecated", "ignore-module-all", "imported-members", "annotation", "no-value", "toctree",
    "template", "recursive", "nosignatures", "signatures", "depth", "local", "backlinks", "collapsible",
    "hide", "skipif", "options", "pyversion", "canonical", "type", "value", "module", "abstractmethod", "async",
    "classmethod", "staticmethod", "property", "final", "subtitle",
)  # fmt: skip
"""The options of docutils' and Sphinx's own directives."""


def option(_tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """`:headr-rows:`."""
    right = nearest(match[1], OPTIONS)
    shape = re.compile(rf"^(\s+):{re.escape(match[1])}:")
    for line in _around(page):
        if right is not None and (found := shape.match(page.code(line))) is not None:
            yield page.with_lines(line, line, f"{found[1]}:{right}:{page.code(line)[found.end() :]}")
            return


def content(_tree: TreeView, page: Page, _match: re.Match[str]) -> Iterator[Page]:
    """Content right below the directive's line is read as its argument: a blank line parts them."""
    for line in _around(page):
        if not re.match(r"^\s*\.\. [\w:-]+::", page.code(line)):
            continue
        at = line + 1
        while re.match(r"^\s+:[\w-]+:", page.code(at)):
            at += 1
        if page.code(at).strip():
            yield page.with_lines(at, at - 1, "")
            return


def lost_content(_tree: TreeView, page: Page, _match: re.Match[str]) -> Iterator[Page]:
    """A directive whose content stands at its own margin: what follows, to the next blank line, belongs to it."""
    for line in _around(page):
        if re.match(r"^\s*\.\. [\w:-]+::", page.code(line)):
            yield from _indented(page, line, page.indent(line) + "   ")
            return


def literal(_tree: TreeView, page: Page, _match: re.Match[str]) -> Iterator[Page]:
    """`::` with no deeper block behind it: the block is meant to be deeper, or one colon is meant."""
    for line in (page.line, page.line - 1, page.line - 2):
        code = page.code(line).rstrip()
        if code.endswith("::") and not code.lstrip().startswith(".."):
            yield from _indented(page, line, page.indent(line) + "    ")
            if code.strip() != "::":
                yield page.with_lines(line, line, code[:-1])
            return


def _indented(page: Page, line: int, depth: str) -> Iterator[Page]:
    first = line + 1
    while first <= len(page.lines) and not page.code(first).strip():
        first += 1
    last = first
    while page.code(last + 1).strip():
        last += 1
    if page.code(first).strip() and page.indent(first) == page.indent(line):
        own = len(page.indent(first))
        yield page.with_lines(first, last, *(depth + text[own:] for text in page.lines[first - 1 : last]))


def _around(page: Page) -> Iterator[int]:
    yield from range(page.line, min(page.line + 12, len(page.lines)) + 1)
    yield from range(page.line - 1, max(page.line - 12, 0), -1)
