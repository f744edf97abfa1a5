"""Pages and docstrings that sphinx warns about, where warnings fail the build."""

import ast
import re
from collections.abc import Iterator

from planting.documents import docs_command
from planting.kinds.plant import Plant, Slip
from planting.source import Source, Splice, misspelt


def _matches(source: Source, pattern: str) -> Iterator[re.Match[str]]:
    yield from re.finditer(pattern, source.text, re.M)


def _misspell(source: Source, pattern: str) -> Iterator[Splice]:
    """A slip of the fingers in the pattern's first group."""
    for found in _matches(source, pattern):
        yield Splice(found.start(1), found.end(1), misspelt(found[1]))


def short_underline(source: Source) -> Iterator[Splice]:
    """A title that has outgrown its line."""
    for found in _matches(source, r"^\S.{3,}\n([=\-~^]{4,})$"):
        yield Splice(found.end(1) - 2, found.end(1), "")


def lost_page(source: Source) -> Iterator[Splice]:
    """An entry of the table of contents that names no page."""
    if ".. toctree::" in source.text:
        yield from _misspell(source, r"^   ([a-z][\w.]{3,})$")


def broken_reference(source: Source) -> Iterator[Splice]:
    """A reference to a label that is written otherwise."""
    yield from _misspell(source, r":ref:`(?:[^<`]*<)?([\w\-]+)>?`")


def broken_document(source: Source) -> Iterator[Splice]:
    """A reference to a page that is written otherwise."""
    yield from _misspell(source, r":doc:`([\w\-]{4,})`")


def unknown_directive(source: Source) -> Iterator[Splice]:
    """A directive's name with a slip of the fingers."""
    yield from _misspell(source, r"^\.\. ([a-z][a-z\-]{3,})::")


def unknown_role(source: Source) -> Iterator[Splice]:
    """A role's name with a slip of the fingers."""
    for found in _matches(source, r":(ref|doc|func|class)(?=:`)"):
        yield Splice(found.start(1), found.end(1), found[1] + found[1][-1])


def open_literal(source: Source) -> Iterator[Splice]:
    """An inline literal with one backquote at its end."""
    for found in _matches(source, r"``[\w.]+(``)"):
        yield Splice(found.start(1), found.start(1) + 1, "")


def lost_target(source: Source) -> Iterator[Splice]:
    """A link whose address is gone by its name."""
    yield from _misspell(source, r"^\.\. _([\w ]{4,}): http")


def unknown_language(source: Source) -> Iterator[Splice]:
    """A code block in a language that is written otherwise."""
    yield from _misspell(source, r"^\.\. code-block:: (python|console)$")


def narrow_table(source: Source) -> Iterator[Splice]:
    """A table whose border has lost a part of a column."""
    for found in _matches(source, r"^(=+)  =+$"):
        yield Splice(found.start(1), found.start(1) + 3, "")


def _docstrings(source: Source) -> Iterator[tuple[int, int]]:
    for node in source.nodes:
        is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if is_public and ast.get_docstring(node):
            yield source.span(node.body[0])


def open_docstring_literal(source: Source) -> Iterator[Splice]:
    """A docstring's inline literal with one backquote at its end."""
    for start, end in _docstrings(source):
        for found in re.finditer(r"``[^`\n]+(``)", source.text[start:end]):
            yield Splice(start + found.start(1), start + found.start(1) + 1, "")


def unindented_docstring(source: Source) -> Iterator[Splice]:
    """A docstring's line too far right."""
    for start, end in _docstrings(source):
        for found in re.finditer(r"\n( +)[A-Za-z]\w+ \w[^\n]*\n(?= *\w)", source.text[start:end]):
            yield Splice(start + found.end(1), start + found.end(1), "   ")


ROWS: tuple[tuple[str, Slip, str], ...] = (
    ("short-underline", short_underline, "docs"),
    ("lost-page", lost_page, "docs"),
    ("broken-reference", broken_reference, "docs"),
    ("broken-document", broken_document, "docs"),
    ("unknown-directive", unknown_directive, "docs"),
    ("unknown-role", unknown_role, "docs"),
    ("open-literal", open_literal, "docs"),
    ("lost-target", lost_target, "docs"),
    ("unknown-language", unknown_language, "docs"),
    ("narrow-table", narrow_table, "docs"),
    ("open-docstring-literal", open_docstring_literal, "source"),
    ("unindented-docstring", unindented_docstring, "source"),
)


def plants() -> tuple[Plant, ...]:
    """One warning each; sphinx mends none."""
    return tuple(
        Plant("documentation", name, "ruff", slip, docs_command("{docs}"), "WARNING|ERROR|error", looks_at=looks_at,
              is_one=False)
        for name, slip, looks_at in ROWS
    )  # fmt: skip
