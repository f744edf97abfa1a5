"""Links between Markdown pages: to the page, image or heading that is nearest to what is written."""

import os
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from selfheal.contract.tree import TreeView
from selfheal.fix.configuration.places import nearest
from selfheal.fix.documentation.page import Page, read
from selfheal.fix.syntax.damage import decoded

_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_DOCS = re.compile(r"^docs_dir:\s*[\"']?([\w./-]+)", re.MULTILINE)


def missing_page(tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """A link to a file that is not there."""
    written = match[1]
    wrong, _, anchor = written.partition("#")
    root = docs_folder(tree)
    folder = str(PurePosixPath(page.path).parent)
    suffix = PurePosixPath(wrong).suffix or ".md"
    files = [path for path in tree.paths() if path.startswith(root) and path.endswith(suffix) and path != page.path]
    known = [os.path.relpath(path, folder) for path in files]
    same = [path for path in known if PurePosixPath(path).name.lower() == PurePosixPath(wrong).name.lower()]
    right = same[0] if len(same) == 1 else nearest(wrong, known)
    if right is None:
        by_name = {PurePosixPath(path).name: path for path in known}
        close = nearest(PurePosixPath(wrong).name, by_name)
        right = by_name[close] if close is not None else None
    if right is not None:
        yield from _put(page, written, right + (f"#{anchor}" if anchor else ""))


def missing_anchor(tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """A link to a heading that is not there."""
    written = match[1]
    path, _, wrong = written.partition("#")
    folder = PurePosixPath(page.path).parent
    other = os.path.normpath(folder / path) if path else page.path
    text = decoded(tree.read(other))
    if text is None:
        return
    known = [_slug(found[1]) for line in read(other, text).lines if (found := _HEADING.match(line)) is not None]
    right = nearest(wrong, known)
    if right is not None:
        yield from _put(page, written, f"{path}#{right}")


def nav_entry(tree: TreeView, page: Page, match: re.Match[str]) -> Iterator[Page]:
    """An entry of the navigation that names no page."""
    root = docs_folder(tree)
    known = [path.removeprefix(root) for path in tree.paths() if path.startswith(root) and path.endswith(".md")]
    used = {name for name in known if re.search(rf":\s*[\"']?{re.escape(name)}\b", "\n".join(page.lines))}
    right = nearest(match[1], [name for name in known if name not in used]) or nearest(match[1], known)
    if right is not None:
        yield from _put(page, match[1], right)


def docs_folder(tree: TreeView) -> str:
    """The folder that MkDocs reads pages from, with a slash."""
    text = decoded(tree.read("mkdocs.yml")) or decoded(tree.read("mkdocs.yaml")) or ""
    found = _DOCS.search(text)
    return f"{(found[1] if found is not None else 'docs').strip('./')}/"


def _put(page: Page, wrong: str, right: str) -> Iterator[Page]:
    shape = re.compile(rf"(?<![\w./-]){re.escape(wrong)}(?![\w/-])")
    for line in range(1, len(page.lines) + 1):
        code = page.code(line)
        if (found := shape.search(code)) is not None and found.group() == wrong:
            yield page.with_lines(line, line, code[: found.start()] + right + code[found.end() :])
            return


def _slug(heading: str) -> str:
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain)).strip("-")
